import { InventorySession } from '../../inventory/session.ts';
import {
  type Input,
  type Item,
  type ListName,
  type Output,
  type Page,
  PageTokens,
  type ReadName,
  readKey,
  type UpstreamSession,
} from '../../upstream/index.ts';
import type { GraphContext } from '../context.ts';
import { type KeyedRead, loadByKey } from './load-by-key.ts';

/** AWS's largest page size, which takes the fewest calls (API model: MaxResults is 1 to 20). */
export const pageSize = 20;

/** Memoizes `create`, so that each operation has one keyed read. */
export function keyedReads<N extends string, R>(create: (operation: N) => R): (operation: N) => R {
  const reads = new Map<N, R>();
  return (operation) => {
    let read = reads.get(operation);
    if (read === undefined) {
      read = create(operation);
      reads.set(operation, read);
    }
    return read;
  };
}

const replyOf = keyedReads(
  <O extends ReadName>(operation: O): KeyedRead<Input<O>, Output<O>> => ({
    name: operation,
    cacheKey: (input) => readKey(operation, input),
    known: (session, input) => session.known(operation, input),
    read: ({ session }, input) => session.read(operation, input),
  }),
);

const pageReads = (name: string, sessionOf: (session: UpstreamSession) => UpstreamSession) =>
  keyedReads(
    <O extends ListName>(operation: O): KeyedRead<Input<O>, Page<Item<O>>> => ({
      name: `${name} of ${operation}`,
      cacheKey: (input) => readKey(operation, input),
      known: (session, input) => sessionOf(session).knownPage(operation, input),
      read: ({ session }, input) => sessionOf(session).page(operation, input),
      source: operation,
    }),
  );
const pageOf = pageReads('pages', (session) => session);
const livePageOf = pageReads('live pages', liveSession);

/** The session without the copy of the organization, whose lists are not in AWS's pages. */
function liveSession(session: UpstreamSession): UpstreamSession {
  return session instanceof InventorySession ? session.live : session;
}

/** Loads AWS's reply to a request, with the request as the key. */
export const loadReply = <O extends ReadName>(context: GraphContext, operation: O, input: Input<O>) =>
  loadByKey(context, replyOf(operation) as unknown as KeyedRead<Input<O>, Output<O>>, input);

/** Conditions that AWS does not know, so that the gateway applies them to the items that it has read. */
export interface ItemFilter<T> {
  /** The conditions as text. The cursors of a list are valid only for the same ones. */
  readonly key: string;
  readonly matches: (item: T) => boolean;
  /** Default: items of AWS have all that `matches` needs. */
  readonly completion?: ItemCompletion<T>;
}

/** Loads what items lack. */
export interface ItemCompletion<T> {
  readonly isComplete: (item: T) => boolean;
  readonly complete: (item: T) => Promise<T>;
}

/** Returns the items that match. @throws UpstreamError (by rejecting) when what an item lacks cannot be read. */
export async function filterItems<T>(
  items: readonly T[],
  { matches, completion }: ItemFilter<T>,
): Promise<readonly T[]> {
  if (completion === undefined || items.every(completion.isComplete)) return items.filter(matches);
  const { isComplete, complete } = completion;
  const completed = await Promise.all(items.map((item) => (isComplete(item) ? item : complete(item))));
  return completed.filter(matches);
}

/** A list of AWS: the operation, and the request without paging. */
export interface ListRequest<O extends ListName> {
  readonly operation: O;
  readonly input: Input<O>;
  /** Pages have only the items that match. They are read as without it. */
  readonly filter?: ItemFilter<Item<O>> | undefined;
}

/** Builds the input of one page, the same for all readers of a list, so that they share its pages. */
export function pageInput<O extends ListName>({ operation, input }: ListRequest<O>, token?: string): Input<O> {
  const page: { MaxResults?: number; NextToken?: string } = {};
  // ListTagsForResource is the only list without MaxResults (API model).
  if (operation !== 'ListTagsForResource') page.MaxResults = pageSize;
  if (token !== undefined) page.NextToken = token;
  // Faster than a spread (docs/performance.md).
  return Object.assign(page, input);
}

/** Loads the pages of a list in order, as each page has the token of the next one. */
export class ListPages<O extends ListName> {
  /** The token of the next page; undefined for the first, and after the last. */
  token: string | undefined;
  isComplete = false;
  readonly #context: GraphContext;
  readonly #list: ListRequest<O>;
  readonly #isLive: boolean;
  readonly #startToken: string | undefined;
  #tokens: PageTokens | undefined;
  /** How many items the last page had, until its token is checked. */
  #unchecked: number | undefined;

  /** `isLive`: the pages have to be AWS's own, as for cursors. Otherwise the copy may return the list in one page. */
  constructor(
    context: GraphContext,
    list: ListRequest<O>,
    { isLive = false, startToken }: { readonly isLive?: boolean; readonly startToken?: string | undefined } = {},
  ) {
    this.#context = context;
    this.#list = list;
    this.#isLive = isLive && context.session instanceof InventorySession;
    this.#startToken = startToken;
    this.token = startToken;
  }

  /**
   * Returns the next page if the session knows it, and all that its filter needs.
   * @throws UpstreamError if AWS repeats a page token, as the list would never end.
   */
  nextKnown(): Page<Item<O>> | undefined {
    const { session } = this.#context;
    const known = this.#isLive ? liveSession(session) : session;
    const page = known.knownPage(this.#list.operation, this.#request());
    const { filter } = this.#list;
    if (page === undefined || filter === undefined) return page && this.#advance(page);
    const isComplete = filter.completion?.isComplete;
    if (isComplete !== undefined && !page.items.every(isComplete)) return undefined;
    return this.#advance(page, page.items.filter(filter.matches));
  }

  /** @throws UpstreamError if the page cannot be read, or AWS repeats a page token (the promise rejects). */
  async next(): Promise<Page<Item<O>>> {
    const pages = this.#isLive ? livePageOf : pageOf;
    const read = pages(this.#list.operation) as unknown as KeyedRead<Input<O>, Page<Item<O>>>;
    const page = await loadByKey(this.#context, read, this.#request());
    const { filter } = this.#list;
    return this.#advance(page, filter && (await filterItems(page.items, filter)));
  }

  #request(): Input<O> {
    if (this.token !== undefined && this.#unchecked !== undefined) {
      this.#tokens ??= new PageTokens(this.#list.operation, this.#startToken);
      this.#tokens.add(this.token, this.#unchecked);
      this.#unchecked = undefined;
    }
    return pageInput(this.#list, this.token);
  }

  #advance(page: Page<Item<O>>, matching?: readonly Item<O>[]): Page<Item<O>> {
    this.token = page.nextToken;
    this.isComplete = page.nextToken === undefined;
    this.#unchecked = page.items.length;
    return matching === undefined ? page : { ...page, items: matching };
  }
}

/** Reads a list to its end. @throws UpstreamError (by rejecting) */
export async function readAllItems<O extends ListName>(
  context: GraphContext,
  list: ListRequest<O>,
): Promise<readonly Item<O>[]> {
  const pages = new ListPages(context, list);
  const items: Item<O>[] = [];
  while (!pages.isComplete) items.push(...(await pages.next()).items);
  return items;
}
