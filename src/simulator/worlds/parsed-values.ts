import type { Tags } from '../world/entities.ts';

export const tagsOf = (tags: Readonly<Record<string, string>>): Tags => new Map(Object.entries(tags));

type Present<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };

/** A parser returns undefined for omitted members; exactOptionalPropertyTypes forbids that in the world's entities. */
export function withoutUndefined<T extends object>(value: T): Present<T> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Present<T>;
}
