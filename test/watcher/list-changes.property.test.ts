import fc from 'fast-check';
import { expect, it } from 'vitest';
import { accountObjectFilter } from '../../src/inventory/object-filters.ts';
import type { AccountFilter } from '../../src/inventory/types.ts';
import type { aws, WallMs } from '../../src/upstream/index.ts';
import { ChangeAudience, type PublishedLists } from '../../src/watcher/change-audience.ts';
import { CursorKeys, decodeCursor } from '../../src/watcher/cursor.ts';
import { EventFactory, MaterializedList } from '../../src/watcher/event-log.ts';
import type { LogRecord } from '../../src/watcher/journal.ts';
import { attachmentId } from '../../src/watcher/kept-kinds.ts';
import type { KeptListName } from '../../src/watcher/kept-types.ts';
import type { ListEvent } from '../../src/watcher/list-changes.ts';
import { Subscription } from '../../src/watcher/subscription.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { runs } from '../support/runs.ts';
import { start } from './support/index.ts';

// A subscriber's table is the naive filter over the lists, whatever changes, and wherever it resumes.

const parents = ['r-root', 'ou-a', 'ou-b'] as const;
const ids = ['100000000001', '100000000002', '100000000003'] as const;
const policyId = 'p-one';

interface Step {
  readonly list: 'accounts' | 'tags' | 'policyAttachments';
  readonly id: string;
  /** Undefined to remove it. */
  readonly object: object | undefined;
}

const pathOf = (parent: string, id: string) =>
  parent === 'r-root' ? `o-one/r-root/${id}/` : `o-one/r-root/${parent}/${id}/`;

const accountStep = fc
  .record({
    id: fc.constantFrom(...ids),
    parent: fc.constantFrom(...parents),
    State: fc.constantFrom('ACTIVE', 'CLOSED'),
  })
  .chain(({ id, parent, State }) =>
    fc.constantFrom<Step>(
      { list: 'accounts', id, object: { Id: id, Name: id, State, Paths: [pathOf(parent, id)] } },
      { list: 'accounts', id, object: { Id: id, Name: id, State: 'ACTIVE', Paths: [pathOf(parent, id)] } },
      { list: 'accounts', id, object: undefined },
    ),
  );
const tagStep = fc
  .tuple(fc.constantFrom(...ids), fc.constantFrom('red', 'blue', undefined))
  .map(([id, Value]): Step => {
    const Tags = Value === undefined ? [] : [{ Key: 'team', Value }];
    return { list: 'tags', id, object: { ResourceId: id, Tags } };
  });
const attachmentStep = fc
  .tuple(fc.constantFrom(...parents, ...ids), fc.boolean())
  .map(([TargetId, isAttached]): Step => {
    const object = { PolicyId: policyId, TargetId };
    return { list: 'policyAttachments', id: attachmentId(TargetId, policyId), object: isAttached ? object : undefined };
  });
const steps = fc.array(fc.oneof(accountStep, tagStep, attachmentStep), { maxLength: 40 });

const filters = fc.record(
  {
    states: fc.constant(['ACTIVE']),
    under: fc.constantFrom('r-root', 'ou-a'),
    tags: fc.constantFrom([{ key: 'team', values: ['red'] }], [{ key: 'team', exists: false }]),
    policy: fc.record({ id: fc.constant(policyId), applies: fc.boolean() }),
  },
  { requiredKeys: [] },
);

/** Lists whose changes are stored one after the other. */
class Lists implements PublishedLists {
  readonly principal = 'partner';
  readonly cursorKeys = new CursorKeys({ clock: new ManualClock(start) });
  readonly #lists = new Map<KeptListName, MaterializedList<unknown>>();
  readonly audiences = new Set<ChangeAudience>();

  constructor() {
    for (const list of ['accounts', 'tags', 'policyAttachments'] as const) {
      const events = new EventFactory({ principal: this.principal, log: list }, this.cursorKeys);
      const materialized = new MaterializedList<unknown>(events, 1_000);
      materialized.apply({ records: [], patch: new Map(), read: 1, at: 0 as WallMs });
      this.#lists.set(list, materialized);
    }
  }

  published(list: KeptListName): MaterializedList<unknown> | undefined {
    return this.#lists.get(list);
  }

