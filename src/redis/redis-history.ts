import type { Redis } from 'ioredis';
import { type Clock, later, systemClock, type WallMs } from '../upstream/index.ts';
import { isBefore, placeOf, timeOf } from '../watcher/history/entry-ids.ts';
import { changeText, entryOf as parseEntry } from '../watcher/history/entry-text.ts';
import {
  dayMs,
  dayOf,
  isGapOf,
  maxChangesPerDay,
  maxChangesPerObjectAndDay,
  maxGaps,
  maxGapsRead,
  objectIdsOf,
} from '../watcher/history/history-types.ts';
import { mergeNewestFirst } from '../watcher/history/merge-newest-first.ts';
import type {
  HistoryBatch,
  HistoryEntry,
  HistoryGap,
  HistoryRange,
  HistoryStore,
  LogOffset,
} from '../watcher/index.ts';
import { offsetOf } from '../watcher/log-offset.ts';

/** The version of the stored format. Replicas with another version use other keys. */
const FORMAT_VERSION = 1;

/** The name of a history among replicas with the same format. */
export const historyName = (key: string): string => `h${FORMAT_VERSION}/${key}`;

/** The keys of a history. Their braces put them into one slot of a cluster. */
interface HistoryKeys {
  /** Stream: an entry per change. */
  readonly entries: string;
  /** Hash: where the history of each list ends. */
  readonly offsets: string;
  /** Sorted set: the keys of `gapValues` by their first time. */
  readonly gaps: string;
  readonly gapValues: string;
  /** Hash: the number of changes by object (of all under ''), and the times of the gaps. */
  day(number: number): string;
  /** Stream: the ids of the entries in the history of an object. */
  object(id: string): string;
}

const historyKeys = (prefix: string, name: string): HistoryKeys => {
  const of = (part: string) => `${prefix}{${name}}:${part}`;
  return {
    entries: of('entries'),
    offsets: of('offsets'),
    gaps: of('gaps'),
    gapValues: of('gapValues'),
    day: (number) => of(`day:${number}`),
    object: (id) => of(`of:${id}`),
  };
};

/**
 * Stores a batch if the history of its list ends at the expected offset. A process that has lost the list adds nothing,
 * however late its command arrives, and a retry whose first reply was lost adds nothing twice.
 */
const appendScript = `
local list, before, after, oldest, ttl = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local maxOfObject, maxOfDay, dayTtl = tonumber(ARGV[6]), tonumber(ARGV[7]), ARGV[8]
local known = redis.call('HGET', KEYS[2], list) or ''
if known == after then return 1 end
if known ~= before then return 0 end
redis.call('HSET', KEYS[2], list, after)
local function putGap(since, object, value)
  local key = since .. '!' .. object
  redis.call('ZADD', KEYS[4], since, key)
  redis.call('HSET', KEYS[5], key, value)
end
if ARGV[9] ~= '' then putGap(ARGV[9], '', ARGV[10]) end
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
local lastMs, lastNumber = string.match(last and last[1] or '0-0', '^(%d+)-(%d+)$')
lastMs, lastNumber = tonumber(lastMs), tonumber(lastNumber)
local i = 11
while i <= #ARGV do
  local at, object, count, value = tonumber(ARGV[i]), ARGV[i + 1], tonumber(ARGV[i + 2]), ARGV[i + 3]
  local ofDay = tonumber(redis.call('HGET', KEYS[3], '') or 0)
  local ofObject = tonumber(redis.call('HGET', KEYS[3], object) or 0)
  if ofDay >= maxOfDay or ofObject >= maxOfObject then
    local of = ofObject >= maxOfObject and object or ''
    redis.call('HSETNX', KEYS[3], 'since!' .. of, ARGV[i])
    local since = redis.call('HGET', KEYS[3], 'since!' .. of)
    local gap = { since = tonumber(since), ['until'] = at, missing = redis.call('HINCRBY', KEYS[3], 'missing!' .. of, 1) }
    if of ~= '' then gap.objectId = of end
    putGap(since, of, cjson.encode(gap))
  else
    redis.call('HINCRBY', KEYS[3], '', 1)
    redis.call('HINCRBY', KEYS[3], object, 1)
    if at > lastMs then lastMs, lastNumber = at, 0 else lastNumber = lastNumber + 1 end
    local id = string.format('%.0f-%.0f', lastMs, lastNumber)
    redis.call('XADD', KEYS[1], id, 'change', value)
    for k = 1, count do redis.call('XADD', KEYS[tonumber(ARGV[i + 3 + k])], id, '', '') end
  end
  i = i + 4 + count
end
redis.call('PEXPIRE', KEYS[3], dayTtl)
redis.call('XTRIM', KEYS[1], 'MINID', '~', oldest)
for k = 6, #KEYS do
  redis.call('XTRIM', KEYS[k], 'MINID', '~', oldest)
  redis.call('PEXPIRE', KEYS[k], ttl)
end
for _, key in ipairs(redis.call('ZRANGEBYSCORE', KEYS[4], '-inf', '(' .. oldest, 'LIMIT', 0, 100)) do
  redis.call('HDEL', KEYS[5], key)
  redis.call('ZREM', KEYS[4], key)
end
for k = 1, 5 do if k ~= 3 then redis.call('PEXPIRE', KEYS[k], ttl) end end
return 1`;

