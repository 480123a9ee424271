import { MemoryLevel } from 'memory-level';
import { expect } from 'vitest';
import { configSchema } from '../../../src/config/index.ts';
import type { ResponsibilityTransfer } from '../../../src/upstream/index.ts';
import { createWatcher, type JournalStore, type WatchEvent, type Watcher } from '../../../src/watcher/index.ts';
import { levelJournals } from '../../../src/watcher/level-journals.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { FakeUpstream } from './fake-upstream.ts';
import { failure, principalOf, settled, start, transfer } from './index.ts';
import { positionOf } from './position-of.ts';
import { SlowStore } from './slow-store.ts';

type Transfer = ResponsibilityTransfer;

/** Every version of an object has its own name, and versions are numbered in order of creation. */
export const versionOf = ({ Name }: Transfer) => Number(Name);
const finals: readonly Transfer['Status'][] = ['DECLINED', 'CANCELED', 'EXPIRED', 'WITHDRAWN'];
export const isFinal = ({ Status }: Transfer) => finals.includes(Status);

/** One subscriber: checks every event against all earlier ones, over disconnects and resumptions. */
export class Listener {
  /** The object that it watches; undefined for the whole list. */
  readonly id: string | undefined;
  /** The objects that it has received and that were not removed. */
  readonly view = new Map<string, Transfer>();
  cursor: string | undefined;
  connected = false;
  paused = false;
  caughtUp = false;
  completed = false;
  #sequence = 0;
  /** The log of the last event's cursor. The events of one object may come from several logs in turn. */
  #log = '';
  /** How often the log changed while it was subscribed. */
  moves = 0;
  #fresh = new Map<string, Transfer>();
  #inSnapshot = false;
  #iterator: AsyncIterator<WatchEvent<Transfer>> | undefined;
  #reading = false;
  fault: unknown;

  /** Whether AWS may refuse the list that it watches. */
  readonly #mayBeRefused: () => boolean;

  constructor(id: string | undefined, mayBeRefused: () => boolean) {
    this.id = id;
    this.#mayBeRefused = mayBeRefused;
  }

  connect(watcher: Watcher): void {
    const principal = principalOf('partner');
    const options = { after: this.cursor };
    this.#iterator =
      this.id === undefined
        ? watcher.watch(principal, 'inboundResponsibilityTransfers', options)
        : watcher.watchResponsibilityTransfer(principal, this.id, options);
    this.connected = true;
    this.caughtUp = false;
    this.#inSnapshot = false;
    this.#fresh = new Map();
    this.read();
  }

  async disconnect(): Promise<void> {
    this.connected = false;
    await this.#iterator?.return?.();
    await settled();
  }

  /** Reads on, unless it is paused. */
  read(): void {
    if (!this.#reading && this.connected) void this.#read();
  }

  async #read(): Promise<void> {
    this.#reading = true;
    const iterator = this.#iterator;
    try {
      while (!this.paused && this.connected && this.#iterator === iterator) {
        const result = await iterator?.next();
        if (result === undefined || result.done === true) {
          if (this.connected && this.#iterator === iterator) this.completed = true;
          this.connected = false;
          break;
        }
        this.#take(result.value);
      }
    } catch (error) {
      this.connected = false;
      this.#ended(error);
    }
    this.#reading = false;
  }

  #ended(error: unknown): void {
    if (!(error instanceof Error) || !('code' in error)) {
      this.fault = error;
      return;
    }
    const { code } = error;
    const endings = ['SUBSCRIBER_TOO_SLOW', 'GOING_AWAY', 'UPSTREAM_FAILING', 'ServiceException'];
    const refused = this.#mayBeRefused() ? ['ACCESS_LOST', 'AccessDeniedException'] : [];
    const expected = [...endings, 'ResponsibilityTransferNotFoundException', ...refused];
    if (typeof code !== 'string' || !expected.includes(code)) this.fault = error;
    // An object that went while it had no subscriber ends the subscription with AWS's own exception.
    if (code === 'ResponsibilityTransferNotFoundException') {
      this.view.clear();
      this.completed = true;
    }
    // The error's cursor resumes right after the last event.
    if ('cursor' in error && error.cursor !== undefined && error.cursor !== this.cursor) this.fault = error;
  }

