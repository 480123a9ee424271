import type { Redis } from 'ioredis';
import { maxLeaseMs } from '../config/redis.ts';
import type { WallMs } from '../upstream/index.ts';
import { decode, encode } from '../watcher/codec.ts';
import type { Batch, LogOffset, LogRecord, LogSnapshot, ObservedObject } from '../watcher/index.ts';

/** The keys of a log. Their braces put them into one slot of a cluster. */
export interface LogKeys {
  /** String: the term of the leader. */
  readonly lease: string;
  /**
   * Hash: `revision` (number of batches so far), `writer` (term that wrote the last batch), `count` (of objects),
   * `complete`, `read` (term of the last complete read), `readAt`.
   */
  readonly head: string;
  /** Hash: the last version of each object, by id. */
  readonly objects: string;
  /** Stream: a batch per entry; the entry's id is its revision. */
  readonly stream: string;
}

export const logKeys = (prefix: string, log: string): LogKeys => ({
  lease: `${prefix}{${log}}:lease`,
  head: `${prefix}{${log}}:head`,
  objects: `${prefix}{${log}}:objects`,
  stream: `${prefix}{${log}}:stream`,
});

export interface LogStatus {
  /** The term of the leader; empty if there is none. */
  readonly leader: string;
  readonly revision: number;
  readonly writer: string;
  /** The term of the last complete read. */
  readonly read: string;
  readonly readAt: WallMs;
  /** The remaining time of the lease, in ms. */
  readonly leaseLeftMs: number;
}

/**
 * A full Redis may evict one key of a log and leave the others, which would look complete. Such a log is deleted, and
 * filled again like one in an empty Redis.
 */
const isIntact = `
local function isIntact(head, objects, stream)
  local known = redis.call('HMGET', head, 'revision', 'count')
  if known[1] and tonumber(known[2]) == redis.call('HLEN', objects) and redis.call('EXISTS', stream) == 1 then return true end
  redis.call('DEL', head, objects, stream)
  return false
end`;

const renewScript = `${isIntact}
local leader = redis.call('GET', KEYS[1])
if leader == ARGV[1] or (not leader and ARGV[3] == '1') then
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
  leader = ARGV[1]
elseif leader and redis.call('PTTL', KEYS[1]) > tonumber(ARGV[4]) then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
leader = leader or ''
isIntact(KEYS[2], KEYS[3], KEYS[4])
local head = redis.call('HMGET', KEYS[2], 'revision', 'writer', 'read', 'readAt')
return {leader, head[1] or '0', head[2] or '', head[3] or '', head[4] or '0', redis.call('PTTL', KEYS[1])}`;

/**
 * Takes the lease if it is free and `mayLead`, renews it if `term` has it, and returns the status of the log. Renewing
 * is a write, so that all replicas notice a Redis that is full (`maxmemory`) and none leads. A lease longer than the
 * maximum is from before a step back of the server's clock, by which keys expire; it is shortened, because its holder
 * may be dead.
 */
export async function renewLease(
  redis: Redis,
  { lease, head, objects, stream }: LogKeys,
  term: string,
  leaseMs: number,
  mayLead: boolean,
): Promise<LogStatus> {
  const args = [term, leaseMs, mayLead ? '1' : '0', maxLeaseMs];
  const reply = await redis.eval(renewScript, 4, lease, head, objects, stream, ...args);
  const [leader = '', revision, writer = '', read = '', readAt, left] = (reply as unknown[]).map(String);
  return {
    leader,
    revision: Number(revision),
    writer,
    read,
    readAt: Number(readAt) as WallMs,
    leaseLeftMs: Number(left),
  };
}

const releaseScript = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
return redis.call('PUBLISH', ARGV[2], ARGV[3])`;

export const releaseLease = (
  redis: Redis,
  keys: LogKeys,
  term: string,
  channel: string,
  text: string,
): Promise<unknown> => redis.eval(releaseScript, 1, keys.lease, term, channel, text);

const readScript = `${isIntact}
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if not isIntact(KEYS[2], KEYS[3], KEYS[4]) then return 0 end
if tonumber(redis.call('HGET', KEYS[2], 'revision') or '0') ~= tonumber(ARGV[6]) then return 0 end
local first = redis.call('HGET', KEYS[2], 'read') ~= ARGV[1]
redis.call('HSET', KEYS[2], 'read', ARGV[1], 'readAt', ARGV[2])
for i = 2, 4 do redis.call('PEXPIRE', KEYS[i], ARGV[3]) end
if first then redis.call('PUBLISH', ARGV[4], ARGV[5]) end
return 1`;

/**
 * Records a complete read without changes, so that the log does not expire. False when the lease is lost, or others
 * have changed the log.
 */
export async function markRead(
  redis: Redis,
  { lease, head, objects, stream }: LogKeys,
  { term, after, readAt, ttlMs, channel, text }: Omit<Commit, 'batch' | 'objects' | 'keepBatches'>,
): Promise<boolean> {
  const args = [term, readAt ?? '', ttlMs, channel, text, after];
  return (await redis.eval(readScript, 4, lease, head, objects, stream, ...args)) === 1;
}

/**
 * A process without the lease adds nothing, however late its command arrives. When the reply to a stored batch is lost,
 * the retry is recognized by its revision and writer.
 */
const commitScript = `${isIntact}
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
isIntact(KEYS[2], KEYS[3], KEYS[4])
local expected = tonumber(ARGV[2])
local revision = tonumber(redis.call('HGET', KEYS[2], 'revision') or '0')
if revision == expected + 1 and redis.call('HGET', KEYS[2], 'writer') == ARGV[1] then return 1 end
if revision ~= expected then return 0 end
redis.call('XADD', KEYS[4], 'MAXLEN', ARGV[4], string.format('%.0f-0', expected + 1), 'batch', ARGV[3])
for i = 9, #ARGV, 2 do
  if ARGV[i + 1] == '' then redis.call('HDEL', KEYS[3], ARGV[i])
  else redis.call('HSET', KEYS[3], ARGV[i], ARGV[i + 1]) end
