import type { IncomingMessage } from 'node:http';

/** How long, in ms, and how much, in bytes, is read of a body that has no reader: a connection that is closed with bytes unread is reset, and its client may never see the answer. */
const LINGER_MS = 1_000;
const LINGER_BYTES = 1_048_576;
/** So many bodies are discarded at a time. Beyond, connections are closed at once: what clients send takes the kernel's memory, which a container's limit counts. */
const MAX_DISCARDED = 64;
let discarded = 0;

/** The declared length of a request's body, in bytes; undefined when it is sent in chunks, and its length shows at its end. */
export function declaredLength({ headers }: IncomingMessage): number | undefined {
  return headers['transfer-encoding'] === undefined ? Number(headers['content-length'] ?? 0) : undefined;
}

/** Whether there is more of a request's body to come. */
export const isBodyIncomplete = (request: IncomingMessage): boolean =>
  !request.complete && declaredLength(request) !== 0;

/** Reads and drops the rest of a request's body, within bounds, then calls back. */
export function discardBody(request: IncomingMessage, done: () => void): void {
  if (discarded >= MAX_DISCARDED) {
    done();
    return;
  }
  discarded += 1;
  let bytes = 0;
  const finish = () => {
    discarded -= 1;
    clearTimeout(timer);
    request.off('data', count).off('close', finish).off('end', finish);
    done();
  };
  const count = (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > LINGER_BYTES) finish();
  };
  const timer = setTimeout(finish, LINGER_MS).unref();
  request.on('data', count).once('end', finish).once('close', finish);
}
