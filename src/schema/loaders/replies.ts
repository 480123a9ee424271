import {
  type Input,
  type Item,
  type ListName,
  type Output,
  type Page,
  PageTokens,
  type ReadName,
  readKey,
} from '../../upstream/index.ts';
import type { GraphContext } from '../context.ts';
import { type KeyedRead, loadByKey } from './load-by-key.ts';

/** AWS's largest page, and so the fewest calls (API model: MaxResults is 1 to 20). */
export const pageSize = 20;

/** Builds each keyed read once. */
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

const pageOf = keyedReads(
  <O extends ListName>(operation: O): KeyedRead<Input<O>, Page<Item<O>>> => ({
    name: `pages of ${operation}`,
    cacheKey: (input) => readKey(operation, input),
    known: (session, input) => session.knownPage(operation, input),
    read: ({ session }, input) => session.page(operation, input),
    source: operation,
  }),
);

/** Loads AWS's reply to a request. The request is the key. */
export const loadReply = <O extends ReadName>(context: GraphContext, operation: O, input: Input<O>) =>
  loadByKey(context, replyOf(operation) as unknown as KeyedRead<Input<O>, Output<O>>, input);

/** A list of AWS: the operation, and the request without paging. */
export interface ListRequest<O extends ListName> {
  readonly operation: O;
  readonly input: Input<O>;
}

/** The same request for every reader of a list, so that the readers of one operation share its pages. */
export function pageInput<O extends ListName>({ operation, input }: ListRequest<O>, token?: string): Input<O> {
  const page: { MaxResults?: number; NextToken?: string } = {};
  // ListTagsForResource is the only list without MaxResults (API model).
  if (operation !== 'ListTagsForResource') page.MaxResults = pageSize;
  if (token !== undefined) page.NextToken = token;
  // Not spread: an object literal that adds to a spread one has a hidden class of its own, each time.
  return Object.assign(page, input);
}

/** Loads the pages of a list one after the other: each holds the token of the next. */
export class ListPages<O extends ListName> {
  /** The token of the next page; undefined for the first, and after the last. */
  token: string | undefined;
  isComplete = false;
  readonly #context: GraphContext;
  readonly #list: ListRequest<O>;
  readonly #startToken: string | undefined;
  #tokens: PageTokens | undefined;
  /** How many items the last page had, until its token is checked. */
  #unchecked: number | undefined;

  constructor(context: GraphContext, list: ListRequest<O>, startToken?: string) {
    this.#context = context;
    this.#list = list;
    this.#startToken = startToken;
    this.token = startToken;
  }

  /**
   * The next page, if the session knows it.
   * @throws UpstreamError when the list would never end.
   */
  nextKnown(): Page<Item<O>> | undefined {
    const page = this.#context.session.knownPage(this.#list.operation, this.#request());
    return page && this.#advance(page);
  }

  /** @throws UpstreamError when the page cannot be read, or the list would never end (by rejecting). */
  async next(): Promise<Page<Item<O>>> {
    const read = pageOf(this.#list.operation) as unknown as KeyedRead<Input<O>, Page<Item<O>>>;
    return this.#advance(await loadByKey(this.#context, read, this.#request()));
  }

  #request(): Input<O> {
    if (this.token !== undefined && this.#unchecked !== undefined) {
      this.#tokens ??= new PageTokens(this.#list.operation, this.#startToken);
      this.#tokens.add(this.token, this.#unchecked);
      this.#unchecked = undefined;
    }
    return pageInput(this.#list, this.token);
  }

  #advance(page: Page<Item<O>>): Page<Item<O>> {
    this.token = page.nextToken;
    this.isComplete = page.nextToken === undefined;
    this.#unchecked = page.items.length;
    return page;
  }
}