end
redis.call('HSET', KEYS[2], 'revision', string.format('%.0f', expected + 1), 'writer', ARGV[1], 'count', redis.call('HLEN', KEYS[3]))
if ARGV[6] ~= '' then redis.call('HSET', KEYS[2], 'complete', '1', 'read', ARGV[1], 'readAt', ARGV[6]) end
for i = 2, 4 do redis.call('PEXPIRE', KEYS[i], ARGV[5]) end
redis.call('PUBLISH', ARGV[7], ARGV[8])
return 1`;

export interface Commit {
  readonly term: string;
  /** The revision before the batch. */
  readonly after: number;
  readonly batch: string;
  /** Ids with encoded objects; '' for removed ones. */
  readonly objects: readonly (readonly [string, string])[];
  readonly keepBatches: number;
  readonly ttlMs: number;
  /** The time of the complete read that produced the batch, if one did. */
  readonly readAt: WallMs | undefined;
  readonly channel: string;
  readonly text: string;
}

/** Adds a batch to a log. False when the lease is lost, or others have changed the log. */
export async function commit(redis: Redis, keys: LogKeys, it: Commit): Promise<boolean> {
  const reply = await redis.eval(
    commitScript,
    4,
    keys.lease,
    keys.head,
    keys.objects,
    keys.stream,
    it.term,
    it.after,
    it.batch,
    it.keepBatches,
    it.ttlMs,
    it.readAt ?? '',
    it.channel,
    it.text,
    ...it.objects.flat(),
  );
  return reply === 1;
}

/** A decoded entry of the stream. */
export interface StoredBatch<T> {
  readonly revision: number;
  readonly writer: string;
  /** The offset before its records. */
  readonly before: LogOffset;
  readonly batch: Batch<T>;
}

interface EncodedBatch<T> {
  readonly writer: string;
  readonly before: LogOffset;
  readonly records: readonly LogRecord<T>[];
  readonly patch: readonly (readonly [string, ObservedObject<T> | null])[];
  readonly read: boolean;
  readonly at: WallMs;
}

export const encodeBatch = <T>(writer: string, before: LogOffset, { records, patch, read, at }: Batch<T>): string =>
  encode({
    writer,
    before: { epoch: before.epoch, sequence: before.sequence },
    records,
    patch: Array.from(patch, ([id, observed]) => [id, observed ?? null] as const),
    read: read !== undefined,
    at,
  } satisfies EncodedBatch<T>);

function decodeEntry<T>([id, [, text = '']]: readonly [string, readonly string[]]): StoredBatch<T> {
  const { writer, before, records, patch, read, at } = decode(text) as EncodedBatch<T>;
  const known = new Map(patch.map(([object, observed]) => [object, observed ?? undefined]));
  const batch = { records, patch: known, read: read ? 0 : undefined, at };
  return { revision: Number(id.split('-')[0]), writer, before, batch };
}

/** Batches per reply. A log may have tens of megabytes, and one large reply would block the event loop and time out. */
const PAGE_SIZE = 500;

async function readEntries<T>(redis: Redis, { stream }: LogKeys, from: string, to: string): Promise<StoredBatch<T>[]> {
  const all: StoredBatch<T>[] = [];
  for (let start = from; ; ) {
    const page = await redis.xrange(stream, start, to, 'COUNT', PAGE_SIZE);
    for (const entry of page) all.push(decodeEntry<T>(entry));
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE_SIZE) return all;
    start = `(${last[0]}`;
  }
}

/** Reads the batches from this revision on, as far as they are stored. */
export const readSince = <T>(redis: Redis, keys: LogKeys, revision: number): Promise<StoredBatch<T>[]> =>
  readEntries<T>(redis, keys, `${revision}-0`, '+');

export interface StoredLog<T> {
  readonly revision: number;
  readonly writer: string;
  readonly snapshot: LogSnapshot<T>;
}

/**
 * Reads a consistent snapshot of a log. Rejects when a part is missing, which the next heartbeat repairs. `base`: the
 * start of an empty log.
 */
export async function readAll<T>(redis: Redis, keys: LogKeys, base: LogOffset): Promise<StoredLog<T>> {
  const replies = await redis.multi().hgetall(keys.head).hgetall(keys.objects).exec();
  const [head, objects] = (replies ?? []).map(([error, reply]) => {
    if (error) throw error;
    return reply;
  }) as [Record<string, string>, Record<string, string>];
  const revision = Number(head['revision'] ?? 0);
  const writer = head['writer'] ?? '';
  const batches = await readEntries<T>(redis, keys, '-', `${revision}-0`);
  if (revision > 0) {
    const last = batches.at(-1);
    if (last?.revision !== revision || last.writer !== writer || Number(head['count']) !== Object.keys(objects).length)
      throw new Error('Redis has evicted a part of an event log. Set maxmemory-policy to noeviction.');
  }
  const observed = Object.entries(objects).map(([id, text]) => [id, decode(text) as ObservedObject<T>] as const);
  return {
    revision,
    writer,
    snapshot: {
      base: batches[0]?.before ?? base,
      records: batches.flatMap(({ batch }) => batch.records),
      objects: head['complete'] === '1' ? new Map(observed) : undefined,
    },
  };
}
