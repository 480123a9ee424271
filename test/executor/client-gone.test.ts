import { buildSchema, parse } from 'graphql';
import { expect, test } from 'vitest';
import { createExecutor, Turns } from '../../src/executor/index.ts';

const schema = buildSchema('type Query { items: [Item!]! } type Item { id: ID! }');
const prepared = createExecutor(schema).prepare(parse('{ items { id } }')).operation(undefined);

/** Runs a list that is long enough to pause. `isGone`: whether the client is, after the pause. */
async function run(isGone: boolean) {
  let completed = 0;
  let end = 0;
  const items = Array.from({ length: 100 }, (_, n) => ({
    id() {
      completed += 1;
      // The run has used its time when its first item is complete.
      while (performance.now() < end);
      return String(n);
    },
  }));
  const turns = new Turns(
    async () => {},
    () => isGone,
  );
  end = performance.now() + 20;
  const result = await prepared?.run({ rootValue: { items }, context: {}, variables: {}, turns });
  return { completed, result };
}

test('a paused run of a client that has disconnected completes no further item', async () => {
  const { completed, result } = await run(true);
  expect(completed).toBeLessThan(100);
  expect(result?.data).toBeNull();
  expect(result?.errors).toMatchObject([{ extensions: { code: 'ABORTED' } }]);
});

test('a paused run of a client that waits completes all items', async () => {
  const { completed, result } = await run(false);
  expect(completed).toBe(100);
  expect(result?.errors).toBeUndefined();
});
