import { GraphQLError } from 'graphql';
import type { BufferOwner, ByteBudget } from '../../pipeline/byte-budget.ts';
import type { Params } from '../../pipeline/operation.ts';
import { callerOf, DOCUMENT_ID } from '../../pipeline/operation.ts';
import type { SecurityLog } from '../../pipeline/security-log.ts';
import type { HttpResponse, IncomingRequest } from './http-response.ts';

/**
 * Time and bytes that are read of a rejected body: closing with bytes unread resets the connection, and may lose the
 * response.
 */
const LINGER_MS = 1_000;
const LINGER_BYTES = 1_048_576;
/**
 * Maximum number of bodies that are discarded at a time. Beyond it connections are closed at once, as unread bodies
 * take memory of the operating system.
 */
const MAX_DISCARDED = 64;
let discarded = 0;

/** The declared length of a request's body, in bytes; undefined when it is sent in chunks. */
export function declaredLength({ headers }: Pick<IncomingRequest, 'headers'>): number | undefined {
  return headers['transfer-encoding'] === undefined ? Number(headers['content-length'] ?? 0) : undefined;
}

/** Whether a part of the request's body is still to arrive. */
export const isBodyIncomplete = (request: IncomingRequest): boolean =>
  !request.complete && declaredLength(request) !== 0;

