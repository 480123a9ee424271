import type { Redis } from 'ioredis';
import type { SharedRate } from '../upstream/index.ts';
import { Patience } from './patience.ts';

/**
 * AWS's token bucket as a time: that at which it is full again (the generic cell rate algorithm). A call books its token, perhaps for later; one that
 * could not wait so long books none. The time is the server's, for the replicas' clocks differ. Beside it is when it was noted: if that is yet to come, the
 * server's clock was stepped back since, and all times move with it.
 */
const takeScript = `
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + tonumber(time[2]) / 1000
local interval, burst, longest = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local noted, at = string.match(redis.call('GET', KEYS[1]) or '', '^(%S+) ?(%S*)')
local stepped = math.max(0, (tonumber(at or '') or now) - now)
local full = math.max((tonumber(noted or '') or 0) - stepped, now)
local wait = math.max(0, full + interval - burst * interval - now)
if wait > longest then return -math.ceil(wait) end
redis.call('SET', KEYS[1], string.format('%.3f %.3f', full + interval, now), 'PX', math.ceil(full + interval - now) + 1000)
return math.ceil(wait)`;

/** A call waits this long, in ms, for Redis to say when its turn is. */
const takeWithinMs = 250;

/** One bucket per account and operation for all replicas. While Redis is away, each keeps to its own bucket. */
export const redisRate = (redis: Redis, prefix: string): SharedRate => {
  const patience = new Patience(redis, takeWithinMs);
  return {
    async take(account, operation, { rate, burst }, longestMs) {
      if (!Number.isFinite(rate)) return 0;
      const key = `${prefix}rate:${account}:${operation}`;
      const longest = Number.isFinite(longestMs) ? Math.max(0, Math.floor(longestMs)) : Number.MAX_SAFE_INTEGER;
      return Number((await patience.try(() => redis.eval(takeScript, 1, key, 1000 / rate, burst, longest))) ?? 0);
    },
  };
};
