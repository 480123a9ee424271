import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { Batch, type BatchOptions, type Sent } from '../../src/console/actions/batch.ts';
import type { ActionError } from '../../src/console/actions/exceptions.ts';

const error = (members: Partial<ActionError>): Sent => ({
  error: {
    ...{ code: 'InvalidInputException', reason: undefined, message: 'no', requestId: 'r-1' },
    ...{ isRetryable: false, isUnknown: false },
    ...members,
  },
});
const lost = error({ code: 'NETWORK_ERROR', isUnknown: true, isRetryable: true });

interface Start extends Partial<BatchOptions<string>> {
  readonly items: readonly string[];
}

function startBatch(options: Start) {
  const controller = new AbortController();
  const batch = new Batch<string>({
    send: async (item) => ({ result: `h-${item}` }),
    isConnected: () => true,
    connected: async () => {},
    now: () => new Date('2026-11-28T00:00:00Z'),
    signal: controller.signal,
    ...options,
  });
  batch.start();
  const ended = () =>
    vi.waitFor(() => expect(batch.state.get().isRunning).toBe(false), { timeout: 20_000, interval: 5 });
  const states = () => batch.state.get().rows.map(({ state, result }) => (result ? `${state} ${result}` : state));
  return { batch, controller, ended, states };
}

test('items are sent one after the other, and one that fails does not stop the rest', async () => {
  let open = 0;
  const { ended, states } = startBatch({
    items: ['a', 'b', 'c'],
    send: async (item) => {
      expect(++open).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      open -= 1;
      return item === 'b' ? error({}) : { result: `h-${item}` };
    },
  });
  await ended();
  expect(states()).toEqual(['done h-a', 'failed', 'done h-c']);
});

test('an item whose answer was lost is looked up, and sent again only if AWS does not have it', async () => {
  const send = vi.fn(async (item: string): Promise<Sent> => {
    return send.mock.calls.filter(([each]) => each === item).length === 1 ? lost : { result: `h-${item}` };
  });
  const find = vi.fn(async (item: string) => ({ result: item === 'a' ? 'h-found' : undefined }));
  const { ended, states } = startBatch({ items: ['a', 'b'], send, find });
  await ended();
  expect(states()).toEqual(['done h-found', 'done h-b']);
  expect(send.mock.calls).toEqual([['a'], ['b'], ['b']]);
  expect(find.mock.calls).toEqual([
    ['a', new Date('2026-11-28T00:00:00Z')],
    ['b', new Date('2026-11-28T00:00:00Z')],
  ]);
});

test('a duplicate is looked up: an earlier attempt may have been carried out', async () => {
  const { ended, states } = startBatch({
    items: ['a', 'b'],
    send: async () => error({ code: 'DuplicateHandshakeException' }),
    find: async (item) => ({ result: item === 'a' ? 'h-a' : undefined }),
  });
  await ended();
  expect(states()).toEqual(['done h-a', 'failed']);
});

test('while a look-up fails, the item is not sent again', async () => {
  const sent: string[] = [];
  let failures = 2;
  const { ended, states } = startBatch({
    items: ['a'],
    send: async (item) => {
      sent.push(item);
      return lost;
    },
    find: async () => (failures-- > 0 ? (lost as { error: ActionError }) : { result: 'h-a' }),
  });
  await ended();
  expect(states()).toEqual(['done h-a']);
  expect(sent).toEqual(['a']);
});

test('a row is not shown as looked up when its look-up has failed', async () => {
  const { batch, ended, states } = startBatch({
    items: ['a', 'b'],
    send: async (item) => (item === 'a' ? error({ code: 'DuplicateHandshakeException' }) : lost),
    find: async (item) => {
      expect(batch.state.get().rows.map(({ isLookedUp }) => isLookedUp)).toEqual([item === 'a', item === 'b']);
      if (item === 'b') batch.pause();
      return lost as { error: ActionError };
    },
  });
  await ended();
  expect(states()).toEqual(['failed', 'waiting']);
  expect(batch.state.get().rows.map(({ isLookedUp }) => isLookedUp)).toEqual([false, false]);
});

test('what can succeed later is repeated', async () => {
  let refusals = 2;
  const { ended, states } = startBatch({
    items: ['a'],
    send: async () =>
      refusals-- > 0 ? error({ code: 'TooManyRequestsException', isRetryable: true }) : { result: 'h-a' },
  });
  await ended();
  expect(states()).toEqual(['done h-a']);
});

test('an error that every other item would meet stops the rest, which can go on later', async () => {
  let isAllowed = false;
  const { batch, ended, states } = startBatch({
    items: ['a', 'b'],
    send: async (item) => (isAllowed ? { result: `h-${item}` } : error({ code: 'AccessDeniedException' })),
  });
  await ended();
  expect(states()).toEqual(['failed', 'waiting']);
  expect(batch.state.get().stoppedBy).toMatchObject({ code: 'AccessDeniedException' });
  isAllowed = true;
  batch.retry();
  await ended();
  expect(states()).toEqual(['done h-a', 'done h-b']);
});

test('a pause keeps the rest, also while the connection is awaited', async () => {
  let isConnected = false;
  const { batch, ended, states } = startBatch({
    items: ['a', 'b'],
    isConnected: () => isConnected,
    connected: (signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
  });
  await vi.waitFor(() => expect(batch.state.get().isDisconnected).toBe(true));
  batch.pause();
  await ended();
  expect(states()).toEqual(['waiting', 'waiting']);
  isConnected = true;
  batch.start();
  await ended();
  expect(states()).toEqual(['done h-a', 'done h-b']);
});

test('the end of the session stops it', async () => {
  const { batch, controller, ended, states } = startBatch({
    items: ['a', 'b'],
    send: async () => {
      controller.abort();
      return { result: 'h-a' };
    },
  });
  await ended();
  batch.start();
  expect(states()).toEqual(['done h-a', 'waiting']);
});

test('whatever answers are lost, AWS gets each item at most once', async () => {
  const plan = fc.array(fc.constantFrom('answered', 'lost before', 'lost after', 'refused'), { maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(fc.array(plan, { minLength: 1, maxLength: 2 }), async (plans) => {
      const aws = new Map<string, number>();
      const attempts = new Map<string, number>();
      const { ended, states } = startBatch({
        items: plans.map((_, at) => String(at)),
        send: async (item) => {
          const attempt = attempts.get(item) ?? 0;
          attempts.set(item, attempt + 1);
          const step = plans[Number(item)]?.[attempt] ?? 'answered';
          if (step === 'lost before') return lost;
          if (step === 'refused') return error({});
          aws.set(item, (aws.get(item) ?? 0) + 1);
          return step === 'lost after' ? lost : { result: `h-${item}` };
        },
        find: async (item) => ({ result: aws.has(item) ? `h-${item}` : undefined }),
      });
      await ended();
      expect([...aws.values()].every((count) => count === 1)).toBe(true);
      expect(states()).toEqual(plans.map((_, at) => (aws.has(String(at)) ? `done h-${at}` : 'failed')));
    }),
    { numRuns: 15 },
  );
}, 60_000);
