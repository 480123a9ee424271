import { type ExecutionResult, GraphQLError } from 'graphql';
import type { ResultType } from './accept.ts';

export interface ResponseHead {
  readonly status: number;
  /** What the errors ask for beside the usual headers. */
  readonly headers: Readonly<Record<string, string>>;
}

const OK: ResponseHead = { status: 200, headers: {} };

/** What an error's `extensions.http` may say: for the server, and never sent as such. */
interface HttpExtension {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A request error of the GraphQL over HTTP specification. */
  readonly spec?: boolean;
}

/**
 * Status and headers of one result, as Yoga gives them: the highest that an error asks for. A client that accepts `application/json` alone gets 200 with
 * request errors, for that is what such clients know (GraphQL over HTTP, section 6.4.1).
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

/** An error that wraps what is no GraphQL error (the parser of JSON) is none that the specification has a lenient status for. */
function isRequestError({ extensions }: GraphQLError): boolean {
  const original = extensions?.['originalError'];
  return !original || original instanceof GraphQLError;
}

/** Whether it was a GraphQL error from the beginning. */
function isOwn(error: unknown): boolean {
  if (!(error instanceof GraphQLError)) return false;
  return error.originalError == null || isOwn(error.originalError);
}
