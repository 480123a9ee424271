import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ConfigError } from '../../src/config/config-error.ts';
import { loadConfig } from '../../src/config/load.ts';

function fileWith(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'orgql-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'orgql.yaml');
  writeFileSync(file, text);
  return file;
}

async function messageOf(load: () => Promise<unknown>): Promise<string> {
  try {
    await load();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return String(error instanceof Error && error.message);
  }
  throw new Error('expected a ConfigError');
}

test('uses the defaults without any settings', async () => {
  const config = await loadConfig({ environment: {} });
  expect(config).toMatchObject({
    host: '127.0.0.1',
    port: 4000,
    principals: [{ name: 'default' }],
    upstream: { budget: 'documented' },
  });
});

test('options take precedence over variables, variables over the file, the file over defaults', async () => {
  const file = fileWith('port: 1\nhost: 127.0.0.2\nlog: { level: error }\nupstream:\n  cacheMs: 1\n');
  const config = await loadConfig({
    file,
    environment: { ORGQL_PORT: '2', ORGQL_HOST: '127.0.0.3' },
    options: [{ path: ['port'], value: 3, source: '--port' }],
    defaults: { port: 4, host: '127.0.0.4', log: { level: 'warn' }, upstream: { cacheMs: 2, deadlineMs: 7 } },
  });
  expect(config).toMatchObject({
    port: 3,
    host: '127.0.0.3',
    log: { level: 'error' },
    upstream: { cacheMs: 1, deadlineMs: 7 },
  });
});

test('the configuration is deeply frozen', async () => {
  const config = await loadConfig({ environment: {} });
  expect(Object.isFrozen(config)).toBe(true);
  expect(Object.isFrozen(config.upstream)).toBe(true);
  expect(Object.isFrozen(config.principals[0]?.credentials)).toBe(true);
});

test('ORGQL_CONFIG names the file when --config does not; an empty variable counts as unset', async () => {
  const file = fileWith('port: 7');
  expect((await loadConfig({ environment: { ORGQL_CONFIG: file } })).port).toBe(7);
  expect((await loadConfig({ environment: { ORGQL_CONFIG: '', ORGQL_PORT: '' } })).port).toBe(4000);
});

test.for([
  ['ORGQL_GRAPHIQL', 'false', { graphiql: false }],
  ['ORGQL_LOG_LEVEL', 'debug', { log: { level: 'debug' } }],
  ['ORGQL_MAX_FIRST', '50', { graph: { maxFirst: 50 } }],
  ['ORGQL_CURSOR_SECRET', '0123456789abcdef', { graph: { cursorSecret: '0123456789abcdef' } }],
  ['ORGQL_BUDGET', 'off', { upstream: { budget: 'off' } }],
  ['ORGQL_CACHE_MS', '0', { upstream: { cacheMs: 0 } }],
  ['ORGQL_CALL_TIMEOUT_MS', '5', { upstream: { callTimeoutMs: 5 } }],
  ['ORGQL_DEADLINE_MS', '6', { upstream: { deadlineMs: 6 } }],
  ['ORGQL_WATCH_MIN_INTERVAL_MS', '8', { watch: { minIntervalMs: 8 } }],
  ['ORGQL_WATCH_MAX_INTERVAL_MS', '9', { watch: { maxIntervalMs: 9 } }],
] as const)('%s=%s sets its setting', async ([name, value, expected]) => {
  expect(await loadConfig({ environment: { [name]: value } })).toMatchObject(expected);
});

