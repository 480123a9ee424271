import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { Config } from '../config/index.ts';

export type RedisSettings = NonNullable<Config['redis']>;

/** A command without a reply fails after this time, in ms: a server that hangs counts as unreachable. */
const COMMAND_TIMEOUT_MS = 2_000;
const MAX_RETRY_MS = 1_000;

const options = {
  commandTimeout: COMMAND_TIMEOUT_MS,
  connectTimeout: 2_000,
  // Otherwise commands would queue up while a server hangs.
  socketTimeout: 10_000,
  // A command that cannot be sent now fails now, and its sender decides whether to send it later.
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  retryStrategy: (times: number) => Math.min(50 * 2 ** times, MAX_RETRY_MS),
};

/** The two connections to Redis: one for commands, one that subscribes. Both reconnect without end. */
export interface RedisConnection {
  readonly commands: Redis;
  readonly subscriber: Redis;
  readonly outages: OutageReporter;
  close(): void;
}

/** Does not wait for Redis: without it the gateway starts and answers queries. */
export async function connectRedis(settings: RedisSettings, log: Logger): Promise<RedisConnection> {
  const { Redis } = await import('ioredis');
  const commands = new Redis(settings.url, { ...options, connectionName: 'orgql' });
  // ioredis renews the subscription itself, which must wait for the connection.
  const subscriber = new Redis(settings.url, {
    ...options,
    connectionName: 'orgql-listener',
    enableOfflineQueue: true,
  });
  const outages = new OutageReporter(log);
  commands.on('error', (error: Error) => outages.failed(commands, error));
  commands.on('ready', () => outages.worked(commands));
  subscriber.on('error', (error: Error) => log.debug({ reason: reasonOf(error) }, 'Redis, listening'));
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

/** The message of an error of Redis. Nothing else of it may be logged: it holds the command, with passwords and data. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}

/** Logs that Redis fails, and that it works again: once each, however many components notice. */
export class OutageReporter {
  readonly #log: Logger;
  /** The components for which Redis fails. */
  readonly #affected = new Set<object>();
  #isReported = false;

  constructor(log: Logger) {
    this.#log = log;
  }

  failed(component: object, error: unknown): void {
    this.#affected.add(component);
    if (this.#isReported) return;
    this.#isReported = true;
    this.#log.warn(
      { reason: reasonOf(error) },
      'Redis is out of reach, or refuses what is written; subscriptions wait for it, queries go on',
    );
  }

  worked(component: object): void {
    this.#affected.delete(component);
    if (!this.#isReported || this.#affected.size > 0) return;
    this.#isReported = false;
    this.#log.warn('Redis is back');
  }

  /** Removes a component that stops, which does not say that Redis works. */
  remove(component: object): void {
    this.#affected.delete(component);
  }
}

/** Settles as `work` does, or rejects after `ms` ms. */
export function withTimeout<T>(ms: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    // Where this process was busy that long, the reply may be here already, and is read before the next turn.
    const fail = () => setImmediate(reject, new Error(`Redis did not answer within ${ms} ms.`));
    const timer = setTimeout(fail, ms);
    work.finally(() => clearTimeout(timer)).then(resolve, reject);
  });
}

/** The circuit stays open for this time, in ms. */
const OPEN_MS = 1_000;

/** For what can be done without Redis: it is waited for briefly, and after a failure not at all for a while, so that a Redis that hangs delays nothing. */
export class CircuitBreaker {
  readonly #timeoutMs: number;
  #openUntil = 0;

  constructor(redis: Redis, timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
    redis.on('ready', () => {
      this.#openUntil = 0;
    });
  }

  /** Resolves with undefined when Redis does not answer in time. Never rejects. */
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
