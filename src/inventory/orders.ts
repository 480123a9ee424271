import type { aws } from '../upstream/index.ts';
import type { AccountOrder, HandshakeOrder, OrderPosition } from './types.ts';

type Key = OrderPosition['key'];

/** A total order: by key, and among equal keys by id. */
export interface ItemOrder<T> {
  /** Unique among the orders of one type. */
  readonly name: string;
  id(item: T): string;
  key(item: T): Key;
  compareKeys(a: Key, b: Key): number;
  compare(a: T, b: T): number;
}

const plain = (a: Key, b: Key): number => (a < b ? -1 : a > b ? 1 : 0);

const { compare: compareNames } = new Intl.Collator('en', { sensitivity: 'base' });
const collated = (a: Key, b: Key): number => compareNames(String(a), String(b));

interface KeyRule<T> {
  key(item: T): Key;
  compare(a: Key, b: Key): number;
}

/** With DESC, too, items with equal keys are in ascending order of their ids. */
function createOrder<T>(
  name: string,
  id: (item: T) => string,
  { key, compare }: KeyRule<T>,
  direction: 'ASC' | 'DESC',
): ItemOrder<T> {
  const compareKeys = direction === 'ASC' ? compare : (a: Key, b: Key) => compare(b, a);
  return {
    name: `${name} ${direction}`,
    id,
    key,
    compareKeys,
    compare: (a, b) => compareKeys(key(a), key(b)) || plain(id(a), id(b)),
  };
}

/** The order of ids, as plain text. */
export const byId = <T>(id: (item: T) => string): ItemOrder<T> =>
  createOrder('ID', id, { key: id, compare: plain }, 'ASC');

/** An order per field and direction, created once. */
const ordersOf = <T, F extends string>(id: (item: T) => string, rules: Readonly<Record<F, KeyRule<T>>>) => {
  const orders = new Map<string, ItemOrder<T>>();
  return ({ field, direction }: { readonly field: F; readonly direction: 'ASC' | 'DESC' }): ItemOrder<T> => {
    const name = `${field} ${direction}`;
    const order = orders.get(name) ?? createOrder(field, id, rules[field], direction);
    orders.set(name, order);
    return order;
  };
};

const timeOf = (date: Date | undefined): number => date?.getTime() ?? 0;

const idOf = ({ Id = '' }: { readonly Id?: string | undefined }): string => Id;

/** The order of accounts. An account without the member is the first. */
export const accountOrder: (order: AccountOrder) => ItemOrder<aws.Account> = ordersOf<
  aws.Account,
  AccountOrder['field']
>(idOf, {
  NAME: { key: ({ Name = '' }) => Name, compare: collated },
  EMAIL: { key: ({ Email = '' }) => Email, compare: collated },
  ID: { key: idOf, compare: plain },
  JOINED: { key: ({ JoinedTimestamp }) => timeOf(JoinedTimestamp), compare: plain },
  STATE: { key: ({ State = '' }) => State, compare: plain },
});

export const handshakeOrder: (order: HandshakeOrder) => ItemOrder<aws.Handshake> = ordersOf<
  aws.Handshake,
  HandshakeOrder['field']
>(idOf, {
  EXPIRES: { key: ({ ExpirationTimestamp }) => timeOf(ExpirationTimestamp), compare: plain },
  REQUESTED: { key: ({ RequestedTimestamp }) => timeOf(RequestedTimestamp), compare: plain },
});

/** The order of objects with an `Id`. */
export const idOrder: ItemOrder<{ readonly Id?: string | undefined }> = byId(idOf);

/** The index of the first item that is not before the position. */
export function indexAt<T>(items: readonly T[], order: ItemOrder<T>, { key, id }: OrderPosition): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = items[middle] as T;
    if ((order.compareKeys(order.key(item), key) || plain(order.id(item), id)) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

export const positionOf = <T>(order: ItemOrder<T>, item: T): OrderPosition => ({
  key: order.key(item),
  id: order.id(item),
});
