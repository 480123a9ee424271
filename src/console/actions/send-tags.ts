import type { Tag } from './tags-field.tsx';

/** The changes that give an object its new tags. */
export interface TagChanges {
  readonly set: readonly Tag[];
  readonly removed: readonly string[];
}

export function tagChangesOf(before: readonly Tag[], after: readonly Tag[]): TagChanges {
  const known = new Map(before.map(({ key, value }) => [key, value]));
  const wanted = new Set(after.map(({ key }) => key));
  return {
    set: after.filter(({ key, value }) => known.get(key) !== value),
    removed: before.filter(({ key }) => !wanted.has(key)).map(({ key }) => key),
  };
}

/** The tags after a part of the changes. */
export const withTags = (before: readonly Tag[], { set, removed }: TagChanges): readonly Tag[] => {
  const tags = new Map(before.map(({ key, value }) => [key, value]));
  for (const { key, value } of set) tags.set(key, value);
  for (const key of removed) tags.delete(key);
  return [...tags].map(([key, value]) => ({ key, value }));
};
