import type { Params } from '../data/location.ts';
import type { Tag } from './tags-field.tsx';

/** Parameters that fill in the form of tags. `with-tags` is there without any tag, too. */
export const linkOfTags = (tags: readonly Tag[]): Params => ({
  'with-tags': String(tags.length),
  'with-key': tags.map(({ key }) => key),
  'with-value': tags.map(({ value }) => value),
});

/** The tags that a link has filled in. */
export function tagsOfLink(filled: URLSearchParams): readonly Tag[] | undefined {
  if (!filled.has('tags')) return undefined;
  const values = filled.getAll('value');
  return filled.getAll('key').map((key, at) => ({ key, value: values[at] ?? '' }));
}
