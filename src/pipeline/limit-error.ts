import { GraphQLError } from 'graphql';

/** What a request that asks for too much is answered with: which limit it is, how large, and what to do. */
export function limitError(
  code: `${string}_LIMIT_EXCEEDED`,
  message: string,
  details: {
    readonly maximum: number;
    readonly actual?: number;
    readonly retryAfterMs?: number;
    /** The setting, where the code does not tell. */
    readonly setting?: string;
  },
) {
  const { retryAfterMs } = details;
  const http =
    retryAfterMs === undefined
      ? { status: 400 }
      : { status: 429, headers: { 'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / 1000))) } };
  return new GraphQLError(message, {
    extensions: { code, ...details, retryable: retryAfterMs !== undefined, http },
  });
}
