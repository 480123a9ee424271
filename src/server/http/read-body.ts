import type { IncomingMessage } from 'node:http';

/** A body that has more bytes than it may. */
export class BodyTooLarge extends Error {}

/**
 * Reads a request's body as UTF-8, and calls back once: with the text, with `BodyTooLarge`, or with what broke it off. Of a body that is too large, the rest is
 * read and dropped, so that its sender hears of the refusal.
 */
export function readBody(
  request: IncomingMessage,
  maximum: number,
  done: (error: Error | undefined, body: string) => void,
): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let over = false;
  const end = (error: Error | undefined, body: string) => {
    if (over) return;
    over = true;
    done(error, body);
  };
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > maximum) {
      chunks.length = 0;
      return end(new BodyTooLarge(`more than ${maximum} bytes`), '');
    }
    chunks.push(chunk);
  });
  request.once('end', () => {
    const [first] = chunks;
    end(undefined, (chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks)).toString());
  });
  request.once('error', (error) => end(error, ''));
}
