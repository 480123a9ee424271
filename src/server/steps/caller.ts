import { GraphQLError } from 'graphql';
import { type Authenticate, AuthenticationError } from '../../principal/index.ts';
import type { Operation } from '../operation.ts';
import type { Step } from './step.ts';

/** Finds out who calls, before anything else is done for it. */
export function identifyCaller(authenticate: Authenticate): Step {
  return {
    admit(operation) {
      const { caller: known } = operation.carrier;
      if (known instanceof AuthenticationError) return refuse(known);
      if (known !== undefined) return identified(operation, known);
      try {
        const caller = authenticate(operation.carrier.header('authorization'));
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
  operation.carrier.socket?.authenticated();
}

/** RFC 6750, section 3: a refusal says what it would take. */
const responses = {
  UNAUTHENTICATED: { status: 401, headers: { 'www-authenticate': 'Bearer realm="orgql"' } },
  FORBIDDEN: { status: 403 },
  AUTHENTICATION_UNAVAILABLE: { status: 503, headers: { 'retry-after': '5' } },
};

function refuse(error: unknown): never {
  if (!(error instanceof AuthenticationError)) throw error;
  const { code, message } = error;
  const retryable = code === 'AUTHENTICATION_UNAVAILABLE';
  throw new GraphQLError(message, { extensions: { code, retryable, http: responses[code] } });
}
