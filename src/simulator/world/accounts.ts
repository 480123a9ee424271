import type { Account, Prerequisite, Tags } from './entities.ts';
import type { World } from './world.ts';

export interface NewAccount {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly createdAt: number;
  readonly state?: Account['state'];
  readonly stateSince?: number;
  readonly missingPrerequisites?: readonly Prerequisite[];
  readonly sellerOfRecord?: string;
  readonly govCloudAccountId?: string;
  readonly tags?: Tags;
  readonly membershipChangedAt?: number;
}

export function createAccount(world: World, account: NewAccount): Account {
  return world.addAccount({
    state: 'ACTIVE',
    stateSince: account.createdAt,
    sellerOfRecord: 'AWS',
    ...account,
    missingPrerequisites: new Set(account.missingPrerequisites),
    tags: account.tags ?? new Map(),
  });
}

/** Returns the account, or creates a standalone account if the id is new. */
export function getOrCreateAccount(world: World, id: string): Account {
  return (
    world.accounts.get(id) ??
    createAccount(world, {
      id,
      name: `Account ${id}`,
      email: `account-${id}@example.com`,
      createdAt: world.clock.now(),
    })
  );
}
