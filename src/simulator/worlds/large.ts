import { accountOf, createAccount } from '../world/accounts.ts';
import { DAY_MS } from '../world/durations.ts';
import { idFrom } from '../world/ids.ts';
import { joinOrganization } from '../world/membership.ts';
import type { Organization } from '../world/organization.ts';
import { createUnit } from '../world/organizations.ts';
import type { World } from '../world/world.ts';
import { organizationInUse } from './organization-in-use.ts';

const BRANCHES = 4;
const LEVELS = 5;
const ACCOUNTS_PER_UNIT = 10;
/** Below AWS's quota of 2,000, so that the seed's OUs fit too. */
const MAX_UNITS = 1_000;

/**
 * Adds accounts to the default account's organization until it has `count`, ten per OU, in up to 1,000 OUs on five
 * levels.
 * Creates the organization if needed.
 */
export function growTo(world: World, count: number): void {
  const at = world.clock.now() - 30 * DAY_MS;
  const account = accountOf(world, world.defaultAccountId);
  const organization = world.organizationOf(account) ?? organizationInUse(world, account, { at });
  organization.quotas.accounts = Math.max(organization.quotas.accounts, count + 100);
  const missing = count - organization.members.size;
  if (missing <= 0) return;
  const units = createUnits(world, organization, Math.min(MAX_UNITS, Math.ceil(missing / ACCOUNTS_PER_UNIT)), at);
  for (let index = 0; index < missing; index++) {
    const number = String(index + 1).padStart(5, '0');
    const member = createAccount(world, {
      id: `2${idFrom(`large/${index}`, 11, '0123456789')}`,
      name: `Team account ${number}`,
      email: `team-${number}@large.example.com`,
      createdAt: at,
    });
    const parentId = units[index % units.length];
    joinOrganization(world, member, organization, {
      method: 'CREATED',
      at,
      ...(parentId !== undefined && { parentId }),
    });
  }
}

/** Creates a tree in which each OU has four children, level by level. */
function createUnits(world: World, organization: Organization, count: number, at: number): readonly string[] {
  const units: { readonly id: string; readonly level: number }[] = [];
  for (let index = 0; index < count; index++) {
    const above = index < BRANCHES ? undefined : units[Math.floor((index - BRANCHES) / BRANCHES)];
    const level = (above?.level ?? 0) + 1;
    const parentId = above && level <= LEVELS ? above.id : organization.root.id;
    const unit = createUnit(world, organization, { name: `Division ${index + 1}`, parentId, at });
    units.push({ id: unit.id, level: parentId === organization.root.id ? 1 : level });
  }
  return units.map(({ id }) => id);
}
