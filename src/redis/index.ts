import type { Logger } from 'pino';
import type { Config } from '../config/index.ts';
import type { SharedRate } from '../upstream/index.ts';
import { keyOf } from '../watcher/codec.ts';
import type { JournalReader, JournalStore } from '../watcher/index.ts';
import { connectRedis, type RedisSettings } from './connection.ts';
import { SharedCursorKey } from './cursor-key.ts';
import { RedisPersistedQueries } from './persisted-queries.ts';
import { PubSub } from './pub-sub.ts';
import { historyName, RedisHistory } from './redis-history.ts';
import { RedisJournal } from './redis-journal.ts';
import { outboxName, RedisOutboxStore } from './redis-outbox-store.ts';
import { RedisCache, RedisReplicas } from './shared-cache.ts';
import { redisRate } from './shared-rate.ts';
import { logName } from './stored-log.ts';

export interface SharedState {
  readonly journals: JournalStore;
  readonly rate: SharedRate;
  readonly replicas: RedisReplicas;
  /** Undefined unless persistedQueries.store is `redis`. */
  readonly persistedQueries: RedisPersistedQueries | undefined;
  /**
   * Rejects when Redis is unreachable or rejects writes. PING would succeed on a full Redis and on a read-only replica.
   */
  ping(): Promise<unknown>;
}

/** Shutdown waits at most this long for leases to be released, in ms. */
const MAX_RELEASE_MS = 2_000;

/** Creates the state that gateways share through Redis. Does not wait for the connection. */
export async function createSharedState(
  settings: RedisSettings,
  { watch: { keepEvents }, history, upstream: { cacheMs, cacheMsByOperation }, principals, persistedQueries }: Config,
  log: Logger,
): Promise<SharedState> {
  const connection = await connectRedis(settings, log);
  const { commands: redis, outages } = connection;
  const pubSub = new PubSub(connection, settings.prefix, log);
  const cursorKey = new SharedCursorKey(redis, settings.prefix, settings.toleranceMs);
  const journals = new Map<string, RedisJournal<never>>();
  /** Leases of journals that are not used any more. */
  const releasing = new Set<Promise<void>>();
  pubSub.onMessage((message, from) => {
    if ('log' in message) journals.get(message.log)?.receive(message, from);
  });
  redis.on('ready', () => {
    for (const journal of journals.values()) journal.sendHeartbeat();
  });

  const maxTtlMs = Math.max(cacheMs, ...Object.values(cacheMsByOperation));
  const cache =
    settings.cache && new RedisCache({ redis, prefix: settings.prefix, ...settings.cache, maxTtlMs, principals });

  return {
    replicas: new RedisReplicas(pubSub, cache),
    rate: redisRate(redis, settings.prefix),
    persistedQueries:
      persistedQueries?.store === 'redis'
        ? new RedisPersistedQueries(redis, settings.prefix, persistedQueries)
        : undefined,
    ping: () => redis.set(`${settings.prefix}ready`, '1', 'PX', 1_000),
    journals: {
      cursorKey: (use) => cursorKey.load(use),
      relay: {
        send: (message) => pubSub.deliver({ kind: 'watcherMessage', message }),
        listen: (listener) =>
          pubSub.onMessage((message) => message.kind === 'watcherMessage' && listener(message.message)),
      },
      open<T>(principal: Parameters<JournalStore['open']>[0], name: string, reader: JournalReader<T>) {
        const key = logName(keyOf(principal, name));
        const onForget = () => {
          journals.delete(key);
          const { leaseReleased } = journal;
          releasing.add(leaseReleased);
          void leaseReleased.finally(() => releasing.delete(leaseReleased));
        };
        const journal: RedisJournal<T> = new RedisJournal<T>(key, reader, {
          settings,
          keepEvents,
          redis,
          pubSub,
          outages,
          log,
          onForget,
        });
        journals.set(key, journal as RedisJournal<never>);
        return journal;
      },
      openHistory: (principal, name) =>
        new RedisHistory(historyName(keyOf(principal, name)), {
          redis,
          prefix: settings.prefix,
          retentionMs: history.retentionMs,
        }),
      openOutbox: (principal, destination) =>
        new RedisOutboxStore(outboxName(keyOf(principal, destination)), {
          redis,
          prefix: settings.prefix,
          leaseMs: settings.leaseMs,
        }),
      async close() {
        const released = Promise.all([...releasing, ...[...journals.values()].map((one) => one.leaseReleased)]);
        let timer: NodeJS.Timeout | undefined;
        await Promise.race([
          released,
          new Promise((resolve) => {
            timer = setTimeout(resolve, MAX_RELEASE_MS);
          }),
        ]);
        clearTimeout(timer);
        connection.close();
      },
    },
  };
}
