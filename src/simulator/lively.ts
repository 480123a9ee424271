import { handlers } from './operations/index.ts';
import type { Pager } from './paging/pager.ts';
import { ServiceError } from './service-error.ts';
import { createRandom } from './weather/random.ts';
import { createAccount } from './world/accounts.ts';
import type { Account, Handshake } from './world/entities.ts';
import { isPending } from './world/handshakes.ts';
import { createOrganization } from './world/organizations.ts';
import type { World } from './world/world.ts';
import { CUSTOMER, PARTNER, STANDALONE } from './worlds/demo.ts';

export interface Liveliness {
  /** An invited party answers after a time between these, in ms. */
  readonly delayMs?: { readonly min: number; readonly max: number };
  /** The share that accepts; the others decline. */
  readonly acceptance?: number;
  /** Accounts that answer for themselves; the demo's three when absent. */
  readonly except?: readonly string[];
}

/**
 * Lets invited parties answer by themselves after a while, as accounts of their own would, by the same operations. Who
 * is not known yet comes into being for it. Returns what ends it.
 */
export function enliven(world: World, pager: Pager, options: Liveliness = {}): () => void {
  const {
    delayMs = { min: 5_000, max: 30_000 },
    acceptance = 0.75,
    except = [PARTNER, STANDALONE, CUSTOMER],
  } = options;
  const random = createRandom(7);
  let over = false;
  const expect = (handshake: Handshake) => {
    if (!isPending(handshake) || !handshake.recipient) return;
    const delay = delayMs.min + (delayMs.max - delayMs.min) * random();
    const accepts = random() < acceptance;
    world.agenda.add(world.clock.now() + delay, (at) => {
      if (!over && isPending(handshake)) answer(world, pager, handshake, accepts, except, at);
    });
  };
  const stop = world.onHandshake(expect);
  return () => {
    over = true;
    stop();
  };
}

function answer(
  world: World,
  pager: Pager,
  handshake: Handshake,
  accepts: boolean,
  except: readonly string[],
  at: number,
): void {
  const account = world.recipientOf(handshake) ?? comeIntoBeing(world, handshake, at);
  if (except.includes(account.id)) return;
  if (accepts && handshake.action === 'TRANSFER_RESPONSIBILITY' && !account.membership) {
    createOrganization(world, account, { featureSet: 'ALL', at });
  }
  const call = { world, pager, account, now: at, partition: 'aws' } as const;
  const input = { HandshakeId: handshake.id };
  try {
    if (accepts) handlers.AcceptHandshake(input, { ...call, operation: 'AcceptHandshake' });
    else handlers.DeclineHandshake(input, { ...call, operation: 'DeclineHandshake' });
  } catch (error) {
    // What cannot be accepted, for a quota perhaps, stays open until it expires.
    if (!(error instanceof ServiceError)) throw error;
  }
}

function comeIntoBeing(world: World, { recipient }: Handshake, at: number): Account {
  const byId = recipient?.type === 'ACCOUNT';
  const id = byId ? recipient.id : world.ids.account();
  const email = byId || !recipient ? `account-${id}@example.com` : recipient.id;
  return createAccount(world, { id, name: email.split('@')[0] ?? id, email, createdAt: at });
}
