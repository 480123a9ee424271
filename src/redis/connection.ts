import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { Config } from '../config/index.ts';

export type RedisSettings = NonNullable<Config['redis']>;

/** A command without a reply fails after this time, in ms: a server that hangs counts as unreachable. */
const COMMAND_TIMEOUT_MS = 2_000;
const MAX_RETRY_MS = 1_000;
/** Writes to AWS wait for Redis at most this long, in ms. */
export const WRITE_TIMEOUT_MS = 500;

const options = {
  commandTimeout: COMMAND_TIMEOUT_MS,
  connectTimeout: 2_000,
  // Closes a connection to a server that hangs, so that commands do not queue up.
  socketTimeout: 10_000,
  // A command that cannot be sent fails at once, and its sender decides whether to retry.
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  retryStrategy: (times: number) => Math.min(50 * 2 ** times, MAX_RETRY_MS),
};

/** The two connections to Redis: one for commands, and one for the Pub/Sub channel. Both reconnect for ever. */
export interface RedisConnection {
  readonly commands: Redis;
  readonly subscriber: Redis;
  readonly outages: OutageReporter;
  close(): void;
}

/** Does not wait for Redis: the gateway starts and serves queries without it. */
export async function connectRedis(settings: RedisSettings, log: Logger): Promise<RedisConnection> {
  const { Redis } = await import('ioredis');
  const commands = new Redis(settings.url, { ...options, connectionName: 'orgql' });
  // ioredis renews the subscription itself, and must queue it until it is connected.
  const subscriber = new Redis(settings.url, {
    ...options,
    connectionName: 'orgql-listener',
    enableOfflineQueue: true,
  });
  const outages = new OutageReporter(log);
  commands.on('error', (error: Error) => outages.reportFailure(commands, error));
  commands.on('ready', () => outages.reportSuccess(commands));
  subscriber.on('error', (error: Error) =>
    log.debug({ reason: reasonOf(error) }, 'The Pub/Sub connection to Redis failed and reconnects'),
  );
  return {
    commands,
    subscriber,
    outages,
    close() {
      commands.disconnect();
      subscriber.disconnect();
    },
  };
}

/**
 * Returns the message of a Redis error. Its other members must not be logged: they hold the command, with passwords and
 * data.
 */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}

/** Logs once that Redis fails, and once that it works again, however many components report it. */
export class OutageReporter {
  readonly #log: Logger;
  /** The components for which Redis fails. */
  readonly #affected = new Set<object>();
  #isReported = false;

  constructor(log: Logger) {
    this.#log = log;
  }

  reportFailure(component: object, error: unknown): void {
    this.#affected.add(component);
    if (this.#isReported) return;
    this.#isReported = true;
    this.#log.warn(
      { reason: reasonOf(error) },
      'Redis is unreachable or rejects writes: subscriptions wait, queries continue. Check redis.url and the Redis server.',
    );
  }

  reportSuccess(component: object): void {
    this.#affected.delete(component);
    if (!this.#isReported || this.#affected.size > 0) return;
    this.#isReported = false;
    this.#log.warn('Redis works again');
  }

  /** Removes a component that stops, which does not prove that Redis works. */
  remove(component: object): void {
    this.#affected.delete(component);
  }
}

/** Settles as `work` does, or rejects after `ms` ms. */
export function withTimeout<T>(ms: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    // If this process was busy, the reply may have arrived already, and is read before setImmediate runs.
    const fail = () => setImmediate(reject, new Error(`Redis does not reply within ${ms} ms.`));
    const timer = setTimeout(fail, ms);
    work.finally(() => clearTimeout(timer)).then(resolve, reject);
  });
}

/** The circuit stays open for this time, in ms. */
const OPEN_MS = 1_000;

/**
 * Runs optional work in Redis with a timeout, and skips it for a while after a failure, so that a Redis that hangs
 * delays nothing.
 */
export class CircuitBreaker {
  readonly #timeoutMs: number;
  #openUntil = 0;

  constructor(redis: Redis, timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
    redis.on('ready', () => {
      this.#openUntil = 0;
    });
  }

  /** Resolves with undefined when Redis fails or does not reply in time. Never rejects. */
  async run<T>(work: () => Promise<T>): Promise<T | undefined> {
    if (performance.now() < this.#openUntil) return undefined;
    try {
      return await withTimeout(this.#timeoutMs, work());
    } catch {
      this.#openUntil = performance.now() + OPEN_MS;
      return undefined;
    }
  }
}
