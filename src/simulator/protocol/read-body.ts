import type { IncomingMessage } from 'node:http';
import { ServiceError } from '../service-error.ts';

/** Far above the size of any request to AWS Organizations. */
const MAX_BYTES = 1_048_576;

/** @throws {ServiceError} RequestEntityTooLargeException */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BYTES) {
      throw new ServiceError('RequestEntityTooLargeException', `The request is larger than ${MAX_BYTES} bytes.`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
