import { createAccount, getOrCreateAccount } from '../world/accounts.ts';
import { DAY_MS } from '../world/durations.ts';
import { deriveId } from '../world/ids.ts';
import { joinOrganization } from '../world/membership.ts';
import type { Organization } from '../world/organization.ts';
import { createUnit } from '../world/organizations.ts';
import type { World } from '../world/world.ts';
import { createOrganizationWithScps } from './organization-with-scps.ts';

const BRANCHES = 4;
const LEVELS = 5;
const ACCOUNTS_PER_UNIT = 10;
/** Below AWS's quota of 2,000, so that the seed's OUs fit too. */
const MAX_UNITS = 1_000;

/**
 * Adds accounts to the default account's organization until it has `count`, ten per OU, in up to 1,000 OUs on five
 * levels. Creates the organization if needed.
 */
export function fillOrganization(world: World, count: number): void {
  const time = world.clock.now() - 30 * DAY_MS;
  const account = getOrCreateAccount(world, world.defaultAccountId);
  const organization = world.organizationOf(account) ?? createOrganizationWithScps(world, account, { time });
  organization.quotas.accounts = Math.max(organization.quotas.accounts, count + 100);
  const missingCount = count - organization.members.size;
  if (missingCount <= 0) return;
  const units = createUnits(
    world,
    organization,
    Math.min(MAX_UNITS, Math.ceil(missingCount / ACCOUNTS_PER_UNIT)),
    time,
  );
  for (let index = 0; index < missingCount; index++) {
    const number = String(index + 1).padStart(5, '0');
    const member = createAccount(world, {
      id: `2${deriveId(`large/${index}`, 11, '0123456789')}`,
      name: `Team account ${number}`,
      email: `team-${number}@large.example.com`,
      createdAt: time,
    });
    const parentId = units[index % units.length];
    joinOrganization(world, member, organization, {
      method: 'CREATED',
      time,
      ...(parentId !== undefined && { parentId }),
    });
  }
}

/** Creates a tree in which each OU has four children, level by level. */
function createUnits(world: World, organization: Organization, count: number, time: number): readonly string[] {
  const units: { readonly id: string; readonly level: number }[] = [];
  for (let index = 0; index < count; index++) {
    const above = index < BRANCHES ? undefined : units[Math.floor((index - BRANCHES) / BRANCHES)];
    const level = (above?.level ?? 0) + 1;
    const parentId = above && level <= LEVELS ? above.id : organization.root.id;
    const unit = createUnit(world, organization, { name: `Division ${index + 1}`, parentId, time });
    units.push({ id: unit.id, level: parentId === organization.root.id ? 1 : level });
  }
  return units.map(({ id }) => id);
}
