import type { Redis } from 'ioredis';
import type { SharedRate } from '../upstream/index.ts';
import { CircuitBreaker } from './connection.ts';

/**
 * Stores the token bucket as the time at which it is full again (the generic cell rate algorithm), on the server's
 * clock, because the replicas' clocks differ. The second number is the time at which it was stored: if that is in the
 * future, the server's clock was stepped back, and the first is corrected by the difference.
 */
const takeScript = `
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + tonumber(time[2]) / 1000
local interval, burst, maxWait = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local fullAt, storedAt = string.match(redis.call('GET', KEYS[1]) or '', '^(%S+) ?(%S*)')
local stepped = math.max(0, (tonumber(storedAt or '') or now) - now)
local full = math.max((tonumber(fullAt or '') or 0) - stepped, now)
local wait = math.max(0, full + interval - burst * interval - now)
if wait > maxWait then return -math.ceil(wait) end
redis.call('SET', KEYS[1], string.format('%.3f %.3f', full + interval, now), 'PX', math.ceil(full + interval - now) + 1000)
return math.ceil(wait)`;

/** A call waits at most this long for Redis, in ms. */
const TAKE_TIMEOUT_MS = 250;

/**
 * Creates one bucket per account and operation for all replicas. While Redis is unreachable, each replica uses its own
 * bucket.
 */
export const redisRate = (redis: Redis, prefix: string): SharedRate => {
  const breaker = new CircuitBreaker(redis, TAKE_TIMEOUT_MS);
  return {
    async take(account, operation, { rate, burst }, maxWaitMs) {
      if (!Number.isFinite(rate)) return 0;
      const key = `${prefix}rate:${account}:${operation}`;
      const maxWait = Number.isFinite(maxWaitMs) ? Math.max(0, Math.floor(maxWaitMs)) : Number.MAX_SAFE_INTEGER;
      return Number((await breaker.run(() => redis.eval(takeScript, 1, key, 1000 / rate, burst, maxWait))) ?? 0);
    },
  };
};
