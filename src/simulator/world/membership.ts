import type { AccountJoinedMethod } from '../model/enums.ts';
import { cancelApproval } from './all-features.ts';
import type { Account, Tags } from './entities.ts';
import type { Organization } from './organization.ts';
import { attachDefaultPolicies, detachAll } from './policies.ts';
import type { World } from './world.ts';

export interface JoinOptions {
  readonly method: AccountJoinedMethod;
  readonly time: number;
  /** Default: the root. */
  readonly parentId?: string;
  readonly tags?: Tags;
  /** Time of the move to the parent. Default: the time of joining. */
  readonly movedAt?: number;
}

/** Adds an account and attaches AWS's default policies to it. */
export function joinOrganization(
  world: World,
  account: Account,
  organization: Organization,
  options: JoinOptions,
): void {
  addMember(world, account, organization, options);
  account.membershipChangedAt = options.time;
  attachDefaultPolicies(world, organization, account.id, options.time);
}

/** Adds an account without attaching policies. */
export function addMember(world: World, account: Account, organization: Organization, options: JoinOptions): void {
  const parentId = options.parentId ?? organization.root.id;
  const position = world.ids.position();
  account.membership = {
    organizationId: organization.id,
    joinedMethod: options.method,
    joinedAt: options.time,
    position,
    parentId,
    parentPosition: position,
    movedAt: options.movedAt ?? options.time,
  };
  for (const [key, value] of options.tags ?? []) account.tags.set(key, value);
  organization.members.add(account.id, position, account);
  organization.childrenOf(parentId).accounts.add(account.id, position, account);
}

/** Removes an account, its tags and its attached policies, as AWS does. */
export function leaveOrganization(world: World, account: Account, organization: Organization, time: number): void {
  const { membership } = account;
  if (!membership) return;
  detachAll(organization, account.id);
  organization.delegations.delete(account.id);
  organization.lastValidPolicies.deleteAccount(account.id);
  organization.members.delete(account.id);
  organization.childrenOf(membership.parentId).accounts.delete(account.id);
  account.tags.clear();
  account.membershipChangedAt = time;
  delete account.membership;
  cancelApproval(world, account, organization, time);
}

export function moveAccount(
  world: World,
  account: Account,
  organization: Organization,
  parentId: string,
  time: number,
): void {
  const { membership } = account;
  if (!membership) return;
  organization.childrenOf(membership.parentId).accounts.delete(account.id);
  membership.parentId = parentId;
  membership.parentPosition = world.ids.position();
  membership.movedAt = time;
  organization.childrenOf(parentId).accounts.add(account.id, membership.parentPosition, account);
}
