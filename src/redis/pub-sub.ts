import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { decode, encode } from '../watcher/codec.ts';
import { type RedisConnection, reasonOf, WRITE_TIMEOUT_MS, withTimeout } from './connection.ts';

/** A message between replicas. Any message may be lost: it only triggers an earlier heartbeat or read. */
export type Message =
  /** The log has new batches or a complete read, or has lost its leader. */
  | { readonly kind: 'logChanged'; readonly log: string }
  /** Requests that the log's leader reads the list. */
  | { readonly kind: 'readRequest'; readonly log: string; readonly number: number }
  /** The leader has read the list. `to` is the replica that requested it. */
  | { readonly kind: 'readResponse'; readonly log: string; readonly number: number; readonly to: string }
  /** A write of this principal was sent to AWS, and invalidates the reads that it may have changed. */
  | { readonly kind: 'write'; readonly principal: string; readonly operation: string }
  /** A message from one watcher to the watchers of other replicas. */
  | { readonly kind: 'watcherMessage'; readonly message: unknown };

/** The kinds as replicas exchange them. Fixed, as replicas may run different releases during an update. */
const WIRE_KINDS = {
  logChanged: 'look',
  readRequest: 'ask',
  readResponse: 'answer',
  write: 'wrote',
  watcherMessage: 'relay',
} as const satisfies Record<Message['kind'], string>;

const KINDS = new Map(Object.entries(WIRE_KINDS).map(([kind, wireKind]) => [wireKind, kind as Message['kind']]));

/** The encoded message, with fixed names as well. */
interface Envelope {
  readonly from: string;
  readonly ring: Readonly<Record<string, unknown>> & { readonly kind: string };
}

/** In characters. Gateways send no longer messages. */
const MAX_LENGTH = 1_000_000;

/** The Pub/Sub channel that all replicas share. */
export class PubSub {
  readonly #connection: RedisConnection;
  readonly #log: Pick<Logger, 'debug'>;
  readonly #listeners = new Set<(message: Message, from: string) => void>();
  readonly #gapListeners = new Set<() => void>();
  readonly channel: string;
  /** Identifies this process. */
  readonly replicaId = randomUUID();

  constructor(connection: RedisConnection, prefix: string, log: Pick<Logger, 'debug'>) {
    this.#connection = connection;
    this.#log = log;
    // The name is fixed, like `WIRE_KINDS`.
    this.channel = `${prefix}bell`;
    const { subscriber } = connection;
    const subscribe = () => subscriber.subscribe(this.channel);
    subscribe().catch(() => undefined);
    // ioredis subscribes again after every reconnection. The reply to this repetition shows when it has.
    const endGap = () => {
      for (const listener of this.#gapListeners) listener();
    };
    subscriber.on('ready', () => void subscribe().then(endGap, () => undefined));
    subscriber.on('message', (_channel: string, text: string) => this.#receive(text));
  }

  /** Encodes a message for scripts that publish it. */
  encode(message: Message): string {
    const wireMessage = { ...message, kind: WIRE_KINDS[message.kind] };
    return encode({ from: this.replicaId, ring: wireMessage } satisfies Envelope);
  }

  /** Rejects when Redis is unreachable. */
  publish(message: Message): Promise<unknown> {
    return this.#connection.commands.publish(this.channel, this.encode(message));
  }

  /** Resolves when Redis has passed the message on, or after a timeout. Never rejects. */
  async deliver(message: Message): Promise<void> {
    await withTimeout(WRITE_TIMEOUT_MS, this.publish(message)).catch(() => undefined);
  }

  /** Publishes without waiting; ignores failures. */
  send(message: Message): void {
    this.publish(message).catch(() => undefined);
  }

  /** Calls `listener` for messages of other processes. */
  onMessage(listener: (message: Message, from: string) => void): void {
    this.#listeners.add(listener);
  }

  /** Calls `listener` when messages arrive again after a time in which they may have been lost. */
  onGap(listener: () => void): void {
    this.#gapListeners.add(listener);
  }

  /** Any client of Redis may publish here, so messages that cannot be decoded are dropped. */
  #receive(text: string): void {
    if (text.length > MAX_LENGTH) return;
    try {
      const { from, ring } = decode(text) as Envelope;
      const kind = KINDS.get(ring.kind as (typeof WIRE_KINDS)[Message['kind']]);
      // Newer releases may send kinds that this one does not know.
      if (kind === undefined || from === this.replicaId) return;
      for (const listener of this.#listeners) listener({ ...ring, kind } as Message, from);
    } catch (error) {
      this.#log.debug(
        { reason: reasonOf(error) },
        'A message on the Pub/Sub channel of Redis is invalid and is ignored. Make sure that only gateways use the prefix redis.prefix.',
      );
    }
  }
}
