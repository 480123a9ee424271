import type { OutgoingHttpHeaders } from 'node:http';
import { type ExecutionResult, GraphQLError } from 'graphql';
import { resultText } from '../../pipeline/execution/results.ts';
import { memberOf, REQUEST_ID_HEADER } from '../../pipeline/operation.ts';
import type { HttpResponse } from './http-response.ts';
import type { ResultType } from './request.ts';

/**
 * Prevents a browser that shows a response as a page from loading or running anything of it. GraphiQL has another
 * policy.
 */
const NO_CONTENT_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Against framing of GraphiQL (clickjacking) and guessing of media types. */
export const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
} as const;

/** The headers of responses that need no others. */
export const DEFAULT_HEADERS = {
  'content-security-policy': NO_CONTENT_POLICY,
  'cache-control': 'no-store',
} as const;

/** All of them as an array of names and values, which Node writes without a conversion. */
export const COMMON_HEADERS: readonly string[] = Object.entries({ ...SECURITY_HEADERS, ...DEFAULT_HEADERS }).flat();

interface ResponseHead {
  readonly status: number;
  /** Additional headers that the errors request. */
  readonly headers: Readonly<Record<string, string>>;
}

const OK: ResponseHead = { status: 200, headers: {} };

/** The content of an error's `extensions.http`, which only the server reads. */
interface HttpExtension {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A request error of the GraphQL over HTTP specification. */
  readonly spec?: boolean;
}

/**
 * Status and headers of one result, as Yoga gives them: the highest that an error asks for. A client that accepts
 * `application/json` alone gets 200 with request errors, for that is what such clients know (GraphQL over HTTP, section
 * 6.4.1).
 */
export function responseHead(result: ExecutionResult, type: ResultType): ResponseHead {
  const { errors } = result;
  if (errors === undefined || errors.length === 0) return OK;
  const headers: Record<string, string> = {};
  const lenient = type === 'application/json' && errors.some((error) => isRequestError(error));
  let status: number | undefined;
  let unexpected = false;
  for (const error of errors) {
    const http = error.extensions?.['http'] as HttpExtension | undefined;
    if (http === undefined) {
      if (!isOwn(error) || error.extensions?.['unexpected']) unexpected = true;
      continue;
    }
    Object.assign(headers, http.headers);
    if (lenient && http.spec) continue;
    if (http.status !== undefined && (status === undefined || http.status > status)) status = http.status;
  }
  return { status: status ?? (unexpected && !('data' in result) ? 500 : 200), headers };
}

/** The specification has no lenient status for an error that wraps another one, such as that of the JSON parser. */
function isRequestError({ extensions }: GraphQLError): boolean {
  const original = extensions?.['originalError'];
  return !original || original instanceof GraphQLError;
}

/** Whether it was created as a GraphQL error. */
function isOwn(error: unknown): boolean {
  if (!(error instanceof GraphQLError)) return false;
  return error.originalError == null || isOwn(error.originalError);
}

/** An array of names and values, as Node writes them. Copying into it takes a fraction of the time of `concat`. */
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

/** In characters. A longer text is sent as a buffer, which Node copies less often. */
const LONG_TEXT = 16_384;

/** Sends one result, unless the client has disconnected. */
export function sendResult(response: HttpResponse, result: ExecutionResult, type: ResultType, requestId: string): void {
  if (response.destroyed) return;
  const { status, headers } = responseHead(result, type);
  const text = resultText(result);
  const body = text.length > LONG_TEXT ? Buffer.from(text) : text;
  const bytes = Buffer.byteLength(body);
  const head = HEADERS[type].slice();
  head[LENGTH] = String(bytes);
  head[REQUEST_ID] = requestId;
  const age = ageOf(result);
  if (age !== undefined) head.push('age', age);
  for (const name in headers) head.push(name, headers[name] ?? '');
  response.writeHead(status, head);
  if (typeof body !== 'string') return void response.end(body);
  // Node sends a short text and the head in one write; `end(text)` would add an empty one, and take a list of buffers.
  response.cork();
  // As many bytes as characters are ASCII, which need not be encoded.
  response.write(body, bytes === body.length ? 'latin1' : 'utf8');
  response.uncork();
  response.end();
}

/**
 * The value of the header `Age`, in seconds; undefined if all data is new.
 * https://www.rfc-editor.org/rfc/rfc9111#section-5.1
 */
export function ageOf({ extensions }: ExecutionResult): string | undefined {
  const ageMs = memberOf(extensions?.['upstream'], 'ageMs');
  return typeof ageMs === 'number' && ageMs > 0 ? String(Math.floor(ageMs / 1_000)) : undefined;
}

const TEXT_HEADERS = { 'content-type': 'text/plain; charset=utf-8', ...SECURITY_HEADERS, ...DEFAULT_HEADERS } as const;

/** Sends one line of text, with the headers of every response. */
export function sendText(response: HttpResponse, status: number, line: string, more?: OutgoingHttpHeaders): void {
  const body = `${line}\n`;
  response.writeHead(status, { ...TEXT_HEADERS, 'content-length': Buffer.byteLength(body), ...more }).end(body);
}
