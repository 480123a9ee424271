import { createHash } from 'node:crypto';
import { type Item, type ListName, PageTokens } from '../upstream/index.ts';
import { type Connection, knownConnection, readConnection, type StreamedConnection } from './connection.ts';
import { type ConnectionArgs, firstOf } from './connection-args.ts';
import type { GraphContext } from './context.ts';
import { decodeCursor, encodeCursor, listFingerprint, type Position } from './cursor.ts';
import { LazyEdge, ShownItems } from './edge-reader.ts';
import { type ListSource, pageInput } from './list-source.ts';
import { EdgesPageInfo } from './page-info.ts';

/** A list that can be put together from other lists as well, when many of its kind are asked for. */
export interface PlannedSource<O extends ListName, T> extends ListSource<O, T> {
  /** The whole list, put together; undefined when it is cheaper to read it from `operation`. */
  readonly planned: () => Promise<readonly Item<O>[] | undefined>;
  /** The whole list, put together, whatever it costs. */
  readonly swept: () => Promise<readonly Item<O>[]>;
}

/**
 * A connection, read in the cheaper of two ways. What it gives does not depend on the way, but for the order: AWS says of no list in which
 * order it comes. So a cursor of a list that was put together tells which items have been given, and going on from it reads the list
 * itself when its first items are the same ones, as they are unless items came, went or moved; else it is put together again.
 */
export function readPlannedConnection<O extends ListName, T>(
  context: GraphContext,
  source: PlannedSource<O, T>,
  args: ConnectionArgs,
): Connection<T> | Promise<Connection<T> | StreamedConnection<T>> {
  // What is known already is the cheapest way.
  const known = args.after == null && !context.streams ? knownConnection(context, source, args) : undefined;
  return known ?? readCheaply(context, source, args);
}

async function readCheaply<O extends ListName, T>(
  context: GraphContext,
  source: PlannedSource<O, T>,
  args: ConnectionArgs,
): Promise<Connection<T> | StreamedConnection<T>> {
  const { cursorKey, maxFirst } = context.settings;
  const first = firstOf(args, maxFirst);
  if (args.after == null) {
    const items = await source.planned();
    return items === undefined
      ? readConnection(context, source, args)
      : cut(context, source, unique(source, items), { first, start: 0 });
  }
  const fingerprint = listFingerprint(context.principal.name, source.operation, source.input);
  const position = decodeCursor(cursorKey, fingerprint, args.after);
  if (position.seen === undefined) return readConnection(context, source, args);
  const found = await findDirectly(context, source, position);
  if (found !== undefined) {
    return readConnection(context, source, { first, after: encodeCursor(cursorKey, fingerprint, found) });
  }
  const items = unique(source, await source.swept());
  const own = items.findIndex((item) => source.key(item) === position.key);
  // An item that is not there any more has left its place to the one behind it.
  const start = own < 0 ? Math.max(0, position.index - 1) : own + 1;
  return cut(context, source, items, { first, start, after: args.after });
}

/** The lists that it was put together from may show an item twice. */
function unique<O extends ListName, T>({ key }: ListSource<O, T>, items: readonly Item<O>[]): readonly Item<O>[] {
  const shown = new ShownItems(key);
  return items.filter((item) => shown.add(item));
}

interface Cut {
  readonly first: number;
  /** How many items lie before. */
  readonly start: number;
  readonly after?: string;
}

function cut<O extends ListName, T>(
  context: GraphContext,
  source: ListSource<O, T>,
  items: readonly Item<O>[],
  { first, start, after }: Cut,
): Connection<T> {
  const { cursorKey } = context.settings;
  const fingerprint = listFingerprint(context.principal.name, source.operation, source.input);
  const seen = new SeenItems(items.map(source.key));
  const cursor = (index: number, item: Item<O>) =>
    encodeCursor(cursorKey, fingerprint, { token: undefined, index, key: source.key(item), seen: seen.upTo(index) });
  const edges = items
    .slice(start, start + first)
    .map((item, offset) => new LazyEdge(source.node(item), () => cursor(start + offset + 1, item)));
  return {
    edges,
    pageInfo: new EdgesPageInfo(edges, start + first < items.length, after ?? null),
    totalCount: async () => items.length,
  };
}

/** Where the list itself has given exactly the items that the cursor says; undefined when there is no such place. */
async function findDirectly<O extends ListName, T>(
  context: GraphContext,
  source: ListSource<O, T>,
  { index, seen }: Position,
): Promise<Position | undefined> {
  const keys: (string | undefined)[] = [];
  const tokens = new PageTokens(source.operation);
  let token: string | undefined;
  for (;;) {
    const page = await context.session.page(source.operation, pageInput(source, token));
    const within = index - keys.length;
    keys.push(...page.items.map(source.key));
    if (keys.length >= index) {
      if (new SeenItems(keys).upTo(index) !== seen) return undefined;
      const whole = within === page.items.length && page.nextToken !== undefined;
      return whole ? { token: page.nextToken, index: 0 } : { token, index: within, key: keys[index - 1] };
    }
    if (page.nextToken === undefined) return undefined;
    tokens.add(page.nextToken, page.items.length);
    token = page.nextToken;
  }
}

const digestBytes = 9;

/** Digests of the first so many keys, the same in any order: the exclusive or of each key's own. */
class SeenItems {
  readonly #keys: readonly (string | undefined)[];
  /** After each key, as far as they were needed. */
  readonly #digests: Buffer[] = [Buffer.alloc(digestBytes)];

  constructor(keys: readonly (string | undefined)[]) {
    this.#keys = keys;
  }

  upTo(index: number): string {
    for (let at = this.#digests.length; at <= index; at += 1) {
      const own = createHash('sha256')
        .update(this.#keys[at - 1] ?? '')
        .digest();
      this.#digests.push(Buffer.from((this.#digests[at - 1] ?? own).map((byte, place) => byte ^ (own[place] ?? 0))));
    }
    return (this.#digests[index] ?? Buffer.alloc(digestBytes)).toString('base64url');
  }
}
