import type { Redis } from 'ioredis';
import { maxLeaseMs } from '../config/redis.ts';
import type { WallMs } from '../upstream/index.ts';

/** Where a log lies in Redis. The braces put its keys into one slot of a cluster. */
export interface LogKeys {
  /** String: the term of who leads, while it does. */
  readonly lease: string;
  /** Hash: `revision` (batches so far), `writer` (term that wrote the last), `count` (of objects), `complete`, `read` (term of the last complete read), `readAt`. */
  readonly head: string;
  /** Hash: what is known of each object, by id. */
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

export interface Standing {
  /** The term that leads; empty when none does. */
  readonly leader: string;
  readonly revision: number;
  readonly writer: string;
  /** The term in which the list was last read to its end, and on which date. */
  readonly read: string;
  readonly readAt: WallMs;
  /** When the lease ends if it is not renewed, in ms from now. */
  readonly leaseLeftMs: number;
}

/**
 * A Redis that is full and evicts takes one key of a log and leaves the others: what is left would pass for all there is. Such a log is deleted, and
 * then filled again as in a Redis that came back empty.
 */
const sound = `
local function sound(head, objects, stream)
  local known = redis.call('HMGET', head, 'revision', 'count')
  if known[1] and tonumber(known[2]) == redis.call('HLEN', objects) and redis.call('EXISTS', stream) == 1 then return true end
  redis.call('DEL', head, objects, stream)
  return false
end`;

const beatScript = `${sound}
local leader = redis.call('GET', KEYS[1])
if leader == ARGV[1] or (not leader and ARGV[3] == '1') then
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
  leader = ARGV[1]
elseif leader and redis.call('PTTL', KEYS[1]) > tonumber(ARGV[4]) then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
leader = leader or ''
sound(KEYS[2], KEYS[3], KEYS[4])
local head = redis.call('HMGET', KEYS[2], 'revision', 'writer', 'read', 'readAt')
return {leader, head[1] or '0', head[2] or '', head[3] or '', head[4] or '0', redis.call('PTTL', KEYS[1])}`;

/**
 * Takes the lease when it is free and `mayLead`, keeps it when `term` has it, and says how the log stands. To keep it takes a write as well, so that where Redis
 * is full (`maxmemory`) and takes none, no replica passes for one that could add to the log, and all notice. A lease that would last for longer than any can
 * is from before a step back of the server's clock, by which Redis lets keys expire: it is shortened, as its holder may be dead.
 */
export async function beat(
  redis: Redis,
  { lease, head, objects, stream }: LogKeys,
  term: string,
  leaseMs: number,
  mayLead: boolean,
): Promise<Standing> {
  const given = [term, leaseMs, mayLead ? '1' : '0', maxLeaseMs];
  const reply = await redis.eval(beatScript, 4, lease, head, objects, stream, ...given);
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

export const release = (redis: Redis, keys: LogKeys, term: string, bell: string, text: string): Promise<unknown> =>
  redis.eval(releaseScript, 1, keys.lease, term, bell, text);

const readScript = `${sound}
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if not sound(KEYS[2], KEYS[3], KEYS[4]) then return 0 end
if tonumber(redis.call('HGET', KEYS[2], 'revision') or '0') ~= tonumber(ARGV[6]) then return 0 end
local first = redis.call('HGET', KEYS[2], 'read') ~= ARGV[1]
redis.call('HSET', KEYS[2], 'read', ARGV[1], 'readAt', ARGV[2])
for i = 2, 4 do redis.call('PEXPIRE', KEYS[i], ARGV[3]) end
if first then redis.call('PUBLISH', ARGV[4], ARGV[5]) end
return 1`;

/** Notes that the list was read to its end and showed nothing new: what is watched stays. False when the lease is lost, or the log is not as it was left. */
export async function markRead(
  redis: Redis,
  { lease, head, objects, stream }: LogKeys,
  { term, after, readAt, ttlMs, bell, text }: Omit<Commit, 'batch' | 'objects' | 'keepBatches'>,
): Promise<boolean> {
  const given = [term, readAt ?? '', ttlMs, bell, text, after];
  return (await redis.eval(readScript, 4, lease, head, objects, stream, ...given)) === 1;
}

/**
 * Whoever lost the lease adds nothing, however late its command comes. A batch that was added, and whose answer was lost with the
 * connection, is known by its revision and writer when it comes again.
 */
const commitScript = `${sound}
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
sound(KEYS[2], KEYS[3], KEYS[4])
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
  /** Revision that it follows. */
  readonly after: number;
  readonly batch: string;
  /** Id and what is known of it, '' for nothing more. */
  readonly objects: readonly (readonly [string, string])[];
  readonly keepBatches: number;
  readonly ttlMs: number;
  /** When the list was read to its end, if this comes of that. */
  readonly readAt: WallMs | undefined;
  readonly bell: string;
  readonly text: string;
}

/** Adds a batch to a log. False when the lease is lost, or others have added to it. */
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
    it.bell,
    it.text,
    ...it.objects.flat(),
  );
  return reply === 1;
}
