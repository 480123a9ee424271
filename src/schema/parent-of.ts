import type { GraphContext } from './context.ts';
import { partial } from './entity.ts';
import { typeOfId } from './ids.ts';
import { nullIfNotFound } from './loaders/objects-by-id.ts';
import { ListPages } from './loaders/replies.ts';
import type { ParentEntity } from './refs.ts';

/** A root or organizational unit by its id alone. */
export function parentById(id: string): ParentEntity | undefined {
  const type = typeOfId(id);
  return type === 'Root' || type === 'OrganizationalUnit' ? partial(type, id) : undefined;
}

/**
 * The parent in a path: the last root or organizational unit before the object itself.
 * Paths look like `o-…/r-…/ou-…/ou-…/123456789012/` (API model, shape Path).
 */
export function parentFromPath(path: string | undefined, ownId: string): ParentEntity | undefined {
  const before = path?.split('/').filter((step) => step !== '' && step !== ownId) ?? [];
  const id = before.at(-1);
  if (id === undefined) return undefined;
  // The rest of the child's path is the path of the parent.
  return typeOfId(id) === 'OrganizationalUnit'
    ? partial('OrganizationalUnit', id, { Path: `${before.join('/')}/` })
    : parentById(id);
}

/** Loads the parent from ListParents, for emulators that return no paths. */
export async function parentFromList(context: GraphContext, childId: string): Promise<ParentEntity | null> {
  const pages = new ListPages(context, { operation: 'ListParents', input: { ChildId: childId } });
  const page = await nullIfNotFound(pages.next());
  const id = page?.items[0]?.Id;
  return (id === undefined ? undefined : parentById(id)) ?? null;
}
