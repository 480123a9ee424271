import fc from 'fast-check';
import { MemoryLevel } from 'memory-level';
import { describe, expect, it } from 'vitest';
import { configSchema } from '../../src/config.ts';
import type { ResponsibilityTransfer } from '../../src/upstream/index.ts';
import { decodeCursor } from '../../src/watcher/cursor.ts';
import { createWatcher, type JournalStore, type WatchEvent, type Watcher } from '../../src/watcher/index.ts';
import { levelJournals } from '../../src/watcher/level-journals.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { FakeUpstream } from './support/fake-upstream.ts';
import { failure, principalOf, settled, start, transfer } from './support/index.ts';

type Transfer = ResponsibilityTransfer;

/** Every version of an object has a name of its own, and versions are numbered in the order in which they came to be. */
const versionOf = ({ Name }: Transfer) => Number(Name);
const finals: readonly Transfer['Status'][] = ['DECLINED', 'CANCELED', 'EXPIRED', 'WITHDRAWN'];
const isFinal = ({ Status }: Transfer) => finals.includes(Status);

/** One subscriber: checks every event against all that it was told before, over disconnects and resumptions. */
class Listener {
  readonly #id: string | undefined;
  /** What it believes to be there. */
  readonly view = new Map<string, Transfer>();
  cursor: string | undefined;
  connected = false;
  paused = false;
  caughtUp = false;
  completed = false;
  #sequence = 0;
  #fresh = new Map<string, Transfer>();
  #inSnapshot = false;
  #iterator: AsyncIterator<WatchEvent<Transfer>> | undefined;
  #reading = false;
  fault: unknown;

  constructor(id: string | undefined) {
    this.#id = id;
  }

