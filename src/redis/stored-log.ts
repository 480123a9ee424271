import type { Redis } from 'ioredis';
import { maxLeaseMs } from '../config/redis.ts';
import type { WallMs } from '../upstream/index.ts';
import type { LogOffset } from '../watcher/index.ts';
import { offsetOf } from '../watcher/log-offset.ts';
import type { Part } from './batch-parts.ts';

/**
 * The version of all that replicas store and send for a log. Replicas with another version use other keys and ignore
 * each other's messages, so that each version polls for itself during an upgrade. Increase it with every change that
 * an older replica cannot read.
 */
const FORMAT_VERSION = 2;

/** The name of a log among replicas with the same format. */
export const logName = (key: string): string => `v${FORMAT_VERSION}/${key}`;

/** The keys of a log. Their braces put them into one slot of a cluster. */
export interface LogKeys {
  /** String: the term of the leader. */
  readonly lease: string;
  /**
   * Hash: `tail` (number of the last entry of `batches`) and `tailWriter` (the term that added it); `revision` (number
   * of the last entry of the last complete batch) and `writer` (its term); `applied` (number of the last entry whose
   * records are in `events` and whose objects are in `objects`; below `revision` only while a long batch is applied);
   * `count` (of objects), `events` (their number), `base` (the offset before the first event ever), `created` (term
   * that created the log), `complete`, `read` (term of the last complete read), `readAt`, `progress`, `asOf`.
   */
  readonly head: string;
  /** Hash: the last version of each object, by id. */
  readonly objects: string;
  /** Stream: an entry per event; its id is `<entry in batches>-<number in the entry>`. */
  readonly events: string;
  /**
   * Stream: the last batches for replicas that follow, an entry per part; its id is `<number>-0`. An entry above
   * `revision` is part of a batch that is not complete.
   */
  readonly batches: string;
}

export const logKeys = (prefix: string, log: string): LogKeys => ({
  lease: `${prefix}{${log}}:lease`,
  head: `${prefix}{${log}}:head`,
  objects: `${prefix}{${log}}:objects`,
  events: `${prefix}{${log}}:events`,
  batches: `${prefix}{${log}}:batches`,
});

/** Logs without a leader expire after this time, in ms. */
const TTL_MS = 7 * 86_400_000;
/** Replicas follow within seconds, so that batches that are applied expire earlier, in ms. */
const BATCHES_TTL_MS = 3_600_000;
/** The number of entries of `batches` that are kept. A replica that is further behind reads the whole log. */
const KEPT_ENTRIES = 256;

