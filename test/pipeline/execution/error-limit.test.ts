import { afterAll, beforeAll, expect, test } from 'vitest';
import { MAX_ERRORS } from '../../../src/executor/index.ts';
import { type Demo, startDemo } from '../../support/gateway.ts';
import { queryInParts } from '../../support/incremental.ts';

let demo: Demo;
beforeAll(async () => {
  demo = await startDemo();
});
afterAll(() => demo.close());

const bad = { ids: Array.from({ length: 600 }, () => 'nonsense') };
const both = 'a: nodes(ids: $ids) { id } b: nodes(ids: $ids) { id }';
const leftOut = (count: number) => ({
  message: expect.stringContaining(`${count} more errors are left out`),
  extensions: { code: 'ERRORS_LEFT_OUT', leftOut: count, retryable: false },
});

test('a result reports 1,000 errors and how many were left out; its data is complete', async () => {
  const { data, errors = [] } = await demo.query(`query ($ids: [ID!]!) { ${both} organization { id } }`, bad);
  expect(errors).toHaveLength(MAX_ERRORS + 1);
  expect(errors.slice(0, MAX_ERRORS).every(({ path }) => path?.length === 2)).toBe(true);
  expect(errors.at(-1)).toMatchObject(leftOut(200));
  const nothing = bad.ids.map(() => null);
  expect(data).toEqual({ a: nothing, b: nothing, organization: { id: 'o-exampleorgid' } });
});

test('a result with exactly 1,000 errors reports no omitted ones', async () => {
  const ids = bad.ids.slice(0, MAX_ERRORS / 2);
  const { errors = [] } = await demo.query(`query ($ids: [ID!]!) { ${both} }`, { ids });
  expect(errors).toHaveLength(MAX_ERRORS);
  expect(errors.at(-1)?.path).toHaveLength(2);
});

test('each part of an incremental result reports up to 1,000 errors', async () => {
  const document = `query { organization { id } ... @defer { ${both.replaceAll('$ids', JSON.stringify(bad.ids))} } }`;
  const reported = [];
  for await (const { incremental = [] } of queryInParts(demo.url, { document }))
    reported.push(...incremental.map((piece) => piece.errors ?? []));
  const [errors = []] = reported;
  expect(errors).toHaveLength(MAX_ERRORS + 1);
  expect(errors.at(-1)).toMatchObject(leftOut(200));
});
