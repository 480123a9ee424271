import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configSchema } from '../../src/config/index.ts';
import { type Clock, later, type ResponsibilityTransfer } from '../../src/upstream/index.ts';
import { createWatcher, type Watcher } from '../../src/watcher/index.ts';
import { settleMs } from '../../src/watcher/list-state.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { runs } from '../support/runs.ts';
import { FakeUpstream } from './support/fake-upstream.ts';
import { principalOf, Reader, settled, start, transfer } from './support/index.ts';
import { SharedJournals } from './support/shared-journals.ts';

interface Version {
  readonly at: number;
  /** Whether a gateway made the change, so that AWS's lists may lag behind it. Lists show changes by others at once. */
  readonly own: boolean;
  readonly object: ResponsibilityTransfer;
}

/** Gateways that share their logs, and an AWS whose lists lag behind their writes. */
class Replicas {
  readonly clock = new ManualClock(start);
  readonly upstream = new FakeUpstream(this.clock);
  readonly partner = principalOf('partner');
  readonly shared = new SharedJournals();
  readonly running: { readonly watcher: Watcher; readonly reader: Reader<ResponsibilityTransfer>; kill(): void }[] = [];
  readonly #history = new Map<string, Version[]>();
  /** The age of what the next reply shows, in ms. */
  lags: () => number = () => 0;
  #versions = 0;

  constructor() {
    const { inbound } = this.upstream.world(this.partner);
    this.upstream.answering = () => {
      const until = this.clock.monotonicMs() - this.lags();
      inbound.clear();
      for (const [id, history] of this.#history) {
        const shown = history.findLast(({ at, own }) => at <= until || !own)?.object;
        if (shown !== undefined) inbound.set(id, shown);
      }
    };
  }

  /** `skewMs`: how far the gateway's clock is ahead. */
  start(skewMs = 0): void {
    const clock: Clock = {
      monotonicMs: () => this.clock.monotonicMs(),
      wallMs: () => later(this.clock.wallMs(), skewMs),
      after: (ms, task) => this.clock.after(ms, task),
    };
    const { journals, kill } = this.shared.join();
    const { watch } = configSchema.parse({ watch: { minIntervalMs: 500, maxIntervalMs: 2_000 } });
    const watcher = createWatcher(this.upstream, watch, { clock, random: () => 0, journals });
    const reader = new Reader(watcher.watch(this.partner, 'inboundResponsibilityTransfers'));
    this.running.push({ watcher, reader, kill });
  }

  /** Kills the leader, lets time pass (`meanwhile` runs in the middle of it), and elects another gateway. */
  async killLeader(leaseMs: number, meanwhile: () => void = () => undefined): Promise<void> {
    const leader = this.running.find(({ watcher }) => watcher.activePollers > 0);
    if (leader === undefined) return;
    leader.kill();
    this.running.splice(this.running.indexOf(leader), 1);
    await leader.watcher.close();
    await this.clock.advance(leaseMs / 2);
    meanwhile();
    await this.clock.advance(leaseMs / 2);
    this.shared.elect();
    await settled();
  }

