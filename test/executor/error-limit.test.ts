import { buildSchema, parse } from 'graphql';
import { expect, test } from 'vitest';
import { createExecutor, MAX_ERRORS, type TextResult } from '../../src/executor/index.ts';

const leftOut = (count: number) => ({
  message: expect.stringContaining(`${count} more errors are left out`),
  extensions: { code: 'ERRORS_LEFT_OUT', leftOut: count, retryable: false },
});

test('an error of a non-null field makes its parent null, whether it is reported or omitted', async () => {
  const schema = buildSchema('type Query { bad: [Int], inner: Inner, must: Int! } type Inner { must: Int! }');
  const fails = () => Promise.reject(new Error('no'));
  const rootValue = {
    bad: Array.from({ length: MAX_ERRORS }, () => new Error('no')),
    inner: async () => ({ must: fails }),
    must: fails,
  };
  const answered = async (text: string) => {
    const operation = createExecutor(schema).prepare(parse(text)).operation(undefined);
    return (await operation?.run({ rootValue, context: undefined, variables: {} })) as TextResult;
  };
  const inner = await answered('{ bad inner { must } }');
  expect(inner.data).toMatchObject({ inner: null });
  expect(inner.errors?.at(-1)).toMatchObject(leftOut(1));
  const whole = await answered('{ bad must }');
  expect(whole.data).toBeNull();
  expect(whole.errors).toHaveLength(MAX_ERRORS + 1);
});
