import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import {
  type RowChange,
  type Table,
  WatchError,
  type WatchRequest,
  type WatchSink,
  watch,
} from '../../src/client/index.ts';
import { errorCodes } from '../../src/pipeline/error-codes.ts';
import { runs } from '../support/runs.ts';

const DOCUMENT = 'subscription ($after: String) { changes(after: $after) { cursor type reset object { id state } } }';

interface Row {
  readonly id: string;
  readonly state: number;
}

interface Event {
  readonly type: 'SNAPSHOT' | 'BOOKMARK' | 'ADDED' | 'CHANGED' | 'REMOVED';
  readonly reset: boolean;
  readonly cursor: string;
  readonly object: Row | null;
}

/** A list with its event log, as a gateway has one, and one subscriber that reads when the test says so. */
class ListModel {
  readonly objects = new Map<string, Row>();
  /** All states that the list has had, as text. */
  readonly history = new Set<string>([textOf(new Map())]);
  readonly requestedCursors: unknown[] = [];
  #log: Event[] = [];
  #sequence = 0;
  #queue: Event[] = [];
  #sink: WatchSink | undefined;
  #request: WatchRequest | undefined;
  #lastChange: Event | undefined;
  #rejectsCursors = false;

  readonly transport = (request: WatchRequest, sink: WatchSink) => {
    this.#request = request;
    this.#sink = sink;
    this.#subscribe();
    return () => {
      if (this.#sink === sink) this.#sink = undefined;
    };
  };

  write(id: string, state: number | undefined): void {
    const known = this.objects.get(id);
    if (state === undefined) {
      if (known === undefined) return;
      this.objects.delete(id);
      this.#append('REMOVED', known);
    } else {
      const object = { id, state };
      this.objects.set(id, object);
      this.#append(known === undefined ? 'ADDED' : 'CHANGED', object);
    }
    this.history.add(textOf(this.objects));
  }

  deliver(count: number): void {
    for (const event of this.#queue.splice(0, count)) this.#send(event);
  }

  deliverAll(): void {
    this.deliver(this.#queue.length);
  }

  /** Sends the last change again, as a gateway might after a resumption. */
  repeat(): void {
    if (this.#lastChange !== undefined) this.#sink?.next({ data: { changes: this.#lastChange } });
  }

  cut(code = 'GOING_AWAY', retryable = true): void {
    this.#queue = [];
    this.#lastChange = undefined;
    this.#sink?.error(new WatchError(code, { code, retryable }));
  }

  complete(): void {
    this.#sink?.complete();
  }

  /** The transport connects again by itself, as graphql-ws does. */
  interrupt(): void {
    this.#sink?.interrupted(new WatchError('closed', { code: 'CONNECTION_CLOSED', retryable: true }));
    if (this.#sink !== undefined) this.#subscribe();
  }

  forgetLog(): void {
    this.#log = [];
  }

  rejectNextCursor(): void {
    this.#rejectsCursors = true;
  }

  #append(type: Event['type'], object: Row): void {
    this.#sequence += 1;
    const event = { type, reset: false, cursor: String(this.#sequence), object };
    this.#log.push(event);
    if (this.#sink !== undefined) this.#queue.push(event);
  }

  #send(event: Event): void {
    this.#lastChange = event.object === null || event.type === 'SNAPSHOT' ? undefined : event;
    this.#sink?.next({ data: { changes: event } });
  }

  #subscribe(): void {
    const after = this.#request?.variables['after'];
    this.requestedCursors.push(after);
    this.#lastChange = undefined;
    this.#queue = [];
    const sink = this.#sink;
    if (after !== undefined && this.#rejectsCursors) {
      this.#rejectsCursors = false;
      // A rejected subscription delivers nothing.
      this.#sink = undefined;
      const message = 'The cursor is not valid.';
      queueMicrotask(() =>
        sink?.next({ errors: [{ message, extensions: { code: 'INVALID_CURSOR', retryable: false } }] }),
      );
      return;
    }
    const missed = this.#log.filter(({ cursor }) => Number(cursor) > Number(after));
    const isStored = after !== undefined && missed.length === this.#sequence - Number(after);
    const cursor = String(this.#sequence);
    const bookmark = { type: 'BOOKMARK', reset: !isStored, cursor, object: null } as const;
    const snapshot = [...this.objects.values()].map(
      (object) => ({ type: 'SNAPSHOT', reset: true, cursor, object }) as const,
    );
    this.#queue = [...(isStored ? missed : snapshot), bookmark];
  }
}

const textOf = (rows: ReadonlyMap<string, Row>) =>
  JSON.stringify([...rows.values()].sort((a, b) => (a.id < b.id ? -1 : 1)));

const open = (model: ListModel) =>
  watch<Row, Event>(DOCUMENT, { transport: model.transport, minRetryMs: 1, maxRetryMs: 1 });

/** Resolves when the table has notified its listeners of everything before. */
const flushed = () => new Promise<void>((resolve) => setImmediate(resolve));

const live = (table: Table<Row, Event>) =>
  new Promise<void>((resolve) => {
    const check = () => {
      if (table.status.state === 'live') resolve();
    };
    table.subscribe(check);
    check();
  });

/** Waits for the retry timer, and delivers what the list has then. */
async function settle(table: Table<Row, Event>, model: ListModel): Promise<void> {
  while (table.status.state !== 'live') {
    await new Promise((resolve) => setTimeout(resolve, 1));
    model.deliverAll();
  }
  model.deliverAll();
}

type Action = (model: ListModel, table: Table<Row, Event>) => void;

const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(fc.nat(6), fc.option(fc.nat(2), { nil: undefined })).map(
      ([id, state]): Action =>
        (model) =>
          model.write(`h-${id}`, state),
    ),
  },
  {
    weight: 6,
    arbitrary: fc.integer({ min: 1, max: 5 }).map(
      (count): Action =>
        (model) =>
          model.deliver(count),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Action>(
      (model, table) => {
        model.cut();
        table.retry();
      },
      (model) => model.interrupt(),
      (model) => model.repeat(),
      (model) => model.forgetLog(),
      (model) => model.rejectNextCursor(),
    ),
  },
);

describe('a table', () => {
  it('equals the list after any writes, cuts, resumptions and repeated events, and is never in a state that the list was not', async () => {
    const property = fc.asyncProperty(fc.array(action, { maxLength: 60 }), async (actions) => {
      const model = new ListModel();
      const table = open(model);
      const mirror = new Map<string, Row>();
      const wrong: string[] = [];
      const seen = new Set<Event>();
      table.onChange((changes) => {
        for (const { type, id, row, previous, event } of changes) {
          // An exception of a listener would not fail the property.
          if (mirror.get(id) !== previous) wrong.push(`${type} ${id} does not follow its previous row`);
          if (event !== undefined && seen.has(event)) wrong.push(`${type} ${id} is repeated`);
          if (event !== undefined) seen.add(event);
          if (type === 'REMOVED') mirror.delete(id);
          else mirror.set(id, row);
        }
      });
      for (const each of actions) {
        each(model, table);
        expect(model.history).toContain(textOf(table.rows));
      }
      await settle(table, model);
      await flushed();
      expect(textOf(table.rows)).toBe(textOf(model.objects));
      expect(textOf(mirror)).toBe(textOf(model.objects));
      expect(wrong).toEqual([]);
      table.close();
    });
    await fc.assert(property, { numRuns: runs(2_000, 100) });
  });

  it('keeps its rows until a new snapshot is complete, and unchanged objects keep their identity', async () => {
    const model = new ListModel();
    for (const id of ['a', 'b', 'c']) model.write(id, 1);
    const table = open(model);
    model.deliverAll();
    const before = table.rows;
    model.forgetLog();
    model.write('a', undefined);
    model.write('b', 2);
    model.write('d', 1);
    model.forgetLog();
    model.cut();
    table.retry();
    model.deliver(2);
    expect(table.status.state).toBe('loading');
    expect(table.rows).toBe(before);
    const received: RowChange<Row, Event>[] = [];
    table.onChange((changes) => received.push(...changes));
    model.deliverAll();
    await flushed();
    expect([...table.rows.keys()].sort()).toEqual(['b', 'c', 'd']);
    expect(table.rows.get('c')).toBe(before.get('c'));
    expect(received.map(({ type, id, event }) => `${type} ${id} ${event}`)).toEqual([
      'REMOVED a undefined',
      'CHANGED b undefined',
      'ADDED d undefined',
    ]);
    table.close();
  });

  it('shows rows of its first snapshot while they arrive, and none of a later one', () => {
    const model = new ListModel();
    for (const id of ['a', 'b', 'c']) model.write(id, 1);
    const table = open(model);
    model.deliver(2);
    expect([...table.loadingRows.keys()]).toEqual(['a', 'b']);
    model.cut();
    table.retry();
    expect(table.loadingRows.size).toBe(0);
    model.deliverAll();
    expect([table.rows.size, table.loadingRows.size]).toEqual([3, 0]);
    model.write('b', 2);
    model.forgetLog();
    model.cut();
    table.retry();
    model.deliver(2);
    expect(table.status.state).toBe('loading');
    expect([table.rows.size, table.loadingRows.size]).toEqual([3, 0]);
    table.close();
  });

  it('discards an incomplete snapshot when it connects again', async () => {
    const model = new ListModel();
    for (const id of ['a', 'b', 'c']) model.write(id, 1);
    const table = open(model);
    model.deliver(2);
    expect(table.rows.size).toBe(0);
    model.write('a', undefined);
    model.cut();
    table.retry();
    model.deliverAll();
    expect([...table.rows.keys()]).toEqual(['b', 'c']);
    expect(model.requestedCursors).toEqual([undefined, undefined]);
    table.close();
  });

  it('gives React the same snapshot until something changes', () => {
    const model = new ListModel();
    model.write('a', 1);
    const table = open(model);
    const { getSnapshot } = table;
    expect(getSnapshot()).toBe(getSnapshot());
    const first = getSnapshot();
    model.deliverAll();
    const second = getSnapshot();
    expect(second).not.toBe(first);
    expect(first.rows.size).toBe(0);
    expect(second).toMatchObject({ status: { state: 'live' }, rows: new Map([['a', { id: 'a', state: 1 }]]) });
    expect(second.updatedAt).toBeInstanceOf(Date);
    expect(getSnapshot()).toBe(second);
    model.write('b', 1);
    model.deliverAll();
    expect(second.rows.size).toBe(1);
    expect(getSnapshot().rows.size).toBe(2);
    table.close();
  });

  it('notifies once of events that arrive together, and an exception of a listener keeps nothing from the others', async () => {
    const model = new ListModel();
    const table = open(model);
    const thrown: unknown[] = [];
    const queue = queueMicrotask;
    const spy = vi.spyOn(globalThis, 'queueMicrotask').mockImplementation((run) =>
      queue(() => {
        try {
          run();
        } catch (error) {
          thrown.push(error);
        }
      }),
    );
    let notified = 0;
    const remove = table.subscribe(() => {
      throw new Error('a defect of a listener');
    });
    table.subscribe(() => {
      notified += 1;
    });
    for (let index = 0; index < 100; index += 1) model.write(`h-${index}`, 1);
    model.deliverAll();
    await flushed();
    remove();
    spy.mockRestore();
    expect(notified).toBe(1);
    expect(thrown).toEqual([new Error('a defect of a listener')]);
    table.close();
  });

  it('starts without a cursor when the gateway rejects it, and keeps its rows meanwhile', async () => {
    const model = new ListModel();
    model.write('a', 1);
    const table = open(model);
    model.deliverAll();
    model.write('b', 1);
    model.rejectNextCursor();
    model.cut();
    table.retry();
    await flushed();
    expect(table.status).toMatchObject({ state: 'reconnecting', reason: { code: 'INVALID_CURSOR' } });
    expect([...table.rows.keys()]).toEqual(['a']);
    await settle(table, model);
    expect([...table.rows.keys()]).toEqual(['a', 'b']);
    expect(model.requestedCursors).toEqual([undefined, '1', undefined]);
    table.close();
  });

  it('reports completion after the final state', async () => {
    const model = new ListModel();
    model.write('a', 1);
    const table = open(model);
    model.deliverAll();
    model.write('a', 2);
    model.deliverAll();
    model.complete();
    expect(table.status).toEqual({ state: 'ended', reason: 'completed' });
    expect(table.rows.get('a')?.state).toBe(2);
    const seen: unknown[] = [];
    for await (const changes of table.changes()) seen.push(...changes);
    expect(seen).toHaveLength(1);
  });

  it('yields changes to a slow reader as one for each row', async () => {
    const model = new ListModel();
    model.write('a', 1);
    model.write('b', 1);
    const table = open(model);
    const changes = table.changes();
    model.deliverAll();
    const textOfChange = ({ type, row }: RowChange<Row, Event>) => `${type} ${row.id} ${row.state}`;
    expect((await changes.next()).value?.map(textOfChange)).toEqual(['ADDED a 1', 'ADDED b 1']);
    for (let state = 2; state < 1_000; state += 1) model.write('a', state);
    model.write('b', undefined);
    model.write('c', 1);
    model.deliverAll();
    expect((await changes.next()).value?.map(textOfChange)).toEqual(['REMOVED b 1', 'CHANGED a 999', 'ADDED c 1']);
    const next = changes.next();
    table.close();
    expect(await next).toEqual({ done: true, value: undefined });
  });
});

describe('an error of the gateway', () => {
  const codes = Object.values(errorCodes).flatMap((group) =>
    Object.entries(group).map(([code, [retryable]]) => ({ code, retryable })),
  );

  it.each(codes.filter(({ retryable }) => retryable === 'yes'))(
    '$code resumes after the last event',
    async ({ code }) => {
      const model = new ListModel();
      model.write('a', 1);
      const table = open(model);
      model.deliverAll();
      model.cut(code, true);
      expect(table.status).toMatchObject({
        state: 'reconnecting',
        failures: 1,
        reason: { code },
        retryAt: expect.any(Date),
      });
      model.write('b', 1);
      await settle(table, model);
      await live(table);
      expect(model.requestedCursors).toEqual([undefined, '1']);
      expect(table.rows.size).toBe(2);
      table.close();
    },
  );

  const final = codes.filter(({ code, retryable }) => retryable === 'no' && code !== 'INVALID_CURSOR');
  it.each(final)('$code ends the table, and retry() resumes it', async ({ code }) => {
    const model = new ListModel();
    model.write('a', 1);
    const table = open(model);
    model.deliverAll();
    model.cut(code, false);
    expect(table.status).toMatchObject({ state: 'ended', reason: 'failed', error: { code, retryable: false } });
    expect(table.rows.size).toBe(1);
    await expect(async () => {
      for await (const _ of table.changes());
    }).rejects.toMatchObject({ code });
    model.write('b', 1);
    table.retry();
    model.deliverAll();
    expect(table.status.state).toBe('live');
    expect(table.rows.size).toBe(2);
    table.close();
  });

  it('without a first snapshot rejects ready()', async () => {
    const model = new ListModel();
    const table = open(model);
    model.cut('FORBIDDEN', false);
    await expect(table.ready()).rejects.toMatchObject({ name: 'WatchError', code: 'FORBIDDEN' });
    const closed = open(new ListModel());
    closed.close();
    await expect(closed.ready()).rejects.toThrow('The table was closed before its rows were complete.');
  });

  it('waits at least for the time that the gateway asks for, and longer after each failure', () => {
    const waits = [0, 1_000].map((retryAfterMs) => {
      const table = watch(DOCUMENT, {
        minRetryMs: 10,
        transport: (_request, sink) => {
          queueMicrotask(() =>
            sink.error(new WatchError('full', { code: 'OVERLOADED', retryable: true, retryAfterMs })),
          );
          return () => {};
        },
      });
      return { table, retryAfterMs };
    });
    return flushed().then(() => {
      for (const { table, retryAfterMs } of waits) {
        const { status } = table;
        table.close();
        if (status.state !== 'reconnecting') expect.fail(status.state);
        const waitMs = (status.retryAt?.getTime() ?? 0) - Date.now();
        expect(waitMs).toBeGreaterThan(retryAfterMs - 100);
        expect(waitMs).toBeLessThanOrEqual(retryAfterMs + 10);
      }
    });
  });
});

describe('events that a table cannot keep', () => {
  const watchEvent = (event: object, options: object = {}) => {
    const table = watch(DOCUMENT, {
      transport: (_request, sink) => {
        queueMicrotask(() => {
          sink.next({ data: { changes: event } });
          sink.next({ data: { changes: { type: 'BOOKMARK', reset: true, cursor: '1' } } });
        });
        return () => {};
      },
      ...options,
    });
    return table;
  };
  const members = { type: 'SNAPSHOT', reset: true, cursor: '1' };

  it.each([
    ['without a cursor', { ...members, cursor: undefined, object: { id: 'a' } }, '`cursor`'],
    ['without reset', { ...members, reset: undefined, object: { id: 'a' } }, '`reset`'],
    ['without an object', members, 'Select the changed object'],
    ['without an id', { ...members, object: { name: 'a' } }, 'Select its `id`, or pass `key`'],
    ['with several objects', { ...members, policy: { id: 'p' }, target: { id: 't' } }, 'policy, target'],
  ])('end it with what to do: an event %s', async (_what, event, message) => {
    const table = watchEvent(event);
    await expect(table.ready()).rejects.toThrow(message);
    expect(table.status).toMatchObject({ reason: 'failed', error: { code: 'INVALID_EVENT' } });
  });

  it('need the name of the object, or its key', async () => {
    const byField = watchEvent({ ...members, policy: { id: 'p' }, target: { id: 't' } }, { field: 'target' });
    await byField.ready();
    expect([...byField.rows.keys()]).toEqual(['t']);
    byField.close();
    const key = ({ policyId, targetId }: Record<string, unknown>) => `${policyId} ${targetId}`;
    const byKey = watchEvent(
      { ...members, changes: [{ id: 'x' }], attachment: { policyId: 'p', targetId: 't' } },
      { key },
    );
    await byKey.ready();
    expect([...byKey.rows.keys()]).toEqual(['p t']);
    byKey.close();
  });

  it('become one object of several members', async () => {
    const table = watchEvent(
      { ...members, policy: { id: 'p' }, target: { id: 't' } },
      {
        toRow: ({ policy, target }: Record<string, { id: string }>) => ({ policyId: policy?.id, targetId: target?.id }),
        key: ({ policyId, targetId }: Record<string, string>) => `${policyId} ${targetId}`,
      },
    );
    await table.ready();
    expect([...table.rows]).toEqual([['p t', { policyId: 'p', targetId: 't' }]]);
    table.close();
  });

  it('accept parts of an age', () => {
    const requests: WatchRequest[] = [];
    const transport = (request: WatchRequest) => {
      requests.push(request);
      return () => {};
    };
    watch(DOCUMENT, { transport, maxAge: 60, principal: 'partner' }).close();
    watch(DOCUMENT, { transport }).close();
    expect(requests.map(({ extensions }) => extensions)).toEqual([
      { principal: 'partner', orgql: { maxAge: 60 } },
      undefined,
    ]);
  });

  it('are read in part if only some of their fields failed', async () => {
    const errors = [
      { message: 'AWS could not be reached.', extensions: { code: 'UPSTREAM_UNAVAILABLE', retryable: true } },
    ];
    const reported: unknown[] = [];
    const requests: unknown[] = [];
    const table = watch<Row>(DOCUMENT, {
      minRetryMs: 1,
      onFieldErrors: (each) => reported.push(...each),
      transport: ({ variables }, sink) => {
        requests.push(variables['after']);
        queueMicrotask(() => {
          sink.next({ data: { changes: { ...members, object: { id: 'a', state: null } } }, errors });
          // The object of the first event cannot be read at first.
          const object = requests.length === 1 ? null : { id: 'b', state: 1 };
          sink.next({ data: { changes: { ...members, object } }, ...(object === null && { errors }) });
          sink.next({ data: { changes: { type: 'BOOKMARK', reset: true, cursor: '1' } } });
        });
        return () => {};
      },
    });
    await table.ready();
    expect([...table.rows.keys()]).toEqual(['a', 'b']);
    expect(reported).toEqual([...errors, ...errors]);
    expect(requests).toEqual([undefined, undefined]);
    table.close();
  });
});

it('rejects a document that cannot resume, a cursor of the caller, and a missing transport', () => {
  const transport = () => () => {};
  expect(() => watch('subscription { changes { cursor } }', { transport })).toThrow('has no variable `$after`');
  expect(() => watch(DOCUMENT, { transport, variables: { after: 'x' } as never })).toThrow('`variables.after` is set');
  expect(() => watch(DOCUMENT, { transport: undefined as never })).toThrow('`transport` is missing');
});
