import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { Config } from '../config/index.ts';
import { Outage, reasonOf } from './outage.ts';

export type RedisSettings = NonNullable<Config['redis']>;

/** A command that Redis has not answered after this long has failed, in ms: a server that hangs is as good as away. */
const commandTimeout = 2_000;
const longestRetryMs = 1_000;

const options = {
  commandTimeout,
  connectTimeout: 2_000,
  // Commands that a hanging server does not answer would gather for as long as it hangs.
  socketTimeout: 10_000,
  // What cannot be sent now fails now: whoever sent it knows better whether it is still worth sending later.
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  retryStrategy: (times: number) => Math.min(50 * 2 ** times, longestRetryMs),
};

/** The two connections to Redis: one for commands, one that listens. Both connect again by themselves, for ever. */
export interface RedisConnection {
  readonly commands: Redis;
  readonly listener: Redis;
  /** Told of what fails for another reason than that there is no connection. */
  readonly outage: Outage;
  close(): void;
}

/** Does not wait for Redis: the gateway starts, and answers queries, without it. */
export async function connectRedis(settings: RedisSettings, log: Logger): Promise<RedisConnection> {
  const { Redis } = await import('ioredis');
  const commands = new Redis(settings.url, { ...options, connectionName: 'orgql' });
  // Its subscription is renewed by ioredis itself; that must wait for the connection.
  const listener = new Redis(settings.url, { ...options, connectionName: 'orgql-listener', enableOfflineQueue: true });
  const outage = new Outage(log);
  commands.on('error', (error: Error) => outage.failed(commands, error));
  commands.on('ready', () => outage.worked(commands));
  listener.on('error', (error: Error) => log.debug({ reason: reasonOf(error) }, 'Redis, listening'));
  return {
    commands,
    listener,
    outage,
    close() {
      commands.disconnect();
      listener.disconnect();
    },
  };
}