  change(id: string, own: boolean, tookMs = 0): void {
    this.#versions += 1;
    const object = transfer(id, 'ACCEPTED', { Name: String(this.#versions) });
    this.#history.set(id, [...(this.#history.get(id) ?? []), { at: this.clock.monotonicMs(), own, object }]);
    if (!own) return;
    this.upstream.wrote(
      this.partner,
      'UpdateResponsibilityTransfer',
      { ResponsibilityTransfer: object },
      { Id: id, Name: object.Name },
      tookMs,
    );
  }

  /** The current object in AWS. */
  get(id: string): ResponsibilityTransfer | undefined {
    return this.#history.get(id)?.at(-1)?.object;
  }

  async close(): Promise<void> {
    await Promise.all(this.running.map(({ watcher }) => watcher.close()));
  }
}

const versions = ({ events }: Reader<ResponsibilityTransfer>, id: string) =>
  events.flatMap(({ object }) => (object?.Id === id ? [Number(object.Name)] : []));

describe('after another gateway takes over the lease of a list', () => {
  it('stale lists do not revert an own write', async () => {
    const replicas = new Replicas();
    replicas.change('rt-00000001', false);
    replicas.start();
    await replicas.clock.advance(1_000);
    replicas.start();
    await replicas.clock.advance(1_000);
    replicas.lags = () => settleMs - 1;
    replicas.change('rt-00000001', true);
    await settled();
    const [, survivor] = replicas.running;
    expect(survivor && versions(survivor.reader, 'rt-00000001')).toEqual([1, 2]);
    await replicas.killLeader(1_000);
    expect(survivor?.watcher.activePollers).toBe(1);
    await replicas.clock.advance(60_000);
    expect(survivor && versions(survivor.reader, 'rt-00000001')).toEqual([1, 2]);
    await replicas.close();
  });

  it('an object created by an own write is not removed while stale lists do not show it', async () => {
    const replicas = new Replicas();
    replicas.start();
    await replicas.clock.advance(1_000);
    replicas.start();
    await replicas.clock.advance(1_000);
    replicas.lags = () => settleMs - 1;
    replicas.change('rt-00000001', true);
    const [, survivor] = replicas.running;
    await replicas.killLeader(1_000);
    await replicas.clock.advance(60_000);
    expect(survivor?.reader.events.filter(({ type }) => type !== 'BOOKMARK')).toMatchObject([{ type: 'ADDED' }]);
    await replicas.close();
  });

  it('the new leader publishes a write from the time without a leader, and stale lists do not revert it', async () => {
    const replicas = new Replicas();
    replicas.change('rt-00000001', false);
    replicas.start();
    await replicas.clock.advance(1_000);
    replicas.start();
    await replicas.clock.advance(1_000);
    const [, survivor] = replicas.running;
    replicas.lags = () => settleMs - 1;
    await replicas.killLeader(1_000, () => {
      replicas.change('rt-00000001', true);
      expect(survivor && versions(survivor.reader, 'rt-00000001')).toEqual([1]);
    });
    expect(survivor && versions(survivor.reader, 'rt-00000001')).toEqual([1, 2]);
    await replicas.clock.advance(60_000);
    expect(survivor && versions(survivor.reader, 'rt-00000001')).toEqual([1, 2]);
    await replicas.close();
  });

  it('changes by others are published once the lists have settled', async () => {
    const replicas = new Replicas();
    replicas.change('rt-00000001', false);
    replicas.start();
    replicas.start();
    await replicas.clock.advance(1_000);
    replicas.change('rt-00000001', true);
    await replicas.killLeader(1_000);
    replicas.change('rt-00000001', false);
    await replicas.clock.advance(settleMs + 2_500);
    const [survivor] = replicas.running;
    expect(survivor && versions(survivor.reader, 'rt-00000001')).toEqual([1, 2, 3]);
    await replicas.close();
  });
});

type Step = (replicas: Replicas) => void | Promise<void>;
const ids = ['rt-00000001', 'rt-00000002', 'rt-00000003'];
const step = <T>(
  name: string,
  argument: fc.Arbitrary<T>,
  run: (replicas: Replicas, value: T) => void | Promise<void>,
) =>
  argument.map(
    (value): Step =>
      Object.assign((replicas: Replicas) => run(replicas, value), {
        toString: () => `${name}(${fc.stringify(value)})`,
      }),
  );
const skews = fc.integer({ min: -120_000, max: 120_000 });
const steps = fc.oneof(
  { weight: 4, arbitrary: step('advance', fc.nat({ max: 4_000 }), ({ clock }, ms) => clock.advance(ms)) },
  {
    weight: 3,
    arbitrary: step('write', fc.constantFrom(...ids), async (replicas, id) => {
      // The order of a read and a write within the same ms is unknown.
      await replicas.clock.advanceAside();
      replicas.change(id, true);
    }),
  },
  { weight: 1, arbitrary: step('others', fc.constantFrom(...ids), (replicas, id) => replicas.change(id, false)) },
  {
    weight: 2,
    arbitrary: step(
      'kill',
      fc.tuple(fc.nat({ max: 5_000 }), fc.option(fc.constantFrom(...ids))),
      (replicas, [ms, id]) =>
        replicas.killLeader(ms, () => {
          // A write needs a running gateway.
          if (id !== null && replicas.running.length > 0) replicas.change(id, true);
        }),
    ),
  },
  { weight: 1, arbitrary: step('start', skews, (replicas, skew) => replicas.start(skew)) },
);

describe('with any leader, and lists that lag behind the gateways’ own writes', () => {
  it('every subscriber receives versions in order up to the last one, and no removal', {
    timeout: 60_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat({ max: settleMs - 1 }), { minLength: 1, maxLength: 20 }),
        fc.array(skews, { minLength: 2, maxLength: 3 }),
        fc.array(steps, { minLength: 5, maxLength: 40 }),
        async (lags, started, sequence) => {
          const replicas = new Replicas();
          let reads = 0;
          replicas.change('rt-00000001', false);
          for (const skew of started) replicas.start(skew);
          await replicas.clock.advance(1_000);
          replicas.lags = () => lags[reads++ % lags.length] ?? 0;
          for (const run of sequence) {
            await run(replicas);
            if (replicas.running.length === 0) replicas.start();
            await settled();
          }
          await replicas.clock.advance(60_000);
          for (const { reader } of replicas.running) {
            expect(reader.error).toBeUndefined();
            expect(reader.events.filter(({ type }) => type === 'REMOVED')).toEqual([]);
            for (const id of ids) {
              const received = versions(reader, id);
              expect(received).toEqual([...new Set(received)].sort((a, b) => a - b));
              expect(received.at(-1)).toBe(received.length === 0 ? replicas.get(id) : Number(replicas.get(id)?.Name));
            }
          }
          await replicas.close();
          expect([replicas.clock.pending, replicas.upstream.inFlight]).toEqual([0, 0]);
        },
      ),
      { numRuns: runs(300) },
    );
  });
});
