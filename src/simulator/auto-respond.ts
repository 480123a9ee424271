import { createRandom } from './faults/faults.ts';
import { handlers } from './operations/index.ts';
import type { Pager } from './paging/pager.ts';
import { ServiceError } from './service-error.ts';
import { createAccount } from './world/accounts.ts';
import type { Account, Handshake } from './world/entities.ts';
import { isPending } from './world/handshakes.ts';
import { createOrganization } from './world/organizations.ts';
import type { World } from './world/world.ts';
import { CUSTOMER, PARTNER, STANDALONE } from './worlds/demo.ts';

export interface AutoRespondOptions {
  /** Delay before the invited party responds, in ms. Default: 5,000 to 30,000. */
  readonly delayMs?: { readonly min: number; readonly max: number };
  /** Share of invitations that are accepted, 0 to 1; the others are declined. Default: 0.75. */
  readonly acceptance?: number;
  /**
   * Ids of accounts that never respond automatically. Default: the demo world's partner, customer and standalone
   * account.
   */
  readonly except?: readonly string[];
}

/**
 * Responds to invitations as the invited party, with AWS's own operations, after a delay. Creates an account for an
 * invited e-mail address or account id that the world does not have.
 *
 * @returns a function that stops responding
 */
export function autoRespond(world: World, pager: Pager, options: AutoRespondOptions = {}): () => void {
  const {
    delayMs = { min: 5_000, max: 30_000 },
    acceptance = 0.75,
    except = [PARTNER, STANDALONE, CUSTOMER],
  } = options;
  const random = createRandom(7);
  let stopped = false;
  const scheduleResponse = (handshake: Handshake) => {
    if (!isPending(handshake) || !handshake.recipient) return;
    const delay = delayMs.min + (delayMs.max - delayMs.min) * random();
    const accepts = random() < acceptance;
    world.scheduler.add(world.clock.now() + delay, (time) => {
      if (!stopped && isPending(handshake)) respond(world, pager, handshake, accepts, except, time);
    });
  };
  const stop = world.onHandshake(scheduleResponse);
  return () => {
    stopped = true;
    stop();
  };
}

function respond(
  world: World,
  pager: Pager,
  handshake: Handshake,
  accepts: boolean,
  except: readonly string[],
  time: number,
): void {
  const account = world.recipientOf(handshake) ?? createRecipient(world, handshake, time);
  if (except.includes(account.id)) return;
  if (accepts && handshake.action === 'TRANSFER_RESPONSIBILITY' && !account.membership) {
    createOrganization(world, account, { featureSet: 'ALL', time });
  }
  const call = { world, pager, account, now: time, partition: 'aws' } as const;
  const input = { HandshakeId: handshake.id };
  try {
    if (accepts) handlers.AcceptHandshake(input, { ...call, operation: 'AcceptHandshake' });
    else handlers.DeclineHandshake(input, { ...call, operation: 'DeclineHandshake' });
  } catch (error) {
    // A quota, for example, can prevent the acceptance. The handshake then stays open until it expires.
    if (!(error instanceof ServiceError)) throw error;
  }
}

function createRecipient(world: World, { recipient }: Handshake, time: number): Account {
  const byId = recipient?.type === 'ACCOUNT';
  const id = byId ? recipient.id : world.ids.account();
  const email = byId || !recipient ? `account-${id}@example.com` : recipient.id;
  return createAccount(world, { id, name: email.split('@')[0] ?? id, email, createdAt: time });
}