/** Reads and drops the rest of a request's body, within bounds, then calls back. */
export function discardBody(request: IncomingRequest, done: () => void): void {
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

/** Age of a body from which its rate is checked, in ms. A check before that would punish a slow start. */
const GRACE_MS = 1_000;

/** Why a body is rejected, and the setting that causes it. */
interface BodyRejection {
  readonly reason: 'body_too_large' | 'body_timeout' | 'body_too_slow' | 'buffered_bytes';
  /** Undefined if the bound is fixed. */
  readonly setting: string | undefined;
}

interface Receiving {
  /** On the clock of `performance.now()`, in ms. */
  readonly since: number;
  bytes: number;
  readonly reject: (reason: 'body_timeout' | 'body_too_slow', setting: string) => void;
}

interface RequestBodiesOptions {
  readonly buffers: ByteBudget;
  readonly securityLog: SecurityLog;
  readonly limits: { readonly bodyTimeoutMs: number; readonly bodyBytesPerSecond: number };
}

interface BodyReadOptions {
  readonly owner: BufferOwner;
  /** The client's address, for the security log. */
  readonly address: string;
  readonly maxBytes: number;
  /** The setting that `maxBytes` comes from; absent if it is fixed. */
  readonly maxBytesSetting?: string;
}

/** Reads the bodies of requests: counts their bytes, and rejects those that are too large or arrive too slowly. */
export class RequestBodies implements Disposable {
  readonly #options: RequestBodiesOptions;
  readonly #receiving = new Set<Receiving>();
  readonly #checkMs: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: RequestBodiesOptions) {
    this.#options = options;
    this.#checkMs = Math.min(1_000, options.limits.bodyTimeoutMs / 4);
  }

  /**
   * Reads a request's body as UTF-8 and calls back once, with the text or with why it is rejected; never for a body
   * that breaks off. It counts as the owner's until the request is answered: with its declared length from the
   * beginning or, when it is sent in chunks, as they come.
   */
  read(
    request: IncomingRequest,
    response: HttpResponse,
    { owner, address, maxBytes, maxBytesSetting }: BodyReadOptions,
    done: (body: string | BodyRejection) => void,
  ): void {
    const { buffers, securityLog } = this.#options;
    const reservation = buffers.open(owner);
    const chunks: Buffer[] = [];
    const stop = () => {
      this.#receiving.delete(receiving);
      request.off('data', take).off('end', finish);
    };
    const reject = (reason: BodyRejection['reason'], setting: string | undefined) => {
      stop();
      chunks.length = 0;
      reservation[Symbol.dispose]();
      securityLog.report({ reason, address, caller: callerOf(owner.caller), setting });
      done({ reason, setting });
    };
    const receiving: Receiving = { since: performance.now(), bytes: 0, reject };
    /** True when the bytes are counted. */
    const count = (bytes: number): boolean => {
      const exceeded = reservation.grow(bytes);
      if (exceeded !== undefined) reject('buffered_bytes', `limits.bufferedBytes.${exceeded}`);
      return exceeded === undefined;
    };
    const length = declaredLength(request);
    /** Only a request of the Fetch standard can have more bytes than it declares. */
    const isDeclared = (bytes: number) => length !== undefined && bytes <= length;
    const take = (chunk: Buffer) => {
      receiving.bytes += chunk.length;
      if (receiving.bytes > maxBytes) reject('body_too_large', maxBytesSetting);
      else if (isDeclared(receiving.bytes) || count(chunk.length)) chunks.push(chunk);
    };
    const finish = () => {
      stop();
      const [first] = chunks;
      done((chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks)).toString());
    };
    response.once('close', () => {
      stop();
      reservation[Symbol.dispose]();
    });
    if (length !== undefined && length > maxBytes) {
      reject('body_too_large', maxBytesSetting);
      return;
    }
    if (length !== undefined && length > 0 && !count(length)) return;
    this.#receiving.add(receiving);
    this.#timer ??= setInterval(() => this.#rejectSlow(), this.#checkMs).unref();
    response.receiveBody();
    request.on('data', take).once('end', finish);
  }

  #rejectSlow(): void {
    const { bodyTimeoutMs, bodyBytesPerSecond } = this.#options.limits;
    const now = performance.now();
    for (const { since, bytes, reject } of this.#receiving) {
      const ms = now - since;
      if (ms > bodyTimeoutMs) reject('body_timeout', 'limits.bodyTimeoutMs');
      else if (ms > GRACE_MS && (bytes * 1_000) / ms < bodyBytesPerSecond)
        reject('body_too_slow', 'limits.bodyBytesPerSecond');
    }
    if (this.#receiving.size === 0) this[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

/** The time after which a client that exceeded a bound may retry, in s. */
const RETRY_AFTER_S = 1;

/** The GraphQL error for a body that is rejected. */
export function bodyError({ reason, setting = '' }: BodyRejection): GraphQLError {
  switch (reason) {
    case 'body_too_large':
      return new GraphQLError('Request body too large', {
        extensions: { http: { status: 413 }, code: 'REQUEST_ENTITY_TOO_LARGE' },
      });
    case 'body_timeout':
    case 'body_too_slow':
      return new GraphQLError(`The request's body did not arrive in time (${setting}). Send it again.`, {
        extensions: { code: 'REQUEST_TIMEOUT', retryable: true, http: { status: 408 } },
      });
    case 'buffered_bytes':
      return bufferError(setting);
  }
}

/** 429 for a bound of this client, 503 for a bound that clients share. */
export function bufferError(setting: string): GraphQLError {
  const isShared = setting.endsWith('.total') || setting.endsWith('.unauthenticated');
  return new GraphQLError(
    `The gateway buffers too many bytes (${setting}). Read the pending responses or send smaller requests, and try again.`,
    {
      extensions: {
        code: 'BUFFER_LIMIT_EXCEEDED',
        retryable: true,
        retryAfterMs: RETRY_AFTER_S * 1_000,
        http: { status: isShared ? 503 : 429, headers: { 'retry-after': String(RETRY_AFTER_S) } },
      },
    },
  );
}

/** The parameters in a body of JSON. Throws a GraphQLError for invalid JSON and for any value but an object. */
export function paramsOfJson(body: string): Params {
  const value = parseJson(body);
  if (Array.isArray(value)) throw badRequest('Batching is not supported.');
  if (typeof value === 'object' && value !== null) return value;
  throw badRequest(`POST body is expected to be object but received ${value === null ? 'null' : typeof value}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // The parser's message names the position. It is a detail, as clients may rely on the message of the GraphQL error.
    const original = error instanceof Error ? { originalError: { name: error.name, message: error.message } } : {};
    throw new GraphQLError('POST body sent invalid JSON.', {
      extensions: { http: { spec: true, status: 400 }, code: 'BAD_REQUEST', ...original },
    });
  }
}

/** The parameters in the URL of a GET. Throws a GraphQLError for invalid JSON. */
export function paramsOfUrl(url: string | undefined): Params {
  const { searchParams } = new URL(`http://localhost${url}`);
  const text = (name: string) => searchParams.get(name) || undefined;
  return {
    query: text('query'),
    operationName: text('operationName'),
    documentId: searchParams.get(DOCUMENT_ID) ?? undefined,
    variables: jsonParam('variables', text('variables')),
    extensions: jsonParam('extensions', text('extensions')),
  };
}

function jsonParam(name: string, text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest(`The parameter "${name}" of the URL is invalid JSON.`);
  }
}

const badRequest = (message: string) =>
  new GraphQLError(message, { extensions: { code: 'BAD_REQUEST', http: { status: 400 } } });
