import { ServiceError } from '../service-error.ts';
import { accountOf } from '../world/accounts.ts';
import type { Account, Session } from '../world/entities.ts';
import type { World } from '../world/world.ts';

export interface Identity {
  readonly account: Account;
  /** Present for credentials that the simulator's STS handed out. */
  readonly session: Session | undefined;
}

/**
 * Whose access key it is: 12 digits are that account, a key that STS handed out is the role's account, any other is the
 * world's default account. An account that nobody has heard of comes into existence, in no organization.
 *
 * @throws {ServiceError} ExpiredTokenException
 */
export function identify(world: World, accessKeyId: string, now: number): Identity {
  const session = world.sessions.get(accessKeyId);
  if (session) {
    if (session.expiresAt <= now) {
      throw new ServiceError('ExpiredTokenException', 'The security token included in the request is expired.');
    }
    return { account: accountOf(world, session.accountId), session };
  }
  const id = /^\d{12}$/.test(accessKeyId) ? accessKeyId : world.defaultAccountId;
  return { account: accountOf(world, id), session: undefined };
}
