import { countCopied } from '../inventory/session.ts';
import type { GraphContext } from './context.ts';
import { acceptedCopy } from './copied-connection.ts';
import { ancestorsFromPath, type Entity, type ParentEntity, parentFromList, resolveMember } from './entity.ts';
import type { PolicyTargetEntity } from './refs.ts';

/** The root and five levels of organizational units. AWS does not raise this quota. */
export const MAX_LEVELS = 6;

export const ancestorsDescription =
  'Known from its path, so that it costs no call of its own; null if AWS does not return where it is.';

/** The rule of a field that returns ancestors, without the members that it needs. */
export const ancestorsCost = { items: MAX_LEVELS, knownMembers: ['Path'] } as const;

/** The root and the units above an account or unit, the root first; null if they are not known. */
export function loadAncestors(
  context: GraphContext,
  id: string,
  path: string | null | undefined,
): readonly ParentEntity[] | null | Promise<readonly ParentEntity[] | null> {
  if (path != null) return ancestorsFromPath(path, id);
  const copied = acceptedCopy(context)?.ancestors(id);
  if (copied === undefined) return ancestorsFromLists(context, id);
  countCopied(context.session, copied.asOf);
  return ancestorsFromPath(copied.value.join('/'), id);
}

/**
 * The root and the units above a root, account or unit, the root first; null if the organization has no such object.
 */
export async function loadLevelsAbove(
  context: GraphContext,
  target: PolicyTargetEntity,
): Promise<readonly ParentEntity[] | null> {
  if (target.typename === 'Root') return [];
  const path =
    target.typename === 'Account'
      ? (await resolveMember(context, target as Entity<'Account'>, 'Paths'))?.[0]
      : await resolveMember(context, target as Entity<'OrganizationalUnit'>, 'Path');
  return loadAncestors(context, target.id, path);
}

/** From ListParents, for emulators that return no paths. */
async function ancestorsFromLists(context: GraphContext, id: string): Promise<readonly ParentEntity[] | null> {
  const ancestors: ParentEntity[] = [];
  let child = id;
  while (ancestors.length < MAX_LEVELS) {
    const parent = await parentFromList(context, child);
    if (parent === null) return null;
    ancestors.unshift(parent);
    if (parent.typename === 'Root') break;
    child = parent.id;
  }
  return ancestors;
}
