import { ServiceError } from '../service-error.ts';
import { getOrCreateAccount } from '../world/accounts.ts';
import type { Account, Session } from '../world/entities.ts';
import type { World } from '../world/world.ts';

export interface Identity {
  readonly account: Account;
  /** Set for credentials that the simulator's STS issued. */
  readonly session: Session | undefined;
}

/**
 * Maps an access key id to an account: 12 digits are an account id, a key issued by STS is its role's account, any
 * other key is the world's default account. Creates a standalone account if the id is new.
 *
 * @throws {ServiceError} ExpiredTokenException
 */
export function identifyCaller(world: World, accessKeyId: string, now: number): Identity {
  const session = world.sessions.get(accessKeyId);
  if (session) {
    if (session.expiresAt <= now) {
      throw new ServiceError('ExpiredTokenException', 'The security token included in the request is expired.');
    }
    return { account: getOrCreateAccount(world, session.accountId), session };
  }
  const id = /^\d{12}$/.test(accessKeyId) ? accessKeyId : world.defaultAccountId;
  return { account: getOrCreateAccount(world, id), session: undefined };
}
