import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, test } from 'vitest';
import { ConfigError } from '../../src/config/config-error.ts';
import { loadConfig } from '../../src/config/load.ts';
import { operationNames } from '../../src/upstream/operations.ts';

const folder = mkdtempSync(join(tmpdir(), 'orgql-'));
const file = join(folder, 'orgql.yaml');
afterAll(() => rmSync(folder, { recursive: true }));

/** Zod's own words. */
const ZOD = /Invalid (input|option|string)|received|Unrecognized|Too (small|big)|ZodError/;

async function mistakesOf(text: string, environment: Record<string, string> = {}): Promise<readonly string[]> {
  writeFileSync(file, text);
  try {
    await loadConfig({ file, environment, operations: operationNames });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    expect(error.message).not.toMatch(ZOD);
    return error.mistakes.map((line) => line.replace(file, 'orgql.yaml'));
  }
  return [];
}

const hash = (digit: string) => `sha256:${digit.repeat(64)}`;

test('reports all mistakes of the file and the environment at once, each with its source, path and a valid value', async () => {
  const text = `
port: abc
hots: x
watch: { minIntervalMs: 5000, maxIntervalMs: 1000, budgetShare: 2 }
upstream:
  limits: { ListAcounts: { rate: 1, burst: 1 } }
principals: [{ name: a }]
auth:
  type: apiKeys
  keys:
    - { name: k, hash: "${hash('0')}", principals: [a], scopes: [read] }
    - { name: l, hash: "${hash('1')}", principals: [a, partner], scopes: [red] }
log:
trustedDocuments: { file: ${folder} }
`;
  expect(await mistakesOf(text, { ORGQL_GRAPHIQL: 'maybe', ORGQL_LOGLEVEL: 'debug' })).toEqual([
    expect.stringMatching(
      /^unknown environment variable ORGQL_LOGLEVEL; known are .*; did you mean ORGQL_LOG_LEVEL\?$/,
    ),
    'orgql.yaml:2: port: expected an integer from 0 to 65535, such as 4000, got "abc"',
    'orgql.yaml:4: watch.budgetShare: expected a number above 0 and of at most 1, such as 0.2, got 2',
    expect.stringMatching(
      /^orgql.yaml:12: auth\.keys\[1\]\.scopes\[0\]: expected "read", .* or "audit:read", got "red"$/,
    ),
    'ORGQL_GRAPHIQL: graphiql: expected true or false, got "maybe"',
    'orgql.yaml:13: log: expected a section with settings, such as { level: info }, got null',
    expect.stringMatching(/^orgql.yaml:3: unknown setting hots; known here: host, port, .*; did you mean host\?$/),
    'orgql.yaml:12: auth.keys[1].principals[1]: this principal is not defined; defined are a, got "partner"',
    'orgql.yaml:6: upstream.limits.ListAcounts: "ListAcounts" is not an operation of AWS Organizations; use the spelling of AWS, such as DescribeAccount; did you mean ListAccounts?',
    'orgql.yaml:4: watch.minIntervalMs: must not be above watch.maxIntervalMs, which is 1000; set it to 1000 or less, or watch.maxIntervalMs to 5000, got 5000',
    `orgql.yaml:14: trustedDocuments.file: ${folder} is a folder, not a file; set it to a JSON file that the gateway can read`,
  ]);
});

describe('rejects settings that contradict each other:', () => {
  it.for([
    [
      'a shortest interval above the longest',
      'watch: { minIntervalMs: 2, maxIntervalMs: 1 }',
      'watch.minIntervalMs: must not be above watch.maxIntervalMs, which is 1;',
    ],
    [
      'a shortest interval above the longest by default',
      'watch: { minIntervalMs: 40000 }',
      'watch.minIntervalMs: must not be above watch.maxIntervalMs, which is 30000 by default;',
    ],
    [
      'a call that may take longer than its operation',
      'upstream: { callTimeoutMs: 2, deadlineMs: 1 }',
      'upstream.callTimeoutMs: must not be above upstream.deadlineMs, which is 1;',
    ],
    [
      'more unread events than are kept',
      'watch: { maxBuffered: 11, keepEvents: 10 }',
      'watch.maxBuffered: must not be above watch.keepEvents, which is 10;',
    ],
    [
      'a body that no connection has room for',
      'limits: { bodyBytes: 33554432 }',
      'limits.bodyBytes: must not be above limits.bufferedBytes.perConnection, which is 16777216 by default;',
    ],
    [
      'a caller with more room than all together',
      'limits: { bufferedBytes: { perCaller: 9, total: 8 } }',
      'limits.bufferedBytes.perCaller: must not be above limits.bufferedBytes.total, which is 8;',
    ],
    [
      'an address with more room than all of its kind',
      'limits: { bufferedBytes: { unauthenticatedPerAddress: 9, unauthenticated: 8 } }',
      'limits.bufferedBytes.unauthenticatedPerAddress: must not be above limits.bufferedBytes.unauthenticated, which is 8;',
    ],
    [
      'a caller with a longer queue than all together',
      'limits: { queuedOperations: { perCaller: 9, total: 8 } }',
      'limits.queuedOperations.perCaller: must not be above limits.queuedOperations.total, which is 8;',
    ],
    [
      'metrics on the port of the graph',
      'port: 5000\nmetrics: { host: 0.0.0.0, port: 5000 }',
      'metrics.port: is also the port of the graph (port); set a different one, such as 9464, got 5000',
    ],
    [
      'the graph on the usual port of metrics',
      'port: 9464\nmetrics: {}',
      'metrics.port: is also the port of the graph (port); set a different one, such as 9465, got 9464',
    ],
    [
      'a store beside Redis',
      'watch: { store: x }\nredis: { url: "redis://h" }',
      'watch.store: is for a single gateway, while redis.url stores events in Redis',
    ],
    [
      'a role of another account',
      'principals: [{ name: a, accountId: "111111111111", credentials: { type: assumeRole, roleArn: "arn:aws:iam::222222222222:role/x" } }]',
      'principals[0].accountId: is not the account of principals[0].credentials.roleArn, which is 222222222222;',
    ],
    [
      'a write whose results could be cached',
      'upstream: { cacheMsByOperation: { CreateAccount: 1 } }',
      'upstream.cacheMsByOperation.CreateAccount: "CreateAccount" is not a read operation',
    ],
    [
      'two keys of one name',
      `auth: { type: apiKeys, keys: [{ name: a, hash: "${hash('0')}", principals: [default], scopes: [] }, { name: a, hash: "${hash('1')}", principals: [default], scopes: [] }] }`,
      'auth.keys[1].name: is the same as auth.keys[0].name: two keys have the same name',
    ],
  ] as const)('%s', async ([_, text, expected]) => {
    const mistakes = await mistakesOf(text);
    expect(mistakes).toHaveLength(1);
    expect(mistakes[0]).toContain(`: ${expected}`);
  });

  it.for([
    [
      'a longest interval below the usual shortest',
      'watch: { maxIntervalMs: 500 }',
      { watch: { minIntervalMs: 500, maxIntervalMs: 500 } },
    ],
    [
      'a total below the usual share of one caller',
      'limits: { bufferedBytes: { total: 1000 } }',
      { limits: { bufferedBytes: { total: 1000 } } },
    ],
    ['metrics on another address', 'metrics: { host: 127.0.0.2, port: 4000 }', { metrics: { port: 4000 } }],
    ['free ports', 'port: 0\nmetrics: { port: 0 }', { port: 0, metrics: { port: 0 } }],
    [
      'a region with four letters',
      'principals: [{ name: a, region: eusc-de-east-1 }]',
      { principals: [{ region: 'eusc-de-east-1' }] },
    ],
  ] as const)('but not %s', async ([_, text, expected]) => {
    writeFileSync(file, text);
    expect(await loadConfig({ file, environment: {} })).toMatchObject(expected);
  });
});