test.for([
  ['host', 'port: abc', /^\S+orgql\.yaml:1: port: expected an integer from 0 to 65535, such as 4000, got "abc"$/],
  ['a number out of range', 'port: 65536', /:1: port: .*65535.*, got 65536$/],
  ['a nested setting', 'log:\n  level: loud', /:2: log\.level: .*"trace".*"silent".*, got "loud"$/],
  ['an unknown setting', 'hots: x', /:1: unknown setting hots; known here: host, port, principals, upstream/],
  [
    'an unknown nested setting',
    'upstream:\n  cacheMs: 1\n  cacheMS: 1',
    /:3: unknown setting upstream\.cacheMS; known here: budget, limits, cacheMs/,
  ],
  [
    'a wrong principal',
    'principals:\n  - name: a\n  - name: "b c"',
    /:3: principals\[1\]\.name: .*1 to 64 characters.*, got "b c"$/,
  ],
  [
    'an unknown setting of a principal',
    'principals:\n  - name: a\n    profil: x',
    /:3: unknown setting principals\[0\]\.profil; known here: name, credentials, accountId/,
  ],
  [
    'two principals of one name',
    'principals:\n  - name: a\n  - name: a',
    /:3: principals\[1\]\.name: is the same as principals\[0\]\.name: two principals have the same name; .*, got "a"$/,
  ],
  [
    'a role that is none',
    'principals:\n  - name: a\n    credentials: { type: assumeRole, roleArn: nope }',
    /:3: principals\[0\]\.credentials\.roleArn: expected the ARN of an IAM role, such as arn:aws:iam::.*, got "nope"$/,
  ],
  [
    'a kind of credentials that there is not',
    'principals:\n  - name: a\n    credentials: { type: magic }',
    /:3: principals\[0\]\.credentials\.type: /,
  ],
  ['YAML that is none', 'port: 1\nhost: "x', /:2: not valid YAML: /],
  ['a setting twice', 'port: 1\nport: 2', /:2: not valid YAML: .*unique/],
  ['a list', '- port', /:1: expected settings such as "port: 4000"/],
] as const)('a file with %s is refused, with the line, in one line', async ([_, text, expected]) => {
  const message = await messageOf(() => loadConfig({ file: fileWith(text), environment: {} }));
  expect(message).toMatch(expected);
  expect(message).not.toContain('\n');
});

test('rejects a missing file by name', async () => {
  expect(await messageOf(() => loadConfig({ file: '/nowhere/orgql.yaml', environment: {} }))).toBe(
    'cannot read the configuration file /nowhere/orgql.yaml: the file does not exist',
  );
});

test.for([
  [
    { ORGQL_PORT: 'tcp://10.0.0.1:4000' },
    /^ORGQL_PORT: port: expected an integer from 0 to 65535, such as 4000, got "tcp:\/\/10\.0\.0\.1:4000"$/,
  ],
  [{ ORGQL_GRAPHIQL: 'maybe' }, /^ORGQL_GRAPHIQL: graphiql: expected true or false, got "maybe"$/],
  [{ ORGQL_LOGLEVEL: 'debug' }, /^unknown environment variable ORGQL_LOGLEVEL; known are ORGQL_CONFIG, ORGQL_HOST, /],
  [{ ORGQL_DEADLINE_MS: '-1' }, /^ORGQL_DEADLINE_MS: upstream\.deadlineMs: .*, got -1$/],
] as const)('the environment %j is refused', async ([environment, expected]) => {
  expect(await messageOf(() => loadConfig({ environment }))).toMatch(expected);
});

test('ignores variables that Kubernetes sets for a service named orgql', async () => {
  const environment = {
    ORGQL_SERVICE_HOST: '10.0.0.1',
    ORGQL_SERVICE_PORT_HTTP: '80',
    ORGQL_PORT_80_TCP_ADDR: '10.0.0.1',
  };
  expect((await loadConfig({ environment })).port).toBe(4000);
});

test('messages show no secrets', async () => {
  const message = await messageOf(() => loadConfig({ environment: { ORGQL_CURSOR_SECRET: 'hunter2' } }));
  expect(message).toContain('ORGQL_CURSOR_SECRET: graph.cursorSecret');
  expect(message).not.toContain('hunter2');
});

test('a copy of the defaults is dropped with the principal that the file replaces, and not one that the file names', async () => {
  const defaults = {
    principals: [{ name: 'partner' }, { name: 'customer' }],
    inventory: [{ principal: 'partner', maxAgeMs: 7 }, { principal: 'customer' }],
  };
  const load = async (text: string) =>
    (await loadConfig({ file: fileWith(text), environment: {}, defaults })).inventory;
  expect(await load('port: 1')).toMatchObject([{ principal: 'partner', maxAgeMs: 7 }, { principal: 'customer' }]);
  expect(await load('principals: [{ name: customer }]')).toMatchObject([{ principal: 'customer' }]);
  expect(await load('principals: [{ name: mine }]')).toEqual([]);
  expect(await load('inventory: []')).toEqual([]);
  const message = await messageOf(() => load('principals: [{ name: mine }]\ninventory: [{ principal: partner }]'));
  expect(message).toContain('inventory[0].principal: this principal is not defined; defined are mine');
});
