import type { Context } from 'graphql-ws';
import type { AuthenticateClient } from '../../pipeline/authenticate-client.ts';
import { limitKeyOf } from '../../pipeline/limit-key.ts';
import { AuthenticationError } from '../../principal/index.ts';
import { authorizationOf } from './carrier.ts';
import { CloseCode } from './close-codes.ts';
import type { Connection } from './connection.ts';

/** The longest reason that a WebSocket's close frame holds, in bytes (RFC 6455, section 5.5). */
const LONGEST_REASON = 123;

/**
 * Looks at what a connection says about its caller as soon as it says it: one that is not known is closed with `Forbidden` and the reason, and
 * the others when their token expires. Who says nothing has to do so with its first operation, within `withinMs`.
 */
export function onConnect(authenticate: AuthenticateClient, withinMs: number) {
  return async ({
    connectionParams,
    extra,
  }: Context<Record<string, unknown> | undefined, Connection>): Promise<boolean> => {
    const { headers, validity, writer, address } = extra;
    const authorization = authorizationOf(connectionParams) ?? headers['authorization'];
    try {
      const caller = await authenticate(authorization, address);
      validity.expiresAt(caller.expiresAt);
      return extra.authenticated(limitKeyOf(caller, address));
    } catch (error) {
      if (!(error instanceof AuthenticationError)) throw error;
      if (authorization !== undefined) {
        const later = error.code === 'AUTHENTICATION_UNAVAILABLE' || error.code === 'TOO_MANY_FAILED_ATTEMPTS';
        const reason = Buffer.from(error.message).subarray(0, LONGEST_REASON).toString();
        writer.close(later ? CloseCode.TryAgainLater : CloseCode.Forbidden, reason);
        return false;
      }
      validity.mustAuthenticateWithin(withinMs);
      return true;
    }
  };
}
