import { type Input, type Item, type ListName, type Page, PageTokens } from '../../upstream/index.ts';
import type { GraphContext } from '../context.ts';
import { pageInput } from '../list-source.ts';
import { Planner } from './planner.ts';

/** Reads a list to its end, a page at each step. */
export class ListReader<O extends ListName> {
  readonly #context: GraphContext;
  readonly #source: { readonly operation: O; readonly input: Input<O> };
  readonly #tokens: PageTokens;
  #token: string | undefined;
  complete = false;

  constructor(context: GraphContext, operation: O, input: Input<O>) {
    this.#context = context;
    this.#source = { operation, input };
    this.#tokens = new PageTokens(operation);
  }

  async next(): Promise<Page<Item<O>>['items']> {
    const { operation } = this.#source;
    const input = pageInput(this.#source, this.#token);
    const page = await Planner.of(this.#context).track(operation, this.#context.session.page(operation, input));
    this.complete = page.nextToken === undefined;
    if (page.nextToken !== undefined) this.#tokens.add(page.nextToken, page.items.length);
    this.#token = page.nextToken;
    return page.items;
  }
}
