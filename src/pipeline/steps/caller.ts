import { GraphQLError } from 'graphql';
import { AuthenticationError } from '../../principal/index.ts';
import type { AuthenticateClient } from '../authenticate-client.ts';
import type { Operation } from '../operation.ts';
import type { Step } from './step.ts';

/** Finds out who calls, before anything else is done for it. */
export function identifyCaller(authenticate: AuthenticateClient): Step {
  return {
    admit(operation) {
      const { carrier } = operation;
      const { caller: known } = carrier;
      if (known instanceof AuthenticationError) return refuse(known);
      if (known !== undefined) return identified(operation, known);
      try {
        const caller = authenticate(carrier.header('authorization'), carrier.address);
        if (caller instanceof Promise) return caller.then((known) => identified(operation, known), refuse);
        return identified(operation, caller);
      } catch (error) {
        return refuse(error);
      }
    },
  };
}

function identified(operation: Operation, caller: Operation['caller']): void {
  operation.caller = caller;
  operation.carrier.socket?.authenticated(operation.limitKey);
}

/** RFC 6750, section 3: a refusal says what it would take. */
const responses = {
  UNAUTHENTICATED: { status: 401, headers: { 'www-authenticate': 'Bearer realm="orgql"' } },
  FORBIDDEN: { status: 403 },
  AUTHENTICATION_UNAVAILABLE: { status: 503, headers: { 'retry-after': '5' } },
  TOO_MANY_FAILED_ATTEMPTS: { status: 429 },
};

function refuse(error: unknown): never {
  if (!(error instanceof AuthenticationError)) throw error;
  const { code, message, retryAfterMs } = error;
  if (retryAfterMs !== undefined) {
    const http = { ...responses[code], headers: { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) } };
    throw new GraphQLError(message, {
      extensions: { code, retryable: true, retryAfterMs: Math.ceil(retryAfterMs), http },
    });
  }
  const retryable = code === 'AUTHENTICATION_UNAVAILABLE';
  throw new GraphQLError(message, { extensions: { code, retryable, http: responses[code] } });
}