/** Retentions beyond this have no limit, in ms: about 285 years. */
const MAX_TTL_MS = 9e12;

export interface RedisHistoryOptions {
  readonly redis: Redis;
  readonly prefix: string;
  readonly retentionMs: number;
  readonly clock?: Pick<Clock, 'wallMs'>;
}

/**
 * The history of one organization in Redis, which all replicas read. Each list has one writer: the replica that leads.
 */
export class RedisHistory implements HistoryStore {
  readonly #redis: Redis;
  readonly #keys: HistoryKeys;
  readonly #retentionMs: number;
  readonly #clock: Pick<Clock, 'wallMs'>;

  /** `name`: a `historyName`. */
  constructor(name: string, { redis, prefix, retentionMs, clock = systemClock }: RedisHistoryOptions) {
    this.#redis = redis;
    this.#keys = historyKeys(prefix, name);
    this.#retentionMs = Math.min(retentionMs, MAX_TTL_MS);
    this.#clock = clock;
  }

  async offset(list: string): Promise<LogOffset | undefined> {
    const text = await this.#redis.hget(this.#keys.offsets, list);
    return text === null ? undefined : (JSON.parse(text) as LogOffset);
  }

  async append({ list, before, after, changes, gap }: HistoryBatch): Promise<boolean> {
    const { entries, offsets, gaps, gapValues, day, object } = this.#keys;
    const latest = changes.at(-1)?.at ?? this.#clock.wallMs();
    const keys = [entries, offsets, day(dayOf(latest)), gaps, gapValues];
    const places = new Map<string, number>();
    const keyOfObject = (id: string) => {
      const known = places.get(id);
      if (known !== undefined) return known;
      keys.push(object(id));
      places.set(id, keys.length);
      return keys.length;
    };
    const values = changes.flatMap((change) => {
      const { at, objectId } = change;
      const indexes = objectIdsOf(change).map(keyOfObject);
      return [at, objectId, indexes.length, changeText(change), ...indexes];
    });
    const reply = await this.#redis.eval(
      appendScript,
      keys.length,
      ...keys,
      ...[list, offsetText(before), offsetText(after), this.#oldest, this.#retentionMs + dayMs],
      ...[maxChangesPerObjectAndDay, maxChangesPerDay, 2 * dayMs],
      ...[gap === undefined ? '' : gap.since, gap === undefined ? '' : JSON.stringify(gap)],
      ...values,
    );
    return reply === 1;
  }

  async read({ objectIds, before, since, until, limit }: HistoryRange): Promise<readonly HistoryEntry[]> {
    const from = String(Math.max(since ?? 0, this.#oldest));
    // Whichever comes first. A time alone includes all of its entries.
    const isBeforeUntil = before !== undefined && (until === undefined || timeOf(before) <= until);
    const to = isBeforeUntil ? `(${before}` : String(until ?? '+');
    const { entries, object } = this.#keys;
    if (objectIds === undefined) {
      const found = await this.#redis.xrevrange(entries, to, from, 'COUNT', limit);
      return found.map(([id, fields]) => entryOf(id, fields));
    }
    const indexes = await Promise.all(
      [...new Set(objectIds)].map(async (id) => {
        const found = await this.#redis.xrevrange(object(id), to, from, 'COUNT', limit);
        return found.map(([place]) => place);
      }),
    );
    const ids = mergeNewestFirst(indexes, limit, (a, b) => isBefore(b, a));
    if (ids.length === 0) return [];
    const pipeline = this.#redis.pipeline();
    for (const id of ids) pipeline.xrange(entries, id, id);
    const replies = (await pipeline.exec()) ?? [];
    return replies.flatMap(([error, reply]) => {
      if (error) throw error;
      // It has expired meanwhile.
      return (reply as [string, string[]][]).map(([id, fields]) => entryOf(id, fields));
    });
  }

  async gaps(since: WallMs, until: WallMs, objectIds: readonly string[] | undefined): Promise<readonly HistoryGap[]> {
    const { gaps, gapValues } = this.#keys;
    const keys = await this.#redis.zrevrangebyscore(gaps, until, '-inf', 'LIMIT', 0, maxGapsRead);
    const wanted = keys.filter((key) => isGapOf({ objectId: key.slice(key.indexOf('!') + 1) || undefined }, objectIds));
    if (wanted.length === 0) return [];
    const texts = await this.#redis.hmget(gapValues, ...wanted);
    const found = texts.flatMap((text) => (text === null ? [] : (JSON.parse(text) as HistoryGap)));
    return found.filter((gap) => gap.until >= since).slice(0, maxGaps);
  }

  close(): void {}

  /** Earlier changes have expired. */
  get #oldest(): WallMs {
    return Math.max(0, later(this.#clock.wallMs(), -this.#retentionMs)) as WallMs;
  }
}

const offsetText = (offset: LogOffset | undefined): string =>
  offset === undefined ? '' : JSON.stringify(offsetOf(offset));

const entryOf = (id: string, [, text = '']: readonly string[]): HistoryEntry => parseEntry(placeOf(id), text);