  store({ list, id, object }: Step, at: WallMs): void {
    const published = this.published(list) as MaterializedList<unknown>;
    const previous = published.get(id)?.object;
    if (object === undefined && previous === undefined) return;
    const before = published.last;
    const offset = { epoch: 'e', sequence: before.sequence + 1 };
    const common = { ...offset, id, previousState: null, at };
    let record: LogRecord<unknown>;
    if (object === undefined) record = { ...common, type: 'REMOVED', object: previous };
    else if (previous === undefined) record = { ...common, type: 'ADDED', object };
    else record = { ...common, type: 'CHANGED', object, previous };
    const patch = new Map([[id, object === undefined ? undefined : { object, observedAt: at }]]);
    published.apply({ records: [record], patch, read: undefined, at });
    for (const audience of this.audiences) audience.onStored(list, before, [record]);
  }

  /** The ids of the accounts that match, without the code under test. */
  matching({ states, under, tags, policy }: AccountFilter): readonly string[] {
    const objects = (list: KeptListName) => this.published(list)?.objects ?? new Map();
    return [...objects('accounts').values()]
      .map(({ object }) => object as aws.Account)
      .filter(({ Id = '', State = '', Paths: [path = ''] = [] }) => {
        const team = objects('tags').get(Id)?.object.Tags[0]?.Value;
        const places = path.split('/').filter((place) => place !== '');
        const isReached = places.some((place) => objects('policyAttachments').has(attachmentId(place, policyId)));
        const isTagged = tags?.every(({ values, exists }) =>
          values == null ? (team !== undefined) === (exists !== false) : values.includes(team),
        );
        return (
          (states == null || states.includes(State)) &&
          (under == null || places.slice(0, -1).includes(under)) &&
          isTagged !== false &&
          (policy == null || isReached === policy.applies)
        );
      })
      .map(({ Id = '' }) => Id)
      .sort();
  }
}

/** Applies events to a table, each of which must fit it. */
class Table {
  #rows = new Map<string, aws.Account>();
  cursor: string | undefined;

  apply({ type, object, cursor, reset }: ListEvent<aws.Account>): void {
    const id = object?.Id ?? '';
    if (type === 'ADDED') expect(this.#rows.has(id)).toBe(false);
    if (type === 'CHANGED' || type === 'REMOVED') expect(this.#rows.has(id)).toBe(true);
    if (type !== 'BOOKMARK') expect(reset).toBe(type === 'SNAPSHOT');
    if (type === 'REMOVED') this.#rows.delete(id);
    else if (object !== null) this.#rows.set(id, object);
    this.cursor = cursor;
  }

  get ids(): readonly string[] {
    return [...this.#rows.keys()].sort();
  }
}

const connect = async (lists: Lists, filter: AccountFilter, after: string | undefined) => {
  const key = JSON.stringify(filter);
  const audience = new ChangeAudience(lists, 'accounts', key === '{}' ? undefined : accountObjectFilter(key, filter));
  lists.audiences.add(audience as unknown as ChangeAudience);
  const position = after === undefined ? undefined : await decodeCursor(lists.cursorKeys, after);
  const open = async () => undefined;
  const subscription = new Subscription<aws.Account>({ maxBuffered: 10_000, open });
  audience.attach(subscription, position);
  return subscription;
};

it('a table equals the filter, event by event and after each resume', async () => {
  const scenario = fc.record({ early: steps, late: steps, filter: filters, readUpTo: fc.nat({ max: 12 }) });
  await fc.assert(
    fc.asyncProperty(scenario, async ({ early, late, filter, readUpTo }) => {
      const lists = new Lists();
      const table = new Table();
      const read = (subscription: Subscription<aws.Account>, max = Number.POSITIVE_INFINITY) => {
        for (let count = 0; count < max; count += 1) {
          const next = subscription.tryNext();
          if (next === undefined || next.done === true) return;
          table.apply(next.value as ListEvent<aws.Account>);
        }
      };
      const first = await connect(lists, filter, undefined);
      read(first);
      for (const [at, step] of early.entries()) {
        lists.store(step, at as WallMs);
        read(first);
        expect(table.ids).toEqual(lists.matching(filter));
      }
      for (const [at, step] of late.entries()) lists.store(step, (100 + at) as WallMs);
      // It leaves in the middle, perhaps between two events of one change.
      read(first, readUpTo);
      await first.return();
      const second = await connect(lists, filter, table.cursor);
      read(second);
      expect(table.ids).toEqual(lists.matching(filter));
    }),
    { numRuns: runs(300) },
  );
});
