import type { Redis } from 'ioredis';

/**
 * Where the answers that one principal's processes share lie in Redis. `stamps`: a hash with a random stamp per operation, and one for all of them
 * (`everything`); a write puts new ones there, and an answer counts only under those that stood when its call was asked for.
 * Beside them is until when AWS's answers are not to be shared (`<operation>:until`, in ms of the server's clock).
 */
export interface CacheKeys {
  readonly stamps: string;
  readonly answer: string;
}

/** The braces put all keys of one principal into one slot of a cluster. */
export const cacheKeys = (prefix: string, owner: string, answer: string): CacheKeys => ({
  stamps: `${prefix}cache:{${owner}}:stamps`,
  answer: `${prefix}cache:{${owner}}:${answer}`,
});

/** Stamps that nobody uses go after this long, in ms. With new ones in their place, no older answer counts. */
const stampsTtlMs = 3_600_000;

const lookScript = `
local stamps = redis.call('HMGET', KEYS[1], 'everything', ARGV[1])
for i, field in ipairs({'everything', ARGV[1]}) do
  if not stamps[i] then
    stamps[i] = ARGV[2]
    redis.call('HSET', KEYS[1], field, ARGV[2])
  end
end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
local stamp = stamps[1] .. '.' .. stamps[2]
local kept = redis.call('GET', KEYS[2])
if kept and redis.call('PTTL', KEYS[2]) > tonumber(ARGV[4]) then
  redis.call('DEL', KEYS[2])
elseif kept and string.sub(kept, 1, #stamp + 1) == stamp .. ' ' then
  return {stamp, string.sub(kept, #stamp + 2), redis.call('PTTL', KEYS[2])}
end
return {stamp}`;

export interface Look {
  readonly stamp: string;
  readonly sealed: string | undefined;
  /** How long it may still be given, in ms. */
  readonly leftMs: number;
}

/**
 * `fresh`: a stamp for where there is none. `longestTtlMs`: an answer that would be kept for longer is from before a step back of the server's clock, by which Redis
 * lets keys expire, and may be older than it seems.
 */
export async function look(
  redis: Redis,
  keys: CacheKeys,
  operation: string,
  fresh: string,
  longestTtlMs: number,
): Promise<Look> {
  const given = [operation, fresh, stampsTtlMs, longestTtlMs];
  const reply = await redis.eval(lookScript, 2, keys.stamps, keys.answer, ...given);
  const [stamp, sealed, leftMs] = reply as [string, string?, number?];
  return { stamp, sealed, leftMs: leftMs ?? 0 };
}

const keepScript = `
local now = redis.call('HMGET', KEYS[1], 'everything', ARGV[1], 'everything:until', ARGV[1] .. ':until')
if not now[1] or not now[2] or now[1] .. '.' .. now[2] ~= ARGV[2] then return 0 end
local time = redis.call('TIME')
local ms = tonumber(time[1]) * 1000 + tonumber(time[2]) / 1000
for i, field in ipairs({'everything:until', ARGV[1] .. ':until'}) do
  local ending = tonumber(now[i + 2] or '0')
  -- The server's clock was stepped back since: how much of the time is left is not known.
  if ending > ms + tonumber(ARGV[5]) then
    ending = ms + tonumber(ARGV[5])
    redis.call('HSET', KEYS[1], field, string.format('%.0f', ending))
  end
  if ms < ending then return 0 end
end
redis.call('SET', KEYS[2], ARGV[2] .. ' ' .. ARGV[3], 'PX', ARGV[4])
return 1`;

export interface Keep {
  readonly operation: string;
  /** Of the look before the call. */
  readonly stamp: string;
  readonly sealed: string;
  readonly ttlMs: number;
  /** Of the writes, as in `change`. */
  readonly settleMs: number;
}

/** Keeps an answer, unless a write has made it doubtful. */
export const keep = (
  redis: Redis,
  keys: CacheKeys,
  { operation, stamp, sealed, ttlMs, settleMs }: Keep,
): Promise<unknown> => redis.eval(keepScript, 2, keys.stamps, keys.answer, operation, stamp, sealed, ttlMs, settleMs);

const changeScript = `
local time = redis.call('TIME')
local ending = string.format('%.0f', tonumber(time[1]) * 1000 + tonumber(ARGV[2]))
for i = 4, #ARGV do redis.call('HSET', KEYS[1], ARGV[i], ARGV[1], ARGV[i] .. ':until', ending) end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1`;

/** Makes everything that is kept of these operations count no more, and for `settleMs` nothing else be kept of them. `fresh`: a new stamp. */
export const change = (
  redis: Redis,
  stamps: string,
  operations: readonly string[],
  fresh: string,
  settleMs: number,
): Promise<unknown> => redis.eval(changeScript, 1, stamps, fresh, settleMs, stampsTtlMs, ...operations);