  #take(event: WatchEvent<Transfer>): void {
    const { sequence, log } = positionOf(event.cursor);
    this.cursor = event.cursor;
    const moved = this.#log !== log;
    if (moved && this.caughtUp) this.moves += 1;
    this.#log = log;
    const { type, object, previousState } = event;
    if (type === 'SNAPSHOT') {
      expect(event.reset).toBe(true);
      if (!this.#inSnapshot) this.#fresh = new Map();
      this.#inSnapshot = true;
      const id = object?.Id ?? '';
      expect(this.#fresh.has(id)).toBe(false);
      expect(object && versionOf(object)).toBeGreaterThanOrEqual(
        versionOf(this.view.get(id) ?? transfer(id, 'REQUESTED', { Name: '0' })),
      );
      if (object !== null) this.#fresh.set(id, object);
      return;
    }
    if (type === 'BOOKMARK') {
      expect(event.reset || !this.#inSnapshot).toBe(true);
      if (event.reset) {
        this.view.clear();
        for (const [id, fresh] of this.#fresh) this.view.set(id, fresh);
        this.#fresh = new Map();
      }
      if (event.reset || moved) this.#sequence = sequence;
      else if (this.id === undefined) expect(sequence).toBe(this.#sequence);
      this.#inSnapshot = false;
      this.caughtUp = true;
      return;
    }
    expect(event.reset).toBe(false);
    // No event is missing or repeated: a list's sequence numbers are consecutive.
    if (this.id === undefined) expect(sequence).toBe(this.#sequence + 1);
    else if (!moved) expect(sequence).toBeGreaterThan(this.#sequence);
    this.#sequence = sequence;
    const id = object?.Id ?? '';
    const known = this.view.get(id);
    expect(object).not.toBeNull();
    if (object === null) return;
    if (type === 'ADDED') {
      expect(previousState).toBeNull();
      // An object that AWS dropped in its final state never comes back.
      expect(known).toBeUndefined();
      this.view.set(id, object);
      return;
    }
    expect(known).toBeDefined();
    expect(previousState).toBe(known?.Status);
    if (known === undefined) return;
    if (type === 'CHANGED') {
      expect(isFinal(known)).toBe(false);
      expect(versionOf(object)).toBeGreaterThan(versionOf(known));
      this.view.set(id, object);
    } else {
      expect(object).toEqual(known);
      this.view.delete(id);
    }
  }
}

/** The true state of AWS, and the subscribers of the gateway. */
export class Model {
  readonly clock = new ManualClock(start);
  readonly upstream = new FakeUpstream(this.clock);
  readonly partner = principalOf('partner');
  readonly world = this.upstream.world(this.partner).inbound;
  readonly config;
  watcher: Watcher;
  readonly listeners: Listener[] = [];
  /** Whether AWS refuses lists. */
  denied = false;
  #versions = 0;
  #objects = 0;
  #failures = 0;
  #hasFailed = false;
  readonly #random: number;
  readonly #replies: (() => void)[] = [];

  readonly #store: MemoryLevel<string, string> | undefined;
  /** Only tests advance it, so nothing expires by itself. */
  readonly #storeClock = new ManualClock(start);

  /** The duration of a write to the store, in ms. */
  readonly #writeMs: number;
  #opened: SlowStore | undefined;

  /** `writeMs`: undefined without a store. */
  constructor(pageSize: number, emptyPages: boolean, random: number, writeMs: number | undefined) {
    this.#store = writeMs === undefined ? undefined : new MemoryLevel({ valueEncoding: 'utf8' });
    this.#writeMs = writeMs ?? 0;
    this.upstream.pageSize = pageSize;
    this.upstream.emptyPages = emptyPages;
    this.upstream.failing = (operation) => {
      if (this.denied && operation.startsWith('List')) return failure('AccessDeniedException', operation, false);
      if (this.#failures === 0) return undefined;
      this.#failures -= 1;
      return failure('ServiceException', operation, true);
    };
    this.config = configSchema.parse({
      watch: { minIntervalMs: 500, maxIntervalMs: 4_000, keepEvents: 12, maxBuffered: 4, bookmarkMs: 7_000 },
    }).watch;
    this.#random = random;
    this.watcher = this.#watcher();
  }

  #watcher(): Watcher {
    return createWatcher(this.upstream, this.config, {
      clock: this.clock,
      random: () => this.#random,
      journals: this.#journals(),
    });
  }

  /** The store outlives the watcher. */
  #journals(): JournalStore | undefined {
    if (this.#store === undefined) return undefined;
    const onError = (error: unknown) => expect(error).toBeUndefined();
    this.#opened = new SlowStore(this.#store, this.clock, this.#writeMs);
    const { open } = levelJournals(this.#opened.open(), {
      keepEvents: this.config.keepEvents,
      onError,
      clock: this.#storeClock,
    });
    return { open, close: async () => {} };
  }

  /** Whether events are published at once, and not only once they are stored. */
  get tellsAtOnce(): boolean {
    return this.#writeMs === 0;
  }

  add(): void {
    this.#objects += 1;
    const id = `rt-${String(this.#objects).padStart(8, '0')}`;
    this.#set(id, 'REQUESTED');
  }

  /** Moves an object to its next state in AWS. */
  move(at: number, to: number): Transfer | undefined {
    const object = this.#pick(at, (it) => !isFinal(it));
    if (object === undefined) return undefined;
    const next =
      object.Status === 'ACCEPTED' ? ['WITHDRAWN'] : ['ACCEPTED', 'ACCEPTED', 'DECLINED', 'CANCELED', 'EXPIRED'];
    return this.#set(object.Id ?? '', next[to % next.length] as Transfer['Status']);
  }

  rename(at: number): Transfer | undefined {
    const object = this.#pick(at, (it) => !isFinal(it));
    return object && this.#set(object.Id ?? '', object.Status);
  }

  drop(at: number): void {
    const object = this.#pick(at, isFinal);
    if (object !== undefined) this.world.delete(object.Id ?? '');
  }

  vanish(at: number): void {
    const object = this.#pick(at, (it) => !isFinal(it));
    if (object !== undefined) this.world.delete(object.Id ?? '');
  }

  fail(times: number): void {
    this.#failures = times;
    this.#hasFailed ||= times > 0;
  }

  /** A write of the gateway itself. AWS may change further before its reply arrives. */
  own(object: Transfer | undefined, tookMs: number): void {
    if (object === undefined) return;
    const tell = () => {
      const input = { Id: object.Id, Name: object.Name };
      const output = { ResponsibilityTransfer: object };
      // AWS carries it out as soon as it is sent.
      this.upstream.wrote(this.partner, 'UpdateResponsibilityTransfer', output, input, tookMs);
    };
    if (tookMs > 0) this.#replies.push(this.clock.after(tookMs, tell));
    else tell();
  }

  listen(toObject: number | undefined): void {
    const id = toObject === undefined ? undefined : this.#pick(toObject, () => true)?.Id;
    if (toObject !== undefined && id === undefined) return;
    // When AWS refuses its list, an object is still polled by its id, as long as it exists and that does not fail
    // either.
    const mayBeRefused = () => id === undefined || !this.world.has(id) || this.#hasFailed;
    const listener = new Listener(id, mayBeRefused);
    this.listeners.push(listener);
    listener.connect(this.watcher);
  }

  async restart(): Promise<void> {
    for (const lose of this.#replies.splice(0)) lose();
    this.#opened?.kill();
    await this.watcher.close();
    await settled();
    this.watcher = this.#watcher();
  }

  #pick(at: number, suits: (object: Transfer) => boolean): Transfer | undefined {
    const suitable = [...this.world.values()].filter(suits);
    return suitable[at % suitable.length];
  }

  #set(id: string, status: Transfer['Status']): Transfer {
    this.#versions += 1;
    const object = transfer(id, status, { Name: String(this.#versions) });
    this.world.set(id, object);
    return object;
  }
}
