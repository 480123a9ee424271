import { afterAll, beforeAll, expect, test } from 'vitest';
import { MAX_FAILURES } from '../../src/executor/index.ts';
import { quoted } from '../../src/schema/quoted.ts';
import { type Demo, type LogLine, startDemo } from '../support/gateway.ts';
import { post } from '../support/http.ts';
import { queryInParts } from '../support/incremental.ts';

const lines: LogLine[] = [];
let demo: Demo;
beforeAll(async () => {
  demo = await startDemo({ config: { log: { level: 'debug' } }, onLog: (line) => lines.push(line) });
});
afterAll(() => demo.close());

const repeated = (count: number, text: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => text(n)).join(' ');

async function send(body: object): Promise<{
  readonly text: string;
  readonly errors: readonly { message: string; extensions: Record<string, unknown> }[];
}> {
  const response = await fetch(demo.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  return { text, errors: JSON.parse(text).errors ?? [] };
}

test('the estimate counts malformed ids under each alias', async () => {
  const query = `query ($ids: [ID!]!) { ${repeated(190, (n) => `a${n}: nodes(ids: $ids) { id }`)} }`;
  const variables = { ids: Array.from({ length: 1_000 }, () => 'zz') };
  const { text } = await send({ query, variables, extensions: { orgql: { estimate: true } } });
  expect(JSON.parse(text).extensions.upstream.estimate.values).toBeGreaterThan(190_000);
});

test('the estimate counts the items of every list in an argument, at any depth, literal or variable', async () => {
  const values = async (query: string, variables = {}): Promise<number> => {
    const { text } = await send({ query, variables, extensions: { orgql: { estimate: true } } });
    return JSON.parse(text).extensions.upstream.estimate.values;
  };
  const tag = { key: 'k', value: 'v' };
  const mutation =
    'mutation ($tags: [TagInput!]!) { a: tagResource(input: { resourceId: "111111111111", tags: $tags }) { __typename } }';
  const one = await values(mutation, { tags: [tag] });
  expect(await values(mutation, { tags: Array.from({ length: 501 }, () => tag) })).toBe(one + 500);
  const listed = (count: number) =>
    `{ organization { createAccountStatuses(states: [${repeated(count, () => 'FAILED')}]) { nodes { id } } } }`;
  expect(await values(listed(301))).toBe((await values(listed(1))) + 300);
});

test('an operation with more than 5,000 failed values ends with an error', async () => {
  const query = `query ($ids: [ID!]!) { ${repeated(6, (n) => `a${n}: nodes(ids: $ids) { id }`)} }`;
  const { errors, text } = await send({ query, variables: { ids: Array.from({ length: 1_000 }, () => 'zz') } });
  expect(JSON.parse(text).data).toBeNull();
  expect(errors.at(-1)?.extensions).toEqual({ code: 'TOO_MANY_ERRORS', maximum: MAX_FAILURES, retryable: false });
  expect(errors[0]?.extensions['code']).toBe('BAD_USER_INPUT');
  expect(text.length).toBeLessThan(20_000);
});

test('an incremental result may have fewer values, as its errors cannot be omitted', async () => {
  const ids = JSON.stringify(Array.from({ length: 1_000 }, () => 'zz'));
  const document = `query { organization { id } ... @defer { ${repeated(4, (n) => `a${n}: nodes(ids: $ids) { ${repeated(6, (m) => `b${m}: id`)} }`).replaceAll('$ids', ids)} } }`;
  const codes: unknown[] = [];
  for await (const { errors = [] } of queryInParts(demo.url, { document }))
    codes.push(...errors.map(({ extensions }) => extensions?.['code']));
  expect(codes).toEqual(['VALUE_LIMIT_EXCEEDED']);
});

test('an object with too many members is rejected, in variables and extensions', async () => {
  const members = Object.fromEntries(Array.from({ length: 10_001 }, (_, n) => [`m${n}`, n]));
  for (const params of [{ variables: { i: { inner: [members] } } }, { extensions: members }]) {
    const { body } = await post(demo.url, { query: '{ viewer { caller } }', ...params });
    expect(body.errors[0].extensions).toMatchObject({ code: 'MEMBER_LIMIT_EXCEEDED', maximum: 10_000 });
  }
});

test.for([
  [
    'a variable with thousands of unknown members',
    {
      query: 'mutation ($i: CreateAccountInput!) { createAccount(input: $i) { __typename } }',
      variables: { i: Object.fromEntries(Array.from({ length: 9_000 }, (_, n) => [`m${n}`, n])) },
    },
  ],
  [
    'a long text for a number',
    {
      query: 'query ($n: Int) { organization { accounts(first: $n) { nodes { id } } } }',
      variables: { n: 'x'.repeat(900_000) },
    },
  ],
  [
    'a long text for an enum',
    {
      query:
        'query ($s: [CreateAccountState!]) { organization { createAccountStatuses(states: $s) { nodes { id } } } }',
      variables: { s: ['X'.repeat(900_000)] },
    },
  ],
  [
    'a long name of a member',
    {
      query: 'query ($f: HandshakeFilter) { viewer { handshakes(filter: $f) { nodes { id } } } }',
      variables: { f: { ['x'.repeat(900_000)]: 1 } },
    },
  ],
  ['a long id', { query: 'query ($id: ID!) { node(id: $id) { id } }', variables: { id: 'x'.repeat(900_000) } }],
  [
    'a long cursor',
    {
      query: 'query ($c: String) { organization { accounts(after: $c) { nodes { id } } } }',
      variables: { c: 'x'.repeat(900_000) },
    },
  ],
  ['a long field name', { query: `{ ${'x'.repeat(900_000)} }` }],
  ['a long literal', { query: `{ organization { accounts(first: "${'x'.repeat(900_000)}") { nodes { id } } } }` }],
  ['a long token that is wrong', { query: `{ viewer "${'x'.repeat(900_000)}" }` }],
  ['a long name of an operation', { query: '{ viewer { caller } }', operationName: 'x'.repeat(900_000) }],
  ['a long name of a principal', { query: '{ viewer { caller } }', extensions: { principal: 'x'.repeat(900_000) } }],
  ['a long name of a parameter', { query: '{ viewer { caller } }', ['x'.repeat(900_000)]: 1 }],
  [
    'a long e-mail address in a mutation',
    {
      query:
        'mutation ($e: String!) { createAccount(input: { accountName: "x", email: $e }) { ... on Error { message } } }',
      variables: { e: 'x'.repeat(900_000) },
    },
  ],
] as const)('%s is not quoted as a whole', async ([_, body]) => {
  const { text } = await send(body);
  expect(text).not.toContain('x'.repeat(1_100));
  expect(text.length).toBeLessThan(120_000);
});

test('coercion stops after 50 errors, each of which quotes the beginning of its value', async () => {
  const wrong = Object.fromEntries(Array.from({ length: 9_000 }, (_, n) => [`m${n}`, n]));
  const { errors } = await send({
    query: 'mutation ($i: CreateAccountInput!) { createAccount(input: $i) { __typename } }',
    variables: { i: wrong },
  });
  expect(errors).toHaveLength(51);
  expect(errors[0]?.message).toMatch(/^Variable "\$i" got invalid value \{"m0":0,.*…; Field "\w+"/);
  expect(errors.at(-1)?.message).toContain('Too many errors processing variables');
});

test('quoted values are short, whatever their type, size and depth', () => {
  let deep: unknown = 1;
  for (let n = 0; n < 100_000; n += 1) deep = n % 2 === 0 ? [deep] : { deep };
  for (const value of [
    deep,
    'x'.repeat(1_000_000),
    Array.from({ length: 1_000_000 }, () => 'y'),
    { ['z'.repeat(1_000_000)]: 1 },
  ])
    expect(quoted(value).length).toBeLessThanOrEqual(101);
  expect(quoted({ a: [1, null, 'b'] })).toBe('{"a":[1,null,"b"]}');
});

test('an operation name is logged only if it is a GraphQL name, cut after 100 characters', async () => {
  const ask = async (operationName: unknown, query = '{ viewer { caller } }') => {
    lines.length = 0;
    await send({ query, operationName });
    return lines.flatMap(({ operation }) => operation ?? []);
  };
  expect(await ask('Mine', 'query Mine { viewer { caller } }')).toEqual(['Mine']);
  expect(await ask('someone@example.com')).toEqual([]);
  expect(await ask({ any: 'thing' })).toEqual([]);
  expect(await ask('x'.repeat(900_000))).toEqual(['x'.repeat(100)]);
});
