import { recordCost } from './cost.ts';
import { SignInError } from './sign-in/credential.ts';
import { fetchAsCaller } from './sign-in/fetch-as-caller.ts';
import { isMutation, operationNameOf, type TypedDocument } from './typed-document.ts';

interface GraphQLErrorResult {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** Why an operation, or a part of it, has no result. */
export class RequestError extends Error {
  /** One of the gateway's (docs/errors.md), or `NETWORK_ERROR`. */
  readonly code: string;
  /** Why AWS throws the exception. */
  readonly reason: string | undefined;
  readonly retryable: boolean;
  /** The operation of AWS that failed. */
  readonly operation: string | undefined;
  /** AWS's id of the request, for AWS Support. */
  readonly requestId: string | undefined;
  readonly path: readonly (string | number)[];

  constructor({ message, path = [], extensions = {} }: GraphQLErrorResult) {
    super(message);
    const { code, reason, retryable, operation, requestId } = extensions;
    this.code = typeof code === 'string' ? code : 'HTTP_ERROR';
    this.reason = typeof reason === 'string' ? reason : undefined;
    this.retryable = retryable === true;
    this.operation = typeof operation === 'string' ? operation : undefined;
    this.requestId = typeof requestId === 'string' ? requestId : undefined;
    this.path = path;
  }
}

export interface Result<Data> {
  /** Null if the operation failed as a whole. */
  readonly data: Data | null;
  readonly errors: readonly RequestError[];
  /** The age of the oldest data in it, in ms. */
  readonly ageMs: number;
}

export interface RequestOptions {
  /** Accepts data of this age, in seconds, instead of a call to AWS. */
  readonly maxAge?: number | undefined;
  readonly principal?: string | undefined;
  /** The reader has not asked for it: its calls count, but it is none of the last actions. */
  readonly isBackground?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The characters of a result that are parsed and shown in one task. */
const MAX_AT_ONCE = 200_000;

/** Sends a query or a mutation, and counts its cost. A query waits while the caller is signed out. Never rejects. */
export async function execute<Data, Variables>(
  document: TypedDocument<Data, Variables>,
  variables: Variables,
  { maxAge, principal, isBackground = false, signal }: RequestOptions = {},
): Promise<Result<Data>> {
  const query = String(document);
  try {
    const headers = {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json',
      ...(principal !== undefined && { 'x-orgql-principal': principal }),
    };
    const body = { query, variables, ...(maxAge !== undefined && { extensions: { orgql: { maxAge } } }) };
    const response = await fetchAsCaller(JSON.stringify(body), headers, { canWait: !isMutation(query), signal });
    const text = await response.text();
    const isLarge = text.length > MAX_AT_ONCE;
    const { data = null, errors = [], extensions } = JSON.parse(text);
    // What the page does with it is a task of its own.
    if (isLarge) await new Promise((resolve) => setTimeout(resolve));
    recordCost(operationNameOf(query), extensions, isBackground);
    return {
      data,
      errors: errors.map((each: GraphQLErrorResult) => new RequestError(each)),
      ageMs: extensions?.upstream?.ageMs ?? 0,
    };
  } catch (error) {
    if (error instanceof SignInError) return failed(error.message, error.code, error.code !== 'UNAUTHENTICATED');
    const message = `The gateway cannot be reached: ${error instanceof Error ? error.message : error}.`;
    return failed(message, 'NETWORK_ERROR', true);
  }
}

const failed = (message: string, code: string, retryable: boolean): Result<never> => ({
  data: null,
  errors: [new RequestError({ message, extensions: { code, retryable } })],
  ageMs: 0,
});
