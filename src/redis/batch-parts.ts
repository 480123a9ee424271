import type { WallMs } from '../upstream/index.ts';
import { decode, encode } from '../watcher/codec.ts';
import type { Batch, LogOffset, LogRecord, ObservedObject } from '../watcher/index.ts';
import { offsetOf } from '../watcher/log-offset.ts';
import type { TimeSlice } from '../watcher/time-slice.ts';

/** The maximum number of records and objects in a part. Redis is blocked for a few ms by one part. */
export const MAX_PART_ENTRIES = 1_000;
/** The maximum length of a part with more than one record or object, in characters. */
const MAX_PART_LENGTH = 256 * 1024;

/** What a part says of its batch. */
interface PartHead {
  readonly writer: string;
  /** The number of the part in its batch, from 0. */
  readonly part: number;
  readonly isLast: boolean;
  /** The offset before the records of the batch. */
  readonly before: LogOffset;
  readonly read: boolean;
  readonly at: WallMs;
  readonly progress?: string | undefined;
  readonly asOf?: WallMs | undefined;
}

/** A part of a batch: one entry of the stream, and one command. */
export interface Part {
  readonly number: number;
  readonly isLast: boolean;
  /**
   * The fields of the entry: the number of records and the encoded head; then '' and the record for each record; then
   * the id and the object for each object, which is empty if it was removed.
   */
  readonly fields: readonly string[];
}

export interface PartsOptions<T> {
  readonly writer: string;
  readonly before: LogOffset;
  /** Objects to be stored as well: all that are known, if Redis has none. */
  readonly more?: ReadonlyMap<string, ObservedObject<T>> | undefined;
}

/** Divides a batch into parts. Encodes a part when it is requested, so that a long batch does not block the process. */
export function* partsOf<T>(batch: Batch<T>, { writer, before, more }: PartsOptions<T>): Generator<Part, undefined> {
  const { read, at, progress, asOf } = batch;
  const common = { writer, before: offsetOf(before), read: read !== undefined, at };
  let part = 0;
  let fields: string[] = [];
  let records = 0;
  let length = 0;
  const finish = (isLast: boolean): Part => {
    const head = { ...common, part, isLast, ...(isLast ? { progress, asOf } : {}) } satisfies PartHead;
    const finished = { number: part, isLast, fields: [String(records), encode(head), ...fields] };
    part += 1;
    fields = [];
    records = 0;
    length = 0;
    return finished;
  };
  for (const [id, text] of entriesOf(batch, more)) {
    if (fields.length >= 2 * MAX_PART_ENTRIES || (length > 0 && length + text.length > MAX_PART_LENGTH))
      yield finish(false);
    fields.push(id, text);
    if (id === '') records += 1;
    length += text.length;
  }
  yield finish(true);
}

function* entriesOf<T>({ records, patch }: Batch<T>, more: PartsOptions<T>['more']): Iterable<[string, string]> {
  for (const record of records) yield ['', encode(record)];
  for (const [id, observed] of more ?? []) if (!patch.has(id)) yield [id, encode(observed)];
  for (const [id, observed] of patch) yield [id, observed === undefined ? '' : encode(observed)];
}

/** A batch from Redis. */
export interface StoredBatch<T> {
  /** The number of its last entry. */
  readonly revision: number;
  readonly writer: string;
  readonly batch: Batch<T>;
}

/** Joins parts to batches. Ignores batches whose writer has lost the lease or died before the last part. */
export class BatchAssembler<T> {
  readonly #slice: TimeSlice;
  /** The first entry may be any part: the parts before it are applied, if a leader died while it applied a batch. */
  #nextPart: number | undefined;
  #records: LogRecord<T>[] = [];
  #patch = new Map<string, ObservedObject<T> | undefined>();

  constructor(slice: TimeSlice) {
    this.#slice = slice;
  }

  /** Returns the batch if this was its last part. */
  async add(revision: number, fields: readonly string[]): Promise<StoredBatch<T> | undefined> {
    const [records = '0', text = ''] = fields;
    const { writer, part, isLast, read, at, progress, asOf } = decode(text) as PartHead;
    if (part === 0) this.#reset();
    // The first parts of this batch are no longer stored.
    if (part !== (this.#nextPart ?? part)) return undefined;
    this.#nextPart = part + 1;
    const firstObject = 2 + 2 * Number(records);
    for (let index = 2; index < fields.length; index += 2) {
      const value = fields[index + 1] ?? '';
      if (index < firstObject) this.#records.push(decode(value) as LogRecord<T>);
      else this.#patch.set(fields[index] ?? '', value === '' ? undefined : (decode(value) as ObservedObject<T>));
      if (this.#slice.isOver) await this.#slice.next();
    }
    if (!isLast) return undefined;
    const batch = { records: this.#records, patch: this.#patch, read: read ? 0 : undefined, at, progress, asOf };
    this.#reset();
    return { revision, writer, batch };
  }

  #reset(): void {
    this.#nextPart = 0;
    this.#records = [];
    this.#patch = new Map();
  }
}
