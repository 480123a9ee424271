import type { ServerResponse } from 'node:http';
import type { ExecutionResult } from 'graphql';
import { resultText } from '../execution/text-result.ts';
import { REQUEST_ID_HEADER } from '../steps/request-id.ts';
import type { ResultType } from './accept.ts';
import { COMMON_HEADERS } from './headers.ts';
import { responseHead } from './response-head.ts';

const headersOf = (type: ResultType) => ['content-type', `${type}; charset=utf-8`, ...COMMON_HEADERS];
const HEADERS: Readonly<Record<ResultType, readonly string[]>> = {
  'application/json': headersOf('application/json'),
  'application/graphql-response+json': headersOf('application/graphql-response+json'),
};

/** In characters. */
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
  // Node joins a text with the head, which is quicker as long as it is short.
  const body = text.length > LONG_TEXT ? Buffer.from(text) : text;
  const head = HEADERS[type].concat('content-length', String(Buffer.byteLength(body)), REQUEST_ID_HEADER, requestId);
  for (const name in headers) head.push(name, headers[name] ?? '');
  response.writeHead(status, head).end(body);
}
