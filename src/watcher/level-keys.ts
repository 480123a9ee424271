import type { AbstractBatchOperation, AbstractLevel } from 'abstract-level';

/** Any store of the level family: LevelDB in a folder, or in memory for tests. */
export type LevelStore = AbstractLevel<string | Buffer | Uint8Array, string, string>;
export type Operation = AbstractBatchOperation<LevelStore, string, string>;

/**
 * A log lies in the store under `<log>!head`, `<log>!object!<id>` and `<log>!event!<sequence>`; `unwatched!<log>` says since when nobody has
 * watched it, in ms since the epoch, or nothing while somebody does.
 */
export const headKey = (log: string): string => `${log}!head`;
export const objectKey = (log: string, id: string): string => `${log}!object!${id}`;
export const eventKey = (log: string, sequence: number): string => `${log}!event!${padded(sequence)}`;
export const unwatchedKey = (log: string): string => `unwatched!${log}`;

/** The key that signs cursors, as base64url. It has no `!`, so it is part of no log. */
export const cursorKeyKey = 'cursorKey';

/** Sequences as text that sorts as they do. */
const padded = (sequence: number) => String(sequence).padStart(16, '0');

/** What lies under keys that begin with a prefix that ends in `!`, by the rest of the key, in the order of the keys. */
export async function* under(store: LevelStore, prefix: string): AsyncIterable<[string, string]> {
  for await (const [key, value] of store.iterator(rangeOf(prefix))) yield [key.slice(prefix.length), value];
}

/** Takes a log out of the store. What makes it a log goes first, so that after a crash in the midst of it no half of one is taken for the whole. */
export async function clearLog(store: LevelStore, log: string): Promise<void> {
  await store.del(headKey(log));
  await store.clear(rangeOf(`${log}!`));
  await store.del(unwatchedKey(log));
}

// '"' is the character behind '!'.
const rangeOf = (prefix: string) => ({ gt: prefix, lt: `${prefix.slice(0, -1)}"` });
