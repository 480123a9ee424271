import type { Logger } from 'pino';
import type { Config } from '../config/index.ts';
import type { SharedRate } from '../upstream/index.ts';
import { keyOf } from '../watcher/codec.ts';
import type { JournalReader, JournalStore } from '../watcher/index.ts';
import { Bell } from './bell.ts';
import { connectRedis, type RedisSettings } from './connection.ts';
import { SharedCursorKey } from './cursor-key.ts';
import { RedisCache } from './redis-cache.ts';
import { RedisFellows } from './redis-fellows.ts';
import { RedisJournal } from './redis-journal.ts';
import { RedisPersistedQueries } from './redis-persisted-queries.ts';
import { redisRate } from './shared-rate.ts';

export interface Shared {
  readonly journals: JournalStore;
  readonly rate: SharedRate;
  readonly fellows: RedisFellows;
  /** Absent where persisted queries are not kept in Redis. */
  readonly persistedQueries: RedisPersistedQueries | undefined;
  /** Rejects when Redis cannot be reached, or takes nothing: one that is full, or a replica, answers a PING. */
  ping(): Promise<unknown>;
}

/** At the end, leases are given back, but not waited for longer than this, in ms. */
const longestFarewellMs = 2_000;

/** What gateways share through Redis. Does not wait for it. */
export async function share(
  settings: RedisSettings,
  { watch: { keepEvents }, upstream: { cacheMs, cacheMsByOperation }, principals, persistedQueries }: Config,
  log: Logger,
): Promise<Shared> {
  const connection = await connectRedis(settings, log);
  const { commands: redis, outage } = connection;
  const bell = new Bell(connection, settings.prefix, log);
  const cursorKey = new SharedCursorKey(redis, settings.prefix, settings.toleranceMs);
  const journals = new Map<string, RedisJournal<never>>();
  bell.listen((ring, from) => {
    if ('log' in ring) journals.get(ring.log)?.heard(ring, from);
  });
  redis.on('ready', () => {
    for (const journal of journals.values()) journal.look();
  });

  const longestTtlMs = Math.max(cacheMs, ...Object.values(cacheMsByOperation));
  const cache =
    settings.cache && new RedisCache({ redis, prefix: settings.prefix, ...settings.cache, longestTtlMs, principals });

  return {
    fellows: new RedisFellows(bell, cache),
    rate: redisRate(redis, settings.prefix),
    persistedQueries:
      persistedQueries?.store === 'redis'
        ? new RedisPersistedQueries(redis, settings.prefix, persistedQueries)
        : undefined,
    ping: () => redis.set(`${settings.prefix}ready`, '1', 'PX', 1_000),
    journals: {
      cursorKey: (use) => cursorKey.load(use),
      relay: {
        send: (message) => bell.ring({ kind: 'relay', message }),
        listen: (listener) => bell.listen((ring) => ring.kind === 'relay' && listener(ring.message)),
      },
      open<T>(principal: Parameters<JournalStore['open']>[0], name: string, reader: JournalReader<T>) {
        const key = keyOf(principal, name);
        const onForget = () => void journals.delete(key);
        const journal = new RedisJournal<T>(key, reader, { settings, keepEvents, redis, bell, outage, log, onForget });
        journals.set(key, journal as RedisJournal<never>);
        return journal;
      },
      async close() {
        const farewell = Promise.all([...journals.values()].map(({ idle }) => idle));
        let late: NodeJS.Timeout | undefined;
        await Promise.race([
          farewell,
          new Promise((resolve) => {
            late = setTimeout(resolve, longestFarewellMs);
          }),
        ]);
        clearTimeout(late);
        connection.close();
      },
    },
  };
}
