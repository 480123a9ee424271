import type { Account, Tags } from './entities.ts';
import type { Organization } from './organization.ts';

/** Ids from the root down to a parent, both included. */
export function pathFromRoot(organization: Organization, parentId: string): readonly string[] {
  const ids: string[] = [];
  for (let id = parentId; ; ) {
    ids.unshift(id);
    const unit = organization.units.get(id);
    if (!unit) return ids;
    id = unit.parentId;
  }
}

/** The root has depth 0; AWS allows OUs to depth 5. */
export function depthOf(organization: Organization, parentId: string): number {
  return pathFromRoot(organization, parentId).length - 1;
}

export function unitPath(organization: Organization, unitId: string): string {
  return `${organization.id}/${pathFromRoot(organization, unitId).join('/')}/`;
}

export function accountPath(organization: Organization, account: Account): string {
  const parentId = account.membership?.parentId ?? organization.root.id;
  return `${unitPath(organization, parentId)}${account.id}/`;
}

export interface Target {
  readonly type: 'ROOT' | 'ORGANIZATIONAL_UNIT' | 'ACCOUNT';
  readonly id: string;
  readonly name: string;
  readonly tags: Tags;
}

/** Finds a root, OU or account that policies can be attached to. */
export function findTarget(organization: Organization, id: string): Target | undefined {
  const { root } = organization;
  if (id === root.id) return { type: 'ROOT', id, name: root.name, tags: root.tags };
  const unit = organization.units.get(id);
  if (unit) return { type: 'ORGANIZATIONAL_UNIT', id, name: unit.name, tags: unit.tags };
  const account = organization.members.get(id);
  return account && { type: 'ACCOUNT', id, name: account.name, tags: account.tags };
}
