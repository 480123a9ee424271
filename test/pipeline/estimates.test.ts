import fc from 'fast-check';
import { isInterfaceType, isObjectType, parse, validate } from 'graphql';
import { beforeEach, expect, test } from 'vitest';
import { configSchema } from '../../src/config/index.ts';
import { PreparedDocument, type PreparedOperation } from '../../src/executor/index.ts';
import { DocumentCache } from '../../src/pipeline/documents/document-cache.ts';
import { Estimates } from '../../src/pipeline/steps/cost-limit.ts';
import { schema } from '../../src/schema/index.ts';
import { runs } from '../support/runs.ts';

const config = configSchema.parse({ limits: { fields: 1_000_000, aliases: 1_000_000 } });
const settings = {
  maxFirst: config.graph.maxFirst,
  accounts: config.graph.assumedAccounts,
  maxValues: config.limits.values,
};
let documents: DocumentCache;
let estimates: Estimates;
const startAnew = () => {
  documents = new DocumentCache(schema, config);
  estimates = new Estimates(settings);
};
beforeEach(startAnew);

function prepare(text: string): PreparedOperation {
  expect(validate(documents.schema, parse(text))).toEqual([]);
  const result = documents.prepare(text);
  const prepared = result instanceof PreparedDocument ? result.operation(undefined) : undefined;
  if (prepared === undefined) throw new Error(`cannot run: ${text}`);
  return prepared;
}

/** Variables that say each one of these, null, or nothing. */
const oneOf = (...values: readonly unknown[]) => fc.constantFrom(undefined, null, ...values);
const variables = (names: Record<string, readonly unknown[]>) =>
  fc
    .record(Object.fromEntries(Object.entries(names).map(([name, values]) => [name, oneOf(...values)])))
    .map((all) => Object.fromEntries(Object.entries(all).filter(([_, value]) => value !== undefined)));

const ids = ['210987654321', 'p-examplepolicyid111', 'ou-exmp-abcdefgh', 'r-exmp', 'h-examplehandshake'];
const cases: readonly (readonly [string, string, Record<string, readonly unknown[]>])[] = [
  [
    'the length of a list, with a default',
    'query ($n: Int = 700) { organization { accounts(first: $n) { nodes { tags { nodes { key } } } } } }',
    { n: [0, 1, 50, 1000] },
  ],
  [
    'a cursor, with a default',
    'query ($n: Int, $after: String = "x") { organization { accounts(first: 3) { nodes { parent { id } policies(first: $n, after: $after, type: TAG_POLICY) { nodes { content } } } } } }',
    { n: [1, 100], after: ['', 'y'] },
  ],
  [
    'skipped and included fields',
    'query ($a: Boolean = true, $b: Boolean!) { organization { id @include(if: $a) accounts(first: 9) @skip(if: $b) { nodes { tags { nodes { key } } } } } }',
    { a: [true, false], b: [true, false] },
  ],
  [
    'number and types of ids',
    'query ($ids: [ID!]!, $id: ID = "r-exmp") { nodes(ids: $ids) { id ... on Account { tags { nodes { key } } } } node(id: $id) { id } }',
    { ids: [[], ids, ids.slice(2), ids.slice(0, 1)], id: ids },
  ],
  [
    'a mutation’s input that lacks a required member',
    'mutation ($id: ID = "h-examplehandshake") { acceptHandshake(input: { handshakeId: $id }) { ... on AcceptHandshakePayload { handshake { id organization { accounts { nodes { tags { nodes { key } } } } } } } } }',
    { id: ids },
  ],
  [
    'an alias `input`, and a variable `after`',
    'query ($input: Int = 5, $after: String) { organization { input: accounts(first: $input, after: $after) { nodes { id } } } node(id: "r-exmp") { id } }',
    { input: [0, 1, 50, 1000], after: ['x'] },
  ],
];

test.for(cases)('cached estimates equal fresh ones for variables in any order: %s', ([_, text, names], { expect }) => {
  const costs = new Set<number>();
  fc.assert(
    fc.property(fc.array(variables(names), { minLength: 1, maxLength: 12 }), (sent) => {
      startAnew();
      const shared = prepare(text);
      for (const each of sent) {
        if (shared.coerceVariables(each).errors) continue;
        const expected = attempt(() => new Estimates(settings).of(shared, each));
        expect(attempt(() => estimates.of(shared, each))).toEqual(expected);
        if (typeof expected === 'object' && expected !== null && 'calls' in expected) costs.add(Number(expected.calls));
      }
    }),
    { numRuns: runs(100) },
  );
  expect(costs.size).toBeGreaterThan(1);
});

/** What it gives, or what it says when it fails. */
function attempt(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return String(error);
  }
}

test('no query field has an argument `input`, whose value is ignored by the cache key', () => {
  const others = Object.values(schema.getTypeMap()).filter(
    (type) => type !== schema.getMutationType() && (isObjectType(type) || isInterfaceType(type)),
  );
  const fields = others.flatMap((type) =>
    isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [],
  );
  expect(fields.length).toBeGreaterThan(100);
  const named = fields.filter(({ args }) => args.some(({ name }) => name === 'input'));
  expect(named).toEqual([]);
});

test('an operation with too many selections is rejected with its own code', () => {
  const forty = (text: (n: number) => string) => Array.from({ length: 40 }, (_, n) => text(n)).join(' ');
  const prepared = prepare(`
    { ${forty((n) => `a${n}: organization { ...roots }`)} }
    fragment roots on Organization { ${forty((n) => `b${n}: root { ...names }`)} }
    fragment names on Root { ${forty((n) => `c${n}: name`)} }
  `);
  const refusal = expect.objectContaining({ extensions: { code: 'OPERATION_TOO_LARGE', http: { status: 400 } } });
  expect(() => estimates.of(prepared, {})).toThrow(refusal);
});