export interface LogStatus {
  /** The term of the leader; empty if there is none. */
  readonly leader: string;
  readonly revision: number;
  readonly writer: string;
  readonly tail: number;
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
local function isIntact()
  local head = redis.call('HMGET', KEYS[2], 'tail', 'count', 'events', 'applied', 'revision')
  if head[1] and tonumber(head[2]) == redis.call('HLEN', KEYS[3]) and tonumber(head[3]) == redis.call('XLEN', KEYS[4])
    and (head[4] == head[5] or redis.call('EXISTS', KEYS[5]) == 1) then return true end
  redis.call('UNLINK', KEYS[2], KEYS[3], KEYS[4], KEYS[5])
  return false
end
local function isLeader() return redis.call('GET', KEYS[1]) == ARGV[1] end
`;

/** Every script has these keys, and the term as its first argument. */
const run = (redis: Redis, script: string, keys: LogKeys, ...args: (string | number)[]): Promise<unknown> =>
  redis.eval(isIntact + script, 5, keys.lease, keys.head, keys.objects, keys.events, keys.batches, ...args);

const renewScript = `
local leader = redis.call('GET', KEYS[1])
if leader == ARGV[1] or (not leader and ARGV[3] == '1') then
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
  leader = ARGV[1]
elseif leader and redis.call('PTTL', KEYS[1]) > tonumber(ARGV[4]) then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
leader = leader or ''
isIntact()
local head = redis.call('HMGET', KEYS[2], 'revision', 'writer', 'tail', 'read', 'readAt')
return {leader, head[1] or '0', head[2] or '', head[3] or '0', head[4] or '', head[5] or '0', redis.call('PTTL', KEYS[1])}`;

/**
 * Takes the lease if it is free and `mayLead`, renews it if `term` has it, and returns the status of the log. Renewing
 * is a write, so that all replicas notice a Redis that is full (`maxmemory`) and none leads. A lease longer than the
 * maximum is from before a step back of the server's clock, by which keys expire; it is shortened, because its holder
 * may be dead.
 */
export async function renewLease(
  redis: Redis,
  keys: LogKeys,
  term: string,
  leaseMs: number,
  mayLead: boolean,
): Promise<LogStatus> {
  const reply = await run(redis, renewScript, keys, term, leaseMs, mayLead ? '1' : '0', maxLeaseMs);
  const [leader = '', revision, writer = '', tail, read = '', readAt, left] = (reply as unknown[]).map(String);
  return {
    leader,
    revision: Number(revision),
    writer,
    tail: Number(tail),
    read,
    readAt: Number(readAt) as WallMs,
    leaseLeftMs: Number(left),
  };
}

const headScript = `
isIntact()
return redis.call('HGETALL', KEYS[2])`;

/** Returns the head of a log; empty if there is no complete log. */
export async function readHead(redis: Redis, keys: LogKeys): Promise<ReadonlyMap<string, string>> {
  const fields = (await run(redis, headScript, keys, '')) as string[];
  const head = new Map<string, string>();
  for (let index = 0; index < fields.length; index += 2) head.set(fields[index] ?? '', fields[index + 1] ?? '');
  return head;
}

const releaseScript = `
if not isLeader() then return 0 end
redis.call('DEL', KEYS[1])
return redis.call('PUBLISH', ARGV[2], ARGV[3])`;

export const releaseLease = (
  redis: Redis,
  keys: LogKeys,
  term: string,
  channel: string,
  text: string,
): Promise<unknown> => run(redis, releaseScript, keys, term, channel, text);

/**
 * `done`: or it was done before, and the reply was lost. `lost`: the lease is lost, or others have changed the log.
 * `unapplied`: an earlier batch has to be applied first.
 */
export type Outcome = 'done' | 'lost' | 'unapplied';
const outcomes: readonly Outcome[] = ['lost', 'done', 'unapplied'];
const outcomeOf = (reply: unknown): Outcome => outcomes[Number(reply)] ?? 'lost';

interface Publication {
  readonly term: string;
  /** The Pub/Sub channel and message that notify the other replicas. */
  readonly channel: string;
  readonly text: string;
}

export interface MarkRead extends Publication {
  /** The revision that was read. */
  readonly revision: number;
  readonly readAt: WallMs;
}

const readScript = `
if not isLeader() or not isIntact() then return 0 end
local head = redis.call('HMGET', KEYS[2], 'revision', 'applied', 'read')
if tonumber(head[1]) ~= tonumber(ARGV[2]) then return 0 end
if head[1] ~= head[2] then return 2 end
redis.call('HSET', KEYS[2], 'read', ARGV[1], 'readAt', ARGV[3])
for i = 2, 4 do redis.call('PEXPIRE', KEYS[i], ARGV[4]) end
if head[3] ~= ARGV[1] then redis.call('PUBLISH', ARGV[5], ARGV[6]) end
return 1`;

/** Records a complete read without changes, so that the log does not expire. */
export const markRead = async (redis: Redis, keys: LogKeys, mark: MarkRead): Promise<Outcome> =>
  outcomeOf(await run(redis, readScript, keys, mark.term, mark.revision, mark.readAt, TTL_MS, mark.channel, mark.text));

/** Moves the records and objects of an entry of `batches` to `events` and `objects`. */
const applyEntry = `
local function applyEntry(number, keptEvents)
  local id = string.format('%.0f', number)
  local entry = redis.call('XRANGE', KEYS[5], id, id)[1][2]
  local firstObject = 3 + 2 * tonumber(entry[1])
  for i = 4, firstObject - 1, 2 do
    redis.call('XADD', KEYS[4], 'MAXLEN', keptEvents, id .. '-' .. (i / 2 - 1), 'record', entry[i])
  end
  local known, removed = {}, {}
  for i = firstObject, #entry, 2 do
    if entry[i + 1] == '' then removed[#removed + 1] = entry[i]
    else
      known[#known + 1] = entry[i]
      known[#known + 1] = entry[i + 1]
    end
  end
  if #known > 0 then redis.call('HSET', KEYS[3], unpack(known)) end
  if #removed > 0 then redis.call('HDEL', KEYS[3], unpack(removed)) end
  redis.call('HSET', KEYS[2], 'applied', id, 'count', redis.call('HLEN', KEYS[3]), 'events', redis.call('XLEN', KEYS[4]))
end
`;

/**
 * A process without the lease adds nothing, however late its command arrives. When the reply to a part is lost, the
 * retry is recognized by its number and writer. The last part of a batch makes it take effect.
 */
const addScript = `${applyEntry}
if not isLeader() then return 0 end
isIntact()
local head = redis.call('HMGET', KEYS[2], 'tail', 'tailWriter', 'applied', 'revision')
local part, number = tonumber(ARGV[3]), tonumber(ARGV[2]) + 1
local id = string.format('%.0f', number)
if head[1] == id and head[2] == ARGV[1] then return 1 end
if tonumber(head[1] or '0') ~= number - 1 then return 0 end
if head[3] ~= head[4] then return 2 end
if part > 0 and redis.call('EXISTS', KEYS[5]) == 0 then return 0 end
if not head[1] then
  redis.call('HSET', KEYS[2], 'revision', 0, 'applied', 0, 'count', 0, 'events', 0, 'base', ARGV[12], 'created', ARGV[1])
end
redis.call('XADD', KEYS[5], 'MAXLEN', math.max(tonumber(ARGV[7]), part + 1), id .. '-0', unpack(ARGV, 15))
redis.call('HSET', KEYS[2], 'tail', id, 'tailWriter', ARGV[1])
if ARGV[4] == '1' then
  redis.call('HSET', KEYS[2], 'revision', id, 'writer', ARGV[1], 'applied', string.format('%.0f', number - part - 1))
  if ARGV[9] ~= '' then redis.call('HSET', KEYS[2], 'complete', '1', 'read', ARGV[1], 'readAt', ARGV[9]) end
  if ARGV[10] ~= '' then redis.call('HSET', KEYS[2], 'progress', string.sub(ARGV[10], 2)) end
  if ARGV[11] ~= '' then redis.call('HSET', KEYS[2], 'asOf', ARGV[11]) end
  if part == 0 then applyEntry(number, ARGV[8]) end
  redis.call('PUBLISH', ARGV[13], ARGV[14])
end
for i = 2, 4 do redis.call('PEXPIRE', KEYS[i], ARGV[5]) end
redis.call('PEXPIRE', KEYS[5], part == 0 and ARGV[4] == '1' and ARGV[6] or ARGV[5])
return 1`;

export interface AddPart extends Publication {
  /** The number of the last entry before the part. */
  readonly tail: number;
  readonly part: Part;
  /** The offset before the records of the batch. */
  readonly before: LogOffset;
  readonly keepEvents: number;
  /** The date of the complete read that produced the batch, if one did. */
  readonly readAt: WallMs | undefined;
  readonly progress: string | undefined;
  readonly asOf: WallMs | undefined;
}

/** One event more than are replayed is stored, so that the offset before the oldest is known. */
const keptEvents = (keepEvents: number) => keepEvents + 1;

/** Adds a part of a batch to a log. A batch of one part is applied at once, a longer one by `applyNext`. */
export async function addPart(redis: Redis, keys: LogKeys, it: AddPart): Promise<Outcome> {
  const reply = await run(
    redis,
    addScript,
    keys,
    it.term,
    it.tail,
    it.part.number,
    it.part.isLast ? '1' : '',
    TTL_MS,
    BATCHES_TTL_MS,
    KEPT_ENTRIES,
    keptEvents(it.keepEvents),
    it.readAt ?? '',
    // Distinguishes an empty text from none.
    it.progress === undefined ? '' : `=${it.progress}`,
    it.asOf ?? '',
    JSON.stringify(offsetOf(it.before)),
    it.channel,
    it.text,
    ...it.part.fields,
  );
  return outcomeOf(reply);
}

const applyScript = `${applyEntry}
if not isLeader() or not isIntact() then return 0 end
local head = redis.call('HMGET', KEYS[2], 'applied', 'revision')
if head[1] == head[2] then return 1 end
applyEntry(tonumber(head[1]) + 1, ARGV[2])
if redis.call('HGET', KEYS[2], 'applied') ~= head[2] then return 2 end
redis.call('PEXPIRE', KEYS[5], ARGV[3])
return 1`;

/** Applies the next part of a long batch that is complete. `unapplied`: more parts remain. */
export const applyNext = async (redis: Redis, keys: LogKeys, term: string, keepEvents: number): Promise<Outcome> =>
  outcomeOf(await run(redis, applyScript, keys, term, keptEvents(keepEvents), BATCHES_TTL_MS));
