import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../support/runs.ts';
import { settled } from './support/index.ts';
import { isFinal, type Listener, Model, versionOf } from './support/model.ts';
import { positionOf } from './support/position-of.ts';

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

const steps = {
  advance: step('advance', fc.nat({ max: 3_000 }), ({ clock }, ms) => clock.advance(ms)),
  advanceFar: step('advance', fc.nat({ max: 40_000 }), ({ clock }, ms) => clock.advance(ms)),
  add: step('add', fc.constant(null), (model) => model.add()),
  move: step('move', fc.tuple(small, small), (model, [at, to]) => void model.move(at, to)),
  rename: step('rename', small, (model, at) => void model.rename(at)),
  drop: step('drop', small, (model, at) => model.drop(at)),
  vanish: step('vanish', small, (model, at) => model.vanish(at)),
  deny: step('deny', fc.boolean(), (model, denied) => {
    model.denied = denied;
  }),
  fail: step('fail', fc.nat({ max: 12 }), (model, times) => model.fail(times)),
  ownRename: step('ownRename', fc.tuple(small, fc.constantFrom(0, 20, 200)), async (model, [at, took]) => {
    // The order of a read and a write within the same ms is unknown.
    await model.clock.advanceAside();
    const object = model.rename(at);
    model.own(object, took);
    await settled();
    if (object === undefined || took > 0 || !model.tellsAtOnce) return;
    for (const { id, connected, caughtUp, paused, view } of model.listeners) {
      // A subscription to one object may search another source while its list is refused.
      if (!connected || !caughtUp || paused || (id !== undefined && model.denied)) continue;
      const known = view.get(object.Id ?? '');
      if (known !== undefined) expect(versionOf(known)).toBeGreaterThanOrEqual(versionOf(object));
    }
  }),
  ownMove: step('ownMove', fc.tuple(small, small, fc.constantFrom(0, 20, 200)), (model, [at, to, took]) =>
    model.own(model.move(at, to), took),
  ),
  listen: step('listen', fc.option(small, { nil: undefined }), (model, to) => model.listen(to)),
  listenToOne: step('listen', small, (model, to) => model.listen(to)),
  disconnect: listenerStep('disconnect', (listener) => listener.disconnect()),
  resume: listenerStep('resume', (listener, { watcher }) => {
    if (!listener.connected && !listener.completed) listener.connect(watcher);
  }),
  pause: listenerStep('pause', (listener) => {
    listener.paused = !listener.paused;
    listener.read();
  }),
  restart: step('restart', fc.constant(null), (model) => model.restart()),
};

const weighted = (weights: { readonly [S in keyof typeof steps]?: number }) =>
  fc.oneof(
    ...Object.entries(weights).map(([name, weight]) => ({ weight, arbitrary: steps[name as keyof typeof steps] })),
  );

const run = async (model: Model, sequence: readonly Step[]): Promise<void> => {
  for (const next of sequence) {
    await next(model);
    await settled();
    for (const { fault } of model.listeners) if (fault !== undefined) throw fault;
  }
  // All faults end, and every subscriber reconnects.
  model.fail(0);
  model.denied = false;
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
    for (const [id, object] of listener.view) {
      const there = model.world.get(id);
      // A subscription to one object has ended with its final state, whatever AWS drops afterwards.
      if (there === undefined) expect(listener.id !== undefined && isFinal(object)).toBe(true);
      else expect(object).toEqual(there);
    }
  }
};

const end = async (model: Model): Promise<void> => {
  await Promise.all(model.listeners.map((listener) => listener.disconnect()));
  // Batches that are still being written.
  await model.clock.advance(60_000);
  expect([model.watcher.activePollers, model.upstream.inFlight]).toEqual([0, 0]);
  expect(model.clock.pending).toBe(0);
};

const pageSizes = fc.integer({ min: 1, max: 4 });
const randoms = fc.constantFrom(0, 0.5, 0.99);
/** How long it takes to store an event, in ms; undefined without a store. */
const writes = fc.constantFrom(undefined, 0, 0, 3, 700);

describe('with any operations in any order', () => {
  it('a subscriber receives the true history over all its connections', { timeout: 60_000 }, async () => {
    const all = weighted({
      ...{ advance: 6, add: 3, move: 4, rename: 2, drop: 1, vanish: 1, deny: 1, fail: 1, ownRename: 3, ownMove: 2 },
      ...{ listen: 3, disconnect: 2, resume: 4, pause: 2, restart: 1 },
    });
    await fc.assert(
      fc.asyncProperty(
        pageSizes,
        fc.boolean(),
        randoms,
        writes,
        fc.array(all, { minLength: 5, maxLength: 60 }),
        async (pageSize, emptyPages, random, writeMs, sequence) => {
          const model = new Model(pageSize, emptyPages, random, writeMs);
          model.listen(undefined);
          await run(model, sequence);
          const [first] = model.listeners;
          expect(first?.connected).toBe(true);
          for (const id of model.world.keys()) expect(first?.view.has(id)).toBe(true);
          await end(model);
        },
      ),
      { numRuns: runs(500) },
    );
  });

  it('a subscription to one object receives each version once while its list is refused and granted', {
    timeout: 60_000,
  }, async () => {
    const all = weighted({
      ...{
        advance: 6,
        advanceFar: 3,
        move: 3,
        rename: 3,
        deny: 6,
        ownRename: 3,
        ownMove: 1,
        listenToOne: 3,
        listen: 1,
      },
      ...{ disconnect: 1, resume: 3, pause: 1, restart: 1 },
    });
    await fc.assert(
      fc.asyncProperty(
        randoms,
        fc.boolean(),
        fc.boolean(),
        writes,
        fc.array(all, { minLength: 5, maxLength: 60 }),
        async (random, denied, listIsWatched, writeMs, sequence) => {
          const model = new Model(4, false, random, writeMs);
          for (const _ of [1, 2, 3]) model.add();
          model.denied = denied;
          for (const object of [0, 1, 2, 0]) model.listen(object);
          await run(model, sequence);
          // Sometimes the list has a subscriber; otherwise subscriptions to its objects scan it now and then.
          if (listIsWatched) model.listen(undefined);
          await model.clock.advance(listIsWatched ? 60_000 : 20 * 60_000);
          const watched = model.listeners.filter(({ id, connected }) => id !== undefined && connected);
          for (const { cursor } of watched) {
            expect(positionOf(cursor).log).toBe('inboundResponsibilityTransfers');
          }
          await end(model);
        },
      ),
      { numRuns: runs(120) },
    );
  });
});

describe('after a restart', () => {
  it('a subscription to one object receives no older version from a list in which a write has not settled', async () => {
    const model = new Model(4, false, 0, 3);
    model.add();
    model.listen(0);
    await settled();
    await model.clock.advanceAside();
    model.own(model.rename(0), 0);
    await model.clock.advance(99);
    // The list keeps the write's version, while the poll by id shows the newer one.
    const newer = model.rename(0);
    model.denied = true;
    await model.clock.advance(15_000);
    const [listener] = model.listeners;
    expect([...(listener?.view.values() ?? [])]).toEqual([newer]);
    await model.restart();
    model.denied = false;
    model.listen(undefined);
    await model.clock.advance(100);
    listener?.connect(model.watcher);
    await model.clock.advance(60_000);
    expect(listener).toMatchObject({ fault: undefined, connected: true });
    expect([...(listener?.view.values() ?? [])]).toEqual([newer]);
    await end(model);
  });
});