  connect(watcher: Watcher): void {
    const principal = principalOf('partner');
    const options = { after: this.cursor };
    this.#iterator =
      this.#id === undefined
        ? watcher.watch(principal, 'inboundResponsibilityTransfers', options)
        : watcher.watchResponsibilityTransfer(principal, this.#id, options);
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
    if (typeof code !== 'string' || ![...endings, 'ResponsibilityTransferNotFoundException'].includes(code)) {
      this.fault = error;
    }
    // What is gone while nobody listened is told by AWS's own exception.
    if (code === 'ResponsibilityTransferNotFoundException') {
      this.view.clear();
      this.completed = true;
    }
    // The error leads back to just behind the last event that was given.
    if ('cursor' in error && error.cursor !== undefined && error.cursor !== this.cursor) this.fault = error;
  }

  #take(event: WatchEvent<Transfer>): void {
    const { sequence } = decodeCursor(event.cursor);
    this.cursor = event.cursor;
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
      if (event.reset) this.#sequence = sequence;
      else if (this.#id === undefined) expect(sequence).toBe(this.#sequence);
      this.#inSnapshot = false;
      this.caughtUp = true;
      return;
    }
    expect(event.reset).toBe(false);
    // None missing and none twice: for a list's subscriber the numbers follow each other.
    if (this.#id === undefined) expect(sequence).toBe(this.#sequence + 1);
    else expect(sequence).toBeGreaterThan(this.#sequence);
    this.#sequence = sequence;
    const id = object?.Id ?? '';
    const known = this.view.get(id);
    expect(object).not.toBeNull();
    if (object === null) return;
    if (type === 'ADDED') {
      expect(previousState).toBeNull();
      // An object that AWS dropped in its final state is no more told of, and never comes back.
      expect(known).toBeUndefined();
      this.view.set(id, object);
      return;
    }
    expect(known).toBeDefined();
    expect(previousState).toBe(known?.Status);
    if (known === undefined) return;
    expect(isFinal(known)).toBe(false);
    if (type === 'CHANGED') {
      expect(versionOf(object)).toBeGreaterThan(versionOf(known));
      this.view.set(id, object);
    } else {
      expect(object).toEqual(known);
      this.view.delete(id);
    }
  }
}

/** AWS as it truly is, and those who listen to the gateway. */
class Model {
  readonly clock = new ManualClock(start);
  readonly upstream = new FakeUpstream(this.clock);
  readonly partner = principalOf('partner');
  readonly world = this.upstream.world(this.partner).inbound;
  readonly config;
  watcher: Watcher;
  readonly listeners: Listener[] = [];
  #versions = 0;
  #objects = 0;
  #failures = 0;
  readonly #random: number;
  readonly #replies: (() => void)[] = [];

  readonly #store: MemoryLevel<string, string> | undefined;

  constructor(pageSize: number, emptyPages: boolean, random: number, stored: boolean) {
    this.#store = stored ? new MemoryLevel({ valueEncoding: 'utf8' }) : undefined;
    this.upstream.pageSize = pageSize;
    this.upstream.emptyPages = emptyPages;
    this.upstream.failing = (operation) => {
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
    const { open } = levelJournals(this.#store, { keepEvents: this.config.keepEvents, onError });
    return { open, close: async () => {} };
  }

  add(): void {
    this.#objects += 1;
    const id = `rt-${String(this.#objects).padStart(8, '0')}`;
    this.#set(id, 'REQUESTED');
  }

  /** Takes an object's next step, in AWS. */
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
  }

  /** A write of the gateway itself, whose reply takes a while; meanwhile the world may go on. */
  own(object: Transfer | undefined, tookMs: number): void {
    if (object === undefined) return;
    const tell = () => {
      const input = { Id: object.Id, Name: object.Name };
      const output = { ResponsibilityTransfer: object };
      // AWS carried it out as soon as it was sent.
      this.upstream.wrote(this.partner, 'UpdateResponsibilityTransfer', output, input, tookMs);
    };
    if (tookMs > 0) this.#replies.push(this.clock.after(tookMs, tell));
    else tell();
  }

  listen(toObject: number | undefined): void {
    const id = toObject === undefined ? undefined : this.#pick(toObject, () => true)?.Id;
    if (toObject !== undefined && id === undefined) return;
    const listener = new Listener(id);
    this.listeners.push(listener);
    listener.connect(this.watcher);
  }

  async restart(): Promise<void> {
    for (const lose of this.#replies.splice(0)) lose();
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

const small = fc.nat({ max: 20 });
type Step = (model: Model) => void | Promise<void>;
const step = <T>(name: string, argument: fc.Arbitrary<T>, run: (model: Model, argument: T) => void | Promise<void>) =>
  argument.map(
    (value): Step =>
      Object.assign((model: Model) => run(model, value), { toString: () => `${name}(${fc.stringify(value)})` }),
  );

const listenerStep = (name: string, run: (listener: Listener, model: Model) => void | Promise<void>) =>
  step(name, small, (model, at) => {
    const listener = model.listeners[at % Math.max(model.listeners.length, 1)];
    return listener && run(listener, model);
  });

const steps = fc.oneof(
  { weight: 6, arbitrary: step('advance', fc.nat({ max: 3_000 }), ({ clock }, ms) => clock.advance(ms)) },
  { weight: 3, arbitrary: step('add', fc.constant(null), (model) => model.add()) },
  { weight: 4, arbitrary: step('move', fc.tuple(small, small), (model, [at, to]) => void model.move(at, to)) },
  { weight: 2, arbitrary: step('rename', small, (model, at) => void model.rename(at)) },
  { weight: 1, arbitrary: step('drop', small, (model, at) => model.drop(at)) },
  { weight: 1, arbitrary: step('vanish', small, (model, at) => model.vanish(at)) },
  { weight: 1, arbitrary: step('fail', fc.nat({ max: 12 }), (model, times) => model.fail(times)) },
  {
    weight: 3,
    arbitrary: step('ownRename', fc.tuple(small, fc.constantFrom(0, 20, 200)), async (model, [at, took]) => {
      // Which came first of a read and a write in the same ms nobody can say.
      await model.clock.advanceAside();
      const object = model.rename(at);
      model.own(object, took);
      await settled();
      if (object === undefined || took > 0) return;
      for (const { connected, caughtUp, paused, view } of model.listeners) {
        if (!connected || !caughtUp || paused) continue;
        const told = view.get(object.Id ?? '');
        if (told !== undefined) expect(versionOf(told)).toBeGreaterThanOrEqual(versionOf(object));
      }
    }),
  },
  {
    weight: 2,
    arbitrary: step('ownMove', fc.tuple(small, small, fc.constantFrom(0, 20, 200)), (model, [at, to, took]) =>
      model.own(model.move(at, to), took),
    ),
  },
  { weight: 3, arbitrary: step('listen', fc.option(small, { nil: undefined }), (model, to) => model.listen(to)) },
  { weight: 2, arbitrary: listenerStep('disconnect', (listener) => listener.disconnect()) },
  {
    weight: 4,
    arbitrary: listenerStep('resume', (listener, { watcher }) => {
      if (!listener.connected && !listener.completed) listener.connect(watcher);
    }),
  },
  {
    weight: 2,
    arbitrary: listenerStep('pause', (listener) => {
      listener.paused = !listener.paused;
      listener.read();
    }),
  },
  { weight: 1, arbitrary: step('restart', fc.constant(null), (model) => model.restart()) },
);

describe('whatever happens in whatever order', () => {
  it('what a subscriber was told, over all its connections, is the true history', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.boolean(),
        fc.constantFrom(0, 0.5, 0.99),
        fc.boolean(),
        fc.array(steps, { minLength: 5, maxLength: 60 }),
        async (pageSize, emptyPages, random, stored, sequence) => {
          const model = new Model(pageSize, emptyPages, random, stored);
          model.listen(undefined);
          for (const run of sequence) {
            await run(model);
            await settled();
            for (const { fault } of model.listeners) if (fault !== undefined) throw fault;
          }
          // Everything heals, and everybody comes back.
          model.fail(0);
          for (const listener of model.listeners) {
            listener.paused = false;
            listener.read();
          }
          await settled();
          for (const listener of model.listeners) {
            if (!listener.connected && !listener.completed) listener.connect(model.watcher);
          }
          await model.clock.advance(60_000);
          for (const listener of model.listeners) {
            if (listener.fault !== undefined) throw listener.fault;
            for (const [id, told] of listener.view) {
              const there = model.world.get(id);
              if (there === undefined) expect(isFinal(told)).toBe(true);
              else expect(told).toEqual(there);
            }
          }
          const [first] = model.listeners;
          expect(first?.connected).toBe(true);
          for (const id of model.world.keys()) expect(first?.view.has(id)).toBe(true);
          await Promise.all(model.listeners.map((listener) => listener.disconnect()));
          expect([model.watcher.activePollers, model.upstream.inFlight]).toEqual([0, 0]);
          expect(model.clock.pending).toBe(0);
        },
      ),
      { numRuns: 500 },
    );
  });
});
