import { createGraphQLError } from 'graphql-yoga';
import { type Authenticate, AuthenticationError } from '../../principal/index.ts';
import type { ServerPlugin } from './plugin.ts';

/** Finds out who calls, before anything else is done for it: the same for every transport, as each operation comes as a request. */
export function useCaller(authenticate: Authenticate): ServerPlugin {
  return {
    async onParams({ request, context }) {
      try {
        context.caller = await authenticate(request.headers.get('authorization') ?? undefined);
      } catch (error) {
        throw error instanceof AuthenticationError ? refusal(error) : error;
      }
      context.socket?.authenticated();
    },
  };
}

/** RFC 6750, section 3: a refusal says what it would take. */
const responses = {
  UNAUTHENTICATED: { status: 401, headers: { 'www-authenticate': 'Bearer realm="orgql"' } },
  FORBIDDEN: { status: 403 },
  AUTHENTICATION_UNAVAILABLE: { status: 503, headers: { 'retry-after': '5' } },
};

function refusal({ code, message }: AuthenticationError) {
  const retryable = code === 'AUTHENTICATION_UNAVAILABLE';
  return createGraphQLError(message, { extensions: { code, retryable, http: responses[code] } });
}
