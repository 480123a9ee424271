import { createAccount } from '../world/accounts.ts';
import { DAY_MS } from '../world/durations.ts';
import type { Account, Tags } from '../world/entities.ts';
import { deriveId } from '../world/ids.ts';
import { joinOrganization } from '../world/membership.ts';
import type { Organization } from '../world/organization.ts';
import { createUnit } from '../world/organizations.ts';
import type { World } from '../world/world.ts';

/** Builds seeded worlds. Times are given in days before the start. */
export class WorldBuilder {
  readonly world: World;
  readonly start: number;

  constructor(world: World) {
    this.world = world;
    this.start = world.clock.now();
  }

  daysAgo = (days: number): number => Math.round(this.start - days * DAY_MS);

  /** Creates an account. By default its id and e-mail address derive from its name. */
  account(
    name: string,
    options: {
      readonly id?: string;
      readonly email?: string;
      readonly ageDays?: number;
      readonly govCloudAccountId?: string;
    } = {},
  ): Account {
    const slug = name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
    return createAccount(this.world, {
      id: options.id ?? `1${deriveId(`account/${name}`, 11, '0123456789')}`,
      name,
      email: options.email ?? `aws+${slug}@northwind.example.com`,
      createdAt: this.daysAgo(options.ageDays ?? 400),
      ...(options.govCloudAccountId !== undefined && { govCloudAccountId: options.govCloudAccountId }),
    });
  }

  /** Adds a member below the OU at a path. Creates missing OUs. */
  member(
    organization: Organization,
    account: Account,
    options: {
      readonly path?: string;
      readonly joinedDaysAgo: number;
      readonly invited?: boolean;
      readonly tags?: Tags;
    },
  ): void {
    joinOrganization(this.world, account, organization, {
      method: options.invited ? 'INVITED' : 'CREATED',
      time: this.daysAgo(options.joinedDaysAgo),
      parentId: this.unit(organization, options.path ?? ''),
      ...(options.tags && { tags: options.tags }),
    });
  }

  /** Returns the id of the OU at a path; '' is the root. */
  unit(organization: Organization, path: string): string {
    if (path === '') return organization.root.id;
    const separator = path.lastIndexOf('/');
    const parentId = this.unit(organization, path.slice(0, Math.max(separator, 0)));
    const name = path.slice(separator + 1);
    const existing = organization
      .childrenOf(parentId)
      .units.values()
      .find((unit) => unit.name === name);
    if (existing) return existing.id;
    const id = `ou-${organization.root.id.slice(2)}-${deriveId(`ou/${organization.id}/${path}`, 8)}`;
    return createUnit(this.world, organization, { id, name, parentId, time: this.daysAgo(600) }).id;
  }
}
