import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { decode, encode } from '../watcher/codec.ts';
import { type RedisConnection, reasonOf } from './connection.ts';

/** Messages between replicas. All of them may be lost: they only trigger an earlier heartbeat or read. */
export type Message =
  /** The log has grown, was read to its end, or has no leader. */
  | { readonly kind: 'look'; readonly log: string }
  /** Asks the log's leader to read the list and send an answer. */
  | { readonly kind: 'ask'; readonly log: string; readonly number: number }
  | { readonly kind: 'answer'; readonly log: string; readonly number: number; readonly to: string }
  /** A write of this principal went to AWS, and invalidates the reads that it may have changed. */
  | { readonly kind: 'wrote'; readonly principal: string; readonly operation: string }
  /** A message from one watcher to the others. */
  | { readonly kind: 'relay'; readonly message: unknown };

/** `ring` is part of the protocol between replicas, which may have different versions. */
interface Envelope {
  readonly from: string;
  readonly ring: Message;
}

/** Longer messages are not from a gateway; in characters. */
const MAX_LENGTH = 1_000_000;

/** The Pub/Sub channel that all replicas share. */
export class PubSub {
  readonly #connection: RedisConnection;
  readonly #log: Pick<Logger, 'debug'>;
  readonly #listeners = new Set<(message: Message, from: string) => void>();
  readonly channel: string;
  /** Identifies this process. */
  readonly self = randomUUID();

  constructor(connection: RedisConnection, prefix: string, log: Pick<Logger, 'debug'>) {
    this.#connection = connection;
    this.#log = log;
    this.channel = `${prefix}bell`;
    const { subscriber } = connection;
    // ioredis subscribes again after every reconnection.
    subscriber.subscribe(this.channel).catch(() => undefined);
    subscriber.on('message', (_channel: string, text: string) => this.#receive(text));
  }

  /** Encodes a message for scripts that publish it. */
  encode(message: Message): string {
    return encode({ from: this.self, ring: message } satisfies Envelope);
  }

  /** Rejects when Redis is unreachable. */
  publish(message: Message): Promise<unknown> {
    return this.#connection.commands.publish(this.channel, this.encode(message));
  }

  /** Publishes without waiting; ignores failures. */
  send(message: Message): void {
    this.publish(message).catch(() => undefined);
  }

  /** Calls `listener` for messages of other processes. */
  listen(listener: (message: Message, from: string) => void): void {
    this.#listeners.add(listener);
  }

  /** Any client of Redis may publish here, so messages that cannot be decoded are dropped. */
  #receive(text: string): void {
    if (text.length > MAX_LENGTH) return;
    for (const listener of this.#listeners) {
      try {
        const { from, ring } = decode(text) as Envelope;
        if (from !== this.self) listener(ring, from);
      } catch (error) {
        this.#log.debug(
          { reason: reasonOf(error) },
          'A message on the Pub/Sub channel of Redis is invalid and is ignored. Make sure that only gateways use the prefix redis.prefix.',
        );
      }
    }
  }
}
