import type { Input, Item, ListName } from '../upstream/index.ts';

/** AWS's largest page, and so the fewest calls (API model: MaxResults is 1 to 20). */
export const pageSize = 20;

/** An upstream list and how its items become nodes. */
export interface ListSource<O extends ListName, T> {
  readonly operation: O;
  readonly input: Input<O>;
  /** What tells the items of one list apart, stable over time: usually the id. */
  readonly key: (item: Item<O>) => string | undefined;
  readonly node: (item: Item<O>) => T;
}

/** The same for every reader of a list, so that one operation's readers share its pages. */
export function pageInput<O extends ListName, T>(
  source: Pick<ListSource<O, T>, 'operation' | 'input'>,
  token: string | undefined,
): Input<O> {
  const input: { MaxResults?: number; NextToken?: string } = {};
  // ListTagsForResource is the one list without MaxResults (API model).
  if (source.operation !== 'ListTagsForResource') input.MaxResults = pageSize;
  if (token !== undefined) input.NextToken = token;
  // Not spread: an object literal that adds to a spread one has a hidden class of its own, each time.
  return Object.assign(input, source.input);
}
