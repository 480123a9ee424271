import type { GraphQLRequest } from '../rows.ts';

/** Returns an HTTP request as bytes. */
export function requestBytes(port: number, request: GraphQLRequest, authorization?: string): Buffer {
  const body = JSON.stringify(request);
  const head = [
    'POST /graphql HTTP/1.1',
    `host: 127.0.0.1:${port}`,
    'accept: application/json',
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    ...(authorization === undefined ? [] : [`authorization: ${authorization}`]),
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
}
