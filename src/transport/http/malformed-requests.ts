import { type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ServerParts } from '../parts.ts';

/** Node's own answers; see https://nodejs.org/docs/latest-v20.x/api/http.html#event-clienterror */
const STATUSES: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** The responses of a connection that requests are answered on. */
interface Responses {
  latest: ServerResponse;
  /** Whether another was not sent when this one's request came (pipelining). */
  pipelined: boolean;
}

/** Reports requests that are not HTTP, or whose headers or body do not come in time, and answers them as Node does without a listener. */
export function reportMalformedRequests(
  http: Server,
  { securityLog, addresses }: Pick<ServerParts, 'securityLog' | 'addresses'>,
): void {
  const responses = new WeakMap<Duplex, Responses>();
  http.prependListener('request', ({ socket }, response) => {
    const known = responses.get(socket);
    if (known === undefined) responses.set(socket, { latest: response, pipelined: false });
    else {
      known.pipelined = !known.latest.writableFinished;
      known.latest = response;
    }
  });
  http.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const { code = '' } = error;
    const isTimeout = code === 'ERR_HTTP_REQUEST_TIMEOUT';
    if (isTimeout || code.startsWith('HPE_')) {
      const remote = socket instanceof Socket ? socket.remoteAddress : undefined;
      const reason = isTimeout ? 'headers_timeout' : 'request_malformed';
      securityLog.report({ reason, address: addresses.of(remote, undefined) });
    }
    // An answer in the midst of another would corrupt that.
    if (socket.writable && isBetweenResponses(responses.get(socket))) {
      const status = STATUSES[code] ?? 400;
      socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\n\r\n`);
    }
    socket.destroy(error);
  });
}

function isBetweenResponses(responses: Responses | undefined): boolean {
  if (responses === undefined) return true;
  const { latest, pipelined } = responses;
  return latest.writableFinished || (!pipelined && !latest.headersSent);
}
