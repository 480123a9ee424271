import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { decode, encode } from '../watcher/codec.ts';
import type { RedisConnection } from './connection.ts';
import { reasonOf } from './outage.ts';

/** What replicas tell each other. All of it may be lost: it only makes others look, or read, earlier than they would. */
export type Ring =
  /** The log has grown, was read to its end, or is led by nobody: look. */
  | { readonly kind: 'look'; readonly log: string }
  /** Who leads the log is to read the list, and answer when it is told. */
  | { readonly kind: 'ask'; readonly log: string; readonly number: number }
  | { readonly kind: 'answer'; readonly log: string; readonly number: number; readonly to: string }
  /** A write of this principal went to AWS: what it may have changed is to be read anew. */
  | { readonly kind: 'wrote'; readonly principal: string; readonly operation: string }
  /** For the watchers themselves. */
  | { readonly kind: 'relay'; readonly message: unknown };

interface Envelope {
  readonly from: string;
  readonly ring: Ring;
}

/** A longer message is none of a gateway's, in characters. */
const maxMessage = 1_000_000;

/** The one Pub/Sub channel of all replicas. */
export class Bell {
  readonly #connection: RedisConnection;
  readonly #log: Pick<Logger, 'debug'>;
  readonly #listeners = new Set<(ring: Ring, from: string) => void>();
  readonly channel: string;
  /** Names this process to the others. */
  readonly self = randomUUID();

  constructor(connection: RedisConnection, prefix: string, log: Pick<Logger, 'debug'>) {
    this.#connection = connection;
    this.#log = log;
    this.channel = `${prefix}bell`;
    const { listener } = connection;
    // ioredis subscribes again after every reconnection.
    listener.subscribe(this.channel).catch(() => undefined);
    listener.on('message', (_channel: string, text: string) => this.#heard(text));
  }

  /** For a script that rings as part of what it does. */
  text(ring: Ring): string {
    return encode({ from: this.self, ring } satisfies Envelope);
  }

  ring(ring: Ring): void {
    this.tell(ring).catch(() => undefined);
  }

  /** Resolves when it is on its way to all others. Rejects when Redis is away. */
  tell(ring: Ring): Promise<unknown> {
    return this.#connection.commands.publish(this.channel, this.text(ring));
  }

  /** Calls `listener` for what others ring. */
  listen(listener: (ring: Ring, from: string) => void): void {
    this.#listeners.add(listener);
  }

  /** Any client of Redis may publish here: a message that cannot be understood is as good as lost. */
  #heard(text: string): void {
    if (text.length > maxMessage) return;
    for (const listener of this.#listeners) {
      try {
        const { from, ring } = decode(text) as Envelope;
        if (from !== this.self) listener(ring, from);
      } catch (error) {
        this.#log.debug({ reason: reasonOf(error) }, 'A message on the Pub/Sub channel was not understood');
      }
    }
  }
}
