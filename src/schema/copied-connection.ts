import { countCopied, InventorySession } from '../inventory/session.ts';
import type { CopiedList, CopyReader } from '../inventory/types.ts';
import type { Item, ListName, WallMs } from '../upstream/index.ts';
import { type ConnectionArgs, checkFirst } from './connection-args.ts';
import type { ListSource } from './connection-reader.ts';
import type { GraphContext } from './context.ts';
import {
  decodeInventoryCursor,
  encodeInventoryCursor,
  expiredInventoryCursor,
  isInventoryCursor,
  listFingerprint,
} from './cursor.ts';
import { type Edge, EdgesPageInfo, type PageInfo } from './edges.ts';

const ANY_AGE = Number.NEGATIVE_INFINITY as WallMs;

/** The copy of the principal's organization, as far as the operation accepts its age; undefined if it accepts none. */
export function acceptedCopy({ session }: Pick<GraphContext, 'session'>): CopyReader | undefined {
  return session instanceof InventorySession ? session.copy : undefined;
}

/**
 * The connection of a list that the copy answers: after a cursor of the copy always, without a cursor if the operation
 * accepts the copy's age, and never after a cursor of AWS's pages. Undefined if the list has to be read from AWS.
 * @throws GraphQLError BAD_USER_INPUT for a `first` out of range, INVALID_CURSOR, INVENTORY_CURSOR_EXPIRED.
 */
export function copiedConnection<O extends ListName, T>(
  context: GraphContext,
  source: ListSource<O, T>,
  args: ConnectionArgs,
): CopiedConnection<O, T> | undefined {
  const { after } = args;
  if (after == null) {
    const list = findList(source, acceptedCopy(context));
    return list && new CopiedConnection(context, source, args, list);
  }
  if (!isInventoryCursor(after)) return undefined;
  const { cursorKey, copyOf } = context.settings;
  const position = decodeInventoryCursor(cursorKey, fingerprintOf(context, source), after);
  const list = findList(source, copyOf(context.principal)?.reader(ANY_AGE));
  if (list === undefined) throw expiredInventoryCursor('UNAVAILABLE');
  if (list.epoch !== position.epoch) throw expiredInventoryCursor('OTHER_ORGANIZATION');
  return new CopiedConnection(context, source, args, list, position);
}

function findList<O extends ListName, T>(
  { operation, input, filter, copied }: ListSource<O, T>,
  reader: CopyReader | undefined,
): CopiedList<Item<O>> | undefined {
  if (reader === undefined) return undefined;
  if (copied !== undefined) return copied.list(reader);
  return filter === undefined ? reader.list(operation, input) : undefined;
}

const fingerprintOf = <O extends ListName, T>(
  { principal }: GraphContext,
  { operation, input, copied }: ListSource<O, T>,
): string => listFingerprint(principal.name, operation, input, copied?.conditions);

/** A range of a list of the copy. All of it is there at once. */
class CopiedConnection<O extends ListName, T> {
  readonly edges: readonly Edge<T>[];
  readonly pageInfo: PageInfo;
  readonly #context: GraphContext;
  readonly #source: ListSource<O, T>;
  readonly #list: CopiedList<Item<O>>;
  #fingerprint: string | undefined;

  constructor(
    context: GraphContext,
    source: ListSource<O, T>,
    args: ConnectionArgs,
    list: CopiedList<Item<O>>,
    start?: Parameters<CopiedList<Item<O>>['after']>[0],
  ) {
    const first = checkFirst(args, context, 'copy');
    this.#context = context;
    this.#source = source;
    this.#list = list;
    // One more shows whether there is a next page.
    const items = list.after(start, first + 1);
    const hasNextPage = items.length > first;
    const shown = hasNextPage ? items.slice(0, first) : items;
    this.edges = shown.map((item) => new CopiedEdge(this, item, source.node(item)));
    this.pageInfo = new EdgesPageInfo(this.edges, hasNextPage, args.after ?? null);
    countCopied(context.session, list.asOf);
  }

  totalCount(): number {
    return this.#list.length;
  }

  cursor(item: Item<O>): string {
    const { epoch } = this.#list;
    this.#fingerprint ??= fingerprintOf(this.#context, this.#source);
    const position = { epoch, ...this.#list.positionOf(item) };
    return encodeInventoryCursor(this.#context.settings.cursorKey, this.#fingerprint, position);
  }
}

class CopiedEdge<O extends ListName, T> implements Edge<T> {
  readonly node: T;
  readonly #connection: CopiedConnection<O, T>;
  readonly #item: Item<O>;

  constructor(connection: CopiedConnection<O, T>, item: Item<O>, node: T) {
    this.node = node;
    this.#connection = connection;
    this.#item = item;
  }

  get cursor(): string {
    return this.#connection.cursor(this.#item);
  }
}
