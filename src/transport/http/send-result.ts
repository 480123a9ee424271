import type { ServerResponse } from 'node:http';
import type { ExecutionResult } from 'graphql';
import { resultText } from '../../pipeline/execution/result-text.ts';
import { REQUEST_ID_HEADER } from '../../pipeline/operation.ts';
import type { ResultType } from './accept.ts';
import { COMMON_HEADERS } from './headers.ts';
import { responseHead } from './response-head.ts';

/** Names and values in turn, as Node writes them; what differs from answer to answer is filled in, in a copy: `concat` takes several times as long. */
const headersOf = (type: ResultType) => [
  'content-type',
  `${type}; charset=utf-8`,
  'content-length',
  '',
  REQUEST_ID_HEADER,
  '',
  ...COMMON_HEADERS,
];
const LENGTH = 3;
const REQUEST_ID = 5;
const HEADERS: Readonly<Record<ResultType, readonly string[]>> = {
  'application/json': headersOf('application/json'),
  'application/graphql-response+json': headersOf('application/graphql-response+json'),
};

/** In characters. A longer one is copied less often as a buffer. */
const LONG_TEXT = 16_384;

/** Sends one result, unless nobody is there to have it. */
export function sendResult(
  response: ServerResponse,
  result: ExecutionResult,
  type: ResultType,
  requestId: string,
): void {
  if (response.destroyed) return;
  const { status, headers } = responseHead(result, type);
  const text = resultText(result);
  const body = text.length > LONG_TEXT ? Buffer.from(text) : text;
  const bytes = Buffer.byteLength(body);
  const head = HEADERS[type].slice();
  head[LENGTH] = String(bytes);
  head[REQUEST_ID] = requestId;
  for (const name in headers) head.push(name, headers[name] ?? '');
  response.writeHead(status, head);
  if (typeof body !== 'string') return void response.end(body);
  // Node joins a short text with the head, and both leave in one write: `end(text)` adds an empty one of its own, for which Node puts a list of buffers together.
  response.cork();
  // As many bytes as characters are ASCII, which need not be encoded.
  response.write(body, bytes === body.length ? 'latin1' : 'utf8');
  response.uncork();
  response.end();
}
