import type { Redis } from 'ioredis';
import type { SharedRate } from '../upstream/index.ts';
import { CircuitBreaker } from './connection.ts';

/**
 * The token bucket as the time at which it is full again (the generic cell rate algorithm). A call books its token, perhaps for later, unless it
 * cannot wait that long. The time is the server's, as the replicas' clocks differ. Beside it stands when it was stored: if that is in the future, the
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

/** A call waits at most this long for Redis, in ms. */
const TAKE_TIMEOUT_MS = 250;

/** One bucket per account and operation for all replicas. Without Redis, each keeps to its own bucket. */
export const redisRate = (redis: Redis, prefix: string): SharedRate => {
  const breaker = new CircuitBreaker(redis, TAKE_TIMEOUT_MS);
  return {
    async take(account, operation, { rate, burst }, longestMs) {
      if (!Number.isFinite(rate)) return 0;
      const key = `${prefix}rate:${account}:${operation}`;
      const longest = Number.isFinite(longestMs) ? Math.max(0, Math.floor(longestMs)) : Number.MAX_SAFE_INTEGER;
      return Number((await breaker.run(() => redis.eval(takeScript, 1, key, 1000 / rate, burst, longest))) ?? 0);
    },
  };
};
