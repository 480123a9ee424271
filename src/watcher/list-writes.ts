import type { WallMs } from '../upstream/index.ts';
import type { ChangeCause } from './history/history-types.ts';
import type { KeptListName } from './kept-types.ts';
import { type Now, settleMs } from './list-state.ts';
import type { KeptEffects, PartialRead } from './sweep-types.ts';

/** What a write of the principal changes in one list. */
export interface ListWrite<T> {
  /** The same in all processes. */
  readonly id: string;
  /** See `IdentifiedWrite`. */
  readonly sentOn: WallMs;
  readonly puts: readonly T[];
  /** Ids of deleted objects. */
  readonly deletes: readonly string[];
  /** The reads that verify it; undefined for the whole list. */
  readonly reads: readonly (PartialRead<T> | undefined)[];
  /** The caller and the request. */
  readonly cause?: ChangeCause | undefined;
}

type Reads = (PartialRead<unknown> | undefined)[];

/** Divides the effects of a write by list. */
export function writesByList(
  { puts, deletes, reads }: KeptEffects,
  write: Pick<ListWrite<unknown>, 'id' | 'sentOn' | 'cause'>,
): ReadonlyMap<KeptListName, ListWrite<unknown>> {
  const byList = new Map<KeptListName, ReturnType<typeof emptyWrite>>();
  const emptyWrite = () => ({ ...write, puts: [] as unknown[], deletes: [] as string[], reads: [] as Reads });
  const of = (list: KeptListName) => {
    const known = byList.get(list) ?? emptyWrite();
    byList.set(list, known);
    return known;
  };
  for (const { list, object } of puts) of(list).puts.push(object);
  for (const { list, id } of deletes) of(list).deletes.push(id);
  for (const { list, part } of reads) of(list).reads.push(part);
  return byList;
}

export interface PendingListWrite<T> extends ListWrite<T> {
  readonly at: Now;
}

/** Whether only a read shows what the write has changed. */
export const needsRead = ({ puts, deletes, reads }: ListWrite<unknown>): boolean =>
  puts.length === 0 && deletes.length === 0 && reads.length > 0;

/** The maximum number of pending writes. Beyond, the list counts as changed until its next sweep. */
const maxPendingWrites = 1_000;
/** So many ids of writes tell the other processes that the log has their effects. */
const maxAnnouncedIds = 40;

/** The own writes whose effects the log of a list may lack. */
export class ListWrites<T> {
  readonly #pending = new Map<string, PendingListWrite<T>>();
  readonly #announced: string[] = [];
  /** The ids of pending writes whose effects this process has published. */
  readonly #published = new Set<string>();
  /** When the last write was dropped because there were too many. */
  #droppedOn: WallMs | undefined;

  /** The ids of writes whose effects are in the log, for the other processes. */
  get announced(): readonly string[] {
    return this.#announced;
  }

  add(write: PendingListWrite<T>): void {
    this.#pending.set(write.id, write);
    if (this.#pending.size <= maxPendingWrites) return;
    for (const [id, { at }] of this.#pending) {
      this.#droppedOn = at.date;
      this.remove(id);
      return;
    }
  }

  has(id: string): boolean {
    return this.#pending.has(id);
  }

  pending(): readonly PendingListWrite<T>[] {
    return [...this.#pending.values()];
  }

  remove(id: string): void {
    this.#pending.delete(id);
    this.#published.delete(id);
  }

  /** This process has published the effects of a write that needs no read. */
  onPublished(id: string): void {
    if (this.#pending.has(id)) this.#published.add(id);
  }

  /** Another process leads from now on, whose log may lack what this one has not stored. */
  follow(): void {
    this.#published.clear();
  }

  announce(id: string): void {
    if (this.#announced.includes(id)) return;
    this.#announced.push(id);
    if (this.#announced.length > maxAnnouncedIds) this.#announced.shift();
  }

  /** Another process has announced these ids. */
  onAnnounced(ids: readonly string[]): void {
    for (const id of ids) this.remove(id);
  }

  /** The date of the last write that data may lack; undefined if there is none. `asOf`: of the published list. */
  changedAt(asOf: WallMs | undefined): WallMs | undefined {
    let last = this.#isCovered(this.#droppedOn, asOf) ? undefined : this.#droppedOn;
    for (const { id, at } of this.#pending.values()) {
      const { date } = at;
      if (this.#published.has(id) || this.#isCovered(date, asOf)) continue;
      if (last === undefined || date > last) last = date;
    }
    return last;
  }

  /** Whether all reads of the list began after AWS's lists had settled. */
  #isCovered(date: WallMs | undefined, asOf: WallMs | undefined): boolean {
    return date !== undefined && asOf !== undefined && asOf > date + settleMs;
  }
}