test('does not compare an invalid setting with others', async () => {
  expect(await mistakesOf('watch: { minIntervalMs: 5000, maxIntervalMs: 0 }')).toEqual([
    'orgql.yaml:1: watch.maxIntervalMs: expected an integer of at least 1, in ms, such as 30000, got 0',
  ]);
});

test.for([
  ['cacheMs: 5', 'unknown setting cacheMs; known here: host, .*; did you mean upstream\\.cacheMs\\?'],
  ['log: { levle: info }', 'unknown setting log\\.levle; known here: level, audit; did you mean log\\.level\\?'],
  [
    'principals: [{ name: a, acountId: x }]',
    'unknown setting principals\\[0\\]\\.acountId; .*; did you mean principals\\[0\\]\\.accountId\\?',
  ],
  ['xyzzy: 1', 'unknown setting xyzzy; known here: [^;]*$'],
] as const)('%s: a name that is alike is suggested', async ([text, expected]) => {
  expect((await mistakesOf(text))[0]).toMatch(new RegExp(expected));
});

test('does not show secrets in any message', async () => {
  const text = `
graph: { cursorSecret: hunter2 }
redis: { url: "redis://user:hunter2@", cache: { key: hunter2 } }
hints: { eventbridge: hunter2 }
principals: [{ name: a, credentials: { type: static, secretAccessKey: [hunter2] }, endpoint: "ftp://u:hunter2@h" }]
auth: { type: apiKeys, keys: [{ key: hunter2, hash: hunter2 }], token: hunter2 }
`;
  const mistakes = await mistakesOf(text);
  expect(mistakes.length).toBeGreaterThan(8);
  expect(mistakes.join('\n')).not.toContain('hunter2');
});

test('names the variable that sets a missing setting', async () => {
  expect(await mistakesOf('', { ORGQL_REDIS_CACHE_SECRET: 'x'.repeat(32) })).toEqual([
    expect.stringMatching(
      /^ORGQL_REDIS_CACHE_SECRET: redis\.url: this setting is missing; expected a URL.* \(variable ORGQL_REDIS_URL\)$/,
    ),
  ]);
});

test('reports every YAML error of a file, with the mistakes of the environment', async () => {
  const mistakes = await mistakesOf('port: 1\nport: 2\nhost: "x', { ORGQL_CACHE_MS: 'soon' });
  expect(mistakes).toEqual([
    expect.stringMatching(/^orgql\.yaml:\d: not valid YAML: /),
    expect.stringMatching(/^orgql\.yaml:\d: not valid YAML: /),
    'ORGQL_CACHE_MS: upstream.cacheMs: expected an integer of at least 0, in ms, such as 5000, got "soon"',
  ]);
});

test.for([
  ['an alias without an anchor', 'host: *nowhere', /not valid YAML: .*nowhere/],
  ['a string', 'hunter2', /:1: expected settings such as "port: 4000", got a string$/],
] as const)('a file with %s is refused in plain words', async ([_, text, expected]) => {
  expect((await mistakesOf(text))[0]).toMatch(expected);
});

test('rejects a folder as the file, by name', async () => {
  const name = join(folder, 'folder');
  mkdirSync(name);
  await expect(loadConfig({ file: name, environment: {} })).rejects.toThrow(
    `cannot read the configuration file ${name}: it is a folder, not a file`,
  );
});
