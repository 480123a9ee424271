import type { Account } from './entities.ts';
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

export type Target =
  | { readonly type: 'ROOT'; readonly id: string; readonly name: string }
  | { readonly type: 'ORGANIZATIONAL_UNIT'; readonly id: string; readonly name: string }
  | { readonly type: 'ACCOUNT'; readonly id: string; readonly name: string };

/** Finds a root, OU or account that policies can be attached to. */
export function findTarget(organization: Organization, id: string): Target | undefined {
  const { root } = organization;
  if (id === root.id) return { type: 'ROOT', id, name: root.name };
  const unit = organization.units.get(id);
  if (unit) return { type: 'ORGANIZATIONAL_UNIT', id, name: unit.name };
  const account = organization.members.get(id);
  return account && { type: 'ACCOUNT', id, name: account.name };
}
