import { buildSchema, parse, SingleFieldSubscriptionsRule, validate } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { singleRootField } from '../../../src/pipeline/documents/single-root-field.ts';
import { send } from '../../support/http.ts';
import { startPlainServer } from '../../support/plain-server.ts';
import { transportNames, transports } from '../../support/transports.ts';

const schema = buildSchema('type Query { a: Int } type Subscription { a(n: Int): Int b: C } type C { d: Int e: C }');
const messages = (text: string) => validate(schema, parse(text), [singleRootField]).map(({ message }) => message);
const conditional = 'must not use `@skip` or `@include` directives in the top level selection.';

describe('a subscription', () => {
  test.for([
    ['a literal on the field', 'subscription { a @skip(if: true) }'],
    ['a literal that changes nothing', 'subscription { a @include(if: true) }'],
    ['a variable on the field', 'subscription ($v: Boolean!) { a @skip(if: $v) }'],
    ['a variable with a default', 'subscription ($v: Boolean = false) { a @include(if: $v) }'],
    ['an inline fragment around it', 'subscription { ... @skip(if: false) { a } }'],
    ['an inline fragment with a type around it', 'subscription { ... on Subscription @include(if: true) { a } }'],
    ['a spread around it', 'subscription { ...F @skip(if: true) } fragment F on Subscription { a }'],
    ['the field in a fragment', 'subscription { ...F } fragment F on Subscription { a @skip(if: true) }'],
    [
      'a spread in a nested fragment',
      'subscription { ...F } fragment F on Subscription { ... { ...G @include(if: true) } } fragment G on Subscription { a }',
    ],
    ['one of two selections of the same field', 'subscription { a a @skip(if: true) }'],
    [
      'an introspection field that is skipped',
      'subscription { a ...F } fragment F on Subscription { a @skip(if: true) }',
    ],
    [
      'an empty fragment’s spread that comes twice',
      'subscription { ...F ...F } fragment F on Subscription { a @skip(if: true) }',
    ],
  ] as const)('is refused with @skip or @include on %s', ([_, text]) => {
    expect(messages(text)).toEqual([`Anonymous Subscription ${conditional}`]);
  });

  test('is rejected once, with every such directive and its name', () => {
    const [error, ...others] = validate(
      schema,
      parse('subscription S {\n  a @skip(if: true) @include(if: true)\n  ... @skip(if: true) { a }\n}'),
      [singleRootField],
    );
    expect(others).toEqual([]);
    expect(error?.message).toBe(`Subscription "S" ${conditional}`);
    expect(error?.locations).toEqual([
      { line: 2, column: 5 },
      { line: 2, column: 21 },
      { line: 3, column: 7 },
    ]);
  });

  test.for([
    ['below its root field', 'subscription ($v: Boolean!) { b { d @skip(if: $v) ... @include(if: $v) { e { d } } } }'],
    ['in a fragment below it', 'subscription { b { ...F } } fragment F on C { d @skip(if: true) }'],
    ['in another operation', 'subscription S { a } query Q { a @skip(if: true) }'],
  ] as const)('may have @skip and @include %s', ([_, text]) => {
    expect(messages(text)).toEqual([]);
  });

  test.for([
    'subscription { a b { d } }',
    'subscription S { a c: a d: a }',
    'subscription { __typename }',
    'subscription { t: __typename a }',
    'subscription { ...F } fragment F on Subscription { __schema { queryType { name } } }',
    'subscription { ...F ...F a } fragment F on Subscription { ...F b { d } }',
    'subscription { ...Nothing }',
    'subscription { ... on Query { a } }',
    'subscription { ...F a } fragment F on Query { a b: a }',
    'query { a __typename }',
  ])('without them is validated as by graphql-js: %s', (text) => {
    const own = validate(schema, parse(text), [singleRootField]).map((error) => error.toJSON());
    const theirs = validate(schema, parse(text), [SingleFieldSubscriptionsRule]).map((error) => error.toJSON());
    expect(own).toEqual(theirs);
  });
});

describe('over every transport', () => {
  let server: Awaited<ReturnType<typeof startPlainServer>>;
  beforeAll(async () => {
    server = await startPlainServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  test.for(transportNames)('a subscription that may be skipped is a validation error: %s', async (name) => {
    for (const [query, variables] of [
      ['subscription { ticks @skip(if: true) }', {}],
      ['subscription { ticks @include(if: false) }', {}],
      ['subscription ($v: Boolean!) { ticks @skip(if: $v) }', { v: true }],
      ['subscription ($v: Boolean!) { ... @include(if: $v) { ticks } }', { v: false }],
      ['subscription { ...F @skip(if: true) } fragment F on Subscription { ticks }', {}],
      [
        'subscription { ...F } fragment F on Subscription { ...G } fragment G on Subscription { ticks @skip(if: true) }',
        {},
      ],
      ['subscription { __typename @skip(if: true) }', {}],
    ] as const) {
      const reply = await transports[name](server.url, { query, variables }, {});
      expect(reply.code, query).toBe('GRAPHQL_VALIDATION_FAILED');
      expect(reply.message).toContain(conditional);
    }
    expect(server.logged.filter(({ level }) => level === 50)).toEqual([]);
  });

  test('the error has the status 400', async () => {
    const accept = 'application/graphql-response+json';
    const query = 'subscription { ticks @skip(if: true) }';
    const { status } = await send(`${server.url}?${new URLSearchParams({ query })}`, { headers: { accept } });
    expect(status).toBe(400);
  });

  test.for(transportNames)('an argument that a variable makes null is a client error: %s', async (name) => {
    if (name === 'HTTP GET') return;
    const query = 'mutation ($n: String = "x") { write(note: $n) }';
    const reply = await transports[name](server.url, { query, variables: { n: null } }, {});
    expect(reply).toMatchObject({ code: 'BAD_USER_INPUT', message: expect.stringContaining('must not be null') });
  });

  test.for(['variables', 'extensions'])('a URL whose %s are not JSON is rejected with 400', async (parameter) => {
    const search = new URLSearchParams({ query: '{ principal }', [parameter]: '{"a":' });
    const { status, text } = await send(`${server.url}?${search}`, { headers: { accept: 'application/json' } });
    expect(status).toBe(400);
    expect(JSON.parse(text).errors).toMatchObject([
      { message: `The parameter "${parameter}" of the URL is invalid JSON.`, extensions: { code: 'BAD_REQUEST' } },
    ]);
    expect(server.logged.filter(({ level }) => level === 50)).toEqual([]);
  });
});
