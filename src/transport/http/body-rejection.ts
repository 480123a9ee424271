import { GraphQLError } from 'graphql';
import type { ExceededBound } from '../../pipeline/byte-budget.ts';
import type { BodyRejection } from './request-bodies.ts';

/** A client that is over a bound may try again after this long, in s. */
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
      return tooMuchBuffered(setting);
  }
}

/** The setting of a bound of the byte budget. */
export const bufferSetting = (bound: ExceededBound): string => `limits.bufferedBytes.${bound}`;

/** 429 for a bound of the client's own, 503 for one that it shares with others. */
export function tooMuchBuffered(setting: string): GraphQLError {
  const isShared = setting === bufferSetting('total') || setting === bufferSetting('unauthenticated');
  return new GraphQLError(
    `The gateway buffers too much at the moment (${setting}). Read the answers that are waiting, or send less at a time, and try again.`,
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
