import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { build, finishInProcess, Orgql } from '../support/cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'orgql-'));
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

beforeAll(build);
afterAll(() => rmSync(folder, { recursive: true }));

test.for([
  [
    'no command',
    [],
    {},
    'a command is missing; expected demo, serve, simulate, query, watch, mcp, policies, notifications, health, schema or completion, see orgql --help',
  ],
  ['an unknown command', ['surve'], {}, "unknown command 'surve' (Did you mean serve?)"],
  ['an unknown option', ['demo', '--prot', '1'], {}, "unknown option '--prot' (Did you mean --port?)"],
  ['an option without its value', ['demo', '--port'], {}, "option '--port <port>' argument missing"],
  ['a port that is none', ['demo', '--port', 'abc'], {}, "'abc' is invalid. Expected an integer from 0 to 65535"],
  [
    'a port out of range',
    ['simulate', '--port', '65536'],
    {},
    "'65536' is invalid. Expected an integer from 0 to 65535",
  ],
  ['a port in the environment that is none', ['serve'], { ORGQL_PORT: '-1' }, "'-1' from env 'ORGQL_PORT' is invalid"],
  ['an argument too many', ['schema', 'extra'], {}, "too many arguments for 'schema'"],
  ['a file too many', ['query', 'a.graphql', 'b.graphql'], {}, 'expected file, got a.graphql, b.graphql'],
  [
    'an account id that is none',
    ['simulate', '--account', '123'],
    {},
    "'123' is invalid. Expected the 12 digits of an account id, such as 123456789012",
  ],
  ['a negative latency', ['simulate', '--latency', '-5'], {}, "'-5' is invalid. Expected an integer"],
  [
    'a world that is neither known nor a file',
    ['simulate', '--seed', '/nowhere.json'],
    {},
    '--seed: /nowhere.json does not exist; expected demo, empty or a JSON file',
  ],
  [
    'a configuration file of the demo that is not there',
    ['demo', '--config', '/nowhere.yaml'],
    {},
    'cannot read the configuration file /nowhere.yaml: the file does not exist',
  ],
  [
    'a wrong setting of the demo',
    ['demo', '--config', file('wrong-demo.yaml', 'graph:\n  maxFirst: many')],
    {},
    'wrong-demo.yaml:2: graph.maxFirst: ',
  ],
  ...['localhost:5173', 'http://localhost:5173/', 'http://localhost:5173/app', '*', 'null', ''].map(
    (origin) =>
      [
        `${JSON.stringify(origin)} as an allowed origin`,
        ['demo', '--allow-origin', 'http://localhost:3000', '--allow-origin', origin],
        {},
        `'${origin}' is invalid. Expected an origin such as http://localhost:5173, without a path`,
      ] as const,
  ),
  ['no account at all', ['demo', '--accounts', '0'], {}, "'0' is invalid. Expected an integer from 1 to 100000"],
  [
    'a state file that is no world',
    ['demo', '--state', file('state.json', '{"version":7}')],
    {},
    'state.json is not a world',
  ],
  [
    'a state file in a folder that is not there',
    ['demo', '--state', join(folder, 'missing', 'state.json')],
    {},
    `--state: the folder ${join(folder, 'missing')} does not exist; create it first`,
  ],
  [
    'a demo over AWS without authentication',
    [
      'demo',
      '--host',
      '0.0.0.0',
      '--config',
      file('aws.yaml', 'principals: [{ name: real, endpoint: "https://organizations.us-east-1.amazonaws.com" }]'),
    ],
    {},
    '--host: auth: none is allowed on loopback only, and host is 0.0.0.0; set auth.type to apiKeys or jwt',
  ],
  ['a seed that is not JSON', ['demo', '--seed', file('seed.json', '{')], {}, 'seed.json is not JSON'],
  [
    'a configuration file that is not there',
    ['serve', '--config', '/nowhere.yaml'],
    {},
    'cannot read the configuration file /nowhere.yaml: the file does not exist',
  ],
  [
    'a wrong setting',
    ['serve', '--config', file('wrong.yaml', 'host: 127.0.0.1\nport: abc')],
    {},
    'wrong.yaml:2: port: ',
  ],
  [
    'an unknown setting',
    ['serve'],
    { ORGQL_CONFIG: file('unknown.yaml', 'prot: 1') },
    'unknown.yaml:1: unknown setting prot; known here: host, port',
  ],
  [
    'a gateway without authentication',
    ['serve', '--host', '0.0.0.0', '--port', '0'],
    {},
    '--host: auth: none is allowed on loopback only, and host is 0.0.0.0; set auth.type to apiKeys or jwt',
  ],
  [
    'a limit of an operation that does not exist',
    ['serve', '--config', file('limit.yaml', 'upstream: { limits: { ListAcounts: { rate: 1, burst: 1 } } }')],
    {},
    'limit.yaml:1: upstream.limits.ListAcounts: "ListAcounts" is not an operation of AWS Organizations',
  ],
  [
    'a shortest interval above the longest',
    ['serve', '--port', '0'],
    { ORGQL_WATCH_MIN_INTERVAL_MS: '2', ORGQL_WATCH_MAX_INTERVAL_MS: '1' },
    'ORGQL_WATCH_MIN_INTERVAL_MS: watch.minIntervalMs: must not be above watch.maxIntervalMs, which is 1;',
  ],
  ['a variable of no setting', ['serve'], { ORGQL_LOGLEVEL: 'debug' }, 'unknown environment variable ORGQL_LOGLEVEL'],
] as const)('%s ends with exit code 2 and one line that names it', async ([_, args, environment, message]) => {
  const { code, stdout, stderr } = await finishInProcess(args, environment);
  expect(stderr).toContain(message);
  expect(stderr).toMatch(/^orgql: .*\n$/);
  expect(stdout).toBe('');
  expect(code).toBe(2);
});

test.for([
  [
    'orgql serve',
    ['serve', '--prot', '1', '--port', 'abc', '--hots=x', 'extra'],
    { ORGQL_CACHE_MS: 'soon', OTEL_TRACES_EXPORTER: 'zipkin', ORGQL_CONFIG: file('two.yaml', 'hots: x\nlog: 1') },
    [
      /^option '--port <port>' argument 'abc' is invalid\. Expected an integer from 0 to 65535, such as 4000; /,
      /^unknown option '--prot' \(Did you mean --port\?\); /,
      /^unknown option '--hots' \(Did you mean --host\?\); /,
      /^too many arguments for 'serve': expected none, got extra; /,
      /^OTEL_TRACES_EXPORTER: expected otlp or none, got "zipkin"$/,
      /^ORGQL_CACHE_MS: upstream\.cacheMs: expected an integer of at least 0, in ms, such as 5000, got "soon"$/,
      /two\.yaml:2: log: expected a section with settings, such as \{ level: info \}, got a number$/,
      /two\.yaml:1: unknown setting hots; known here: host, /,
    ],
  ],
  [
    'orgql serve with a wrong variable, once,',
    ['serve'],
    { ORGQL_PORT: 'tcp://10.0.0.1:4000', ORGQL_GRAPHIQL: 'maybe' },
    [
      /^option '--port <port>' value 'tcp:\/\/10.0.0.1:4000' from env 'ORGQL_PORT' is invalid\. .* such as 4000; /,
      /^ORGQL_GRAPHIQL: graphiql: expected true or false, got "maybe"$/,
    ],
  ],
  [
    'orgql simulate',
    ['simulate', '--latency', 'x', '--acount', '123456789012', '--account', '1'],
    { ORGQL_PORT: 'x' },
    [
      /^option '--latency <ms>' argument 'x' is invalid\. Expected an integer from 0 to 600000, such as 80; /,
      /^option '--account <id>' argument '1' is invalid\. Expected the 12 digits of an account id, such as /,
      /^option '--port <port>' value 'x' from env 'ORGQL_PORT' is invalid\. .*, such as 4566; /,
      /^unknown option '--acount' \(Did you mean --account\?\); /,
    ],
  ],
] as const)('%s reports all mistakes at once, and ends with exit code 2', async ([_, args, environment, expected]) => {
  const { code, stdout, stderr } = await finishInProcess(args, environment);
  const [first, ...lines] = stderr.trimEnd().split('\n');
  expect(first).toBe(`orgql: ${expected.length} mistakes:`);
  expect(lines.map((line) => line.replace(/^ {2}/, ''))).toEqual(expected.map((each) => expect.stringMatching(each)));
  expect(stdout).toBe('');
  expect(code).toBe(2);
});

test.for([
  ['no command', [], 2, /^orgql: a command is missing; .*\n$/],
  [
    'a file of the simulated world',
    ['simulate', '--seed', '/nowhere.json'],
    2,
    /^orgql: --seed: .* does not exist; .*\n$/,
  ],
  ['a setting', ['serve', '--config', file('port.yaml', 'port: abc')], 2, /^orgql: .*port\.yaml:1: port: .*\n$/],
  ['two options', ['demo', '--port', 'x', '--accounts', 'x'], 2, /^orgql: 2 mistakes:\n {2}.*\n {2}.*\n$/],
  [
    'an address of another machine',
    ['demo', '--host', '192.0.2.1', '--port', '0'],
    1,
    /^orgql: 192\.0\.2\.1 is not an address of this machine; choose another with --host.*\n$/m,
  ],
] as const)('a process ends with an exit code and what is wrong: %s', async ([_, args, expected, message]) => {
  await using orgql = new Orgql(args);
  const { code, stdout, stderr } = await orgql.finished;
  expect(stderr).toMatch(message);
  expect(stdout).toBe('');
  expect(code).toBe(expected);
});

test.for([[], ['demo'], ['serve'], ['simulate'], ['schema']])(
  'orgql %s --help lists its options and exits with 0',
  async (command) => {
    const { code, stdout, stderr } = await finishInProcess([...command, '--help']);
    expect(stdout).toMatch(new RegExp(`^Usage: orgql ${command.join(' ')}`));
    if (['demo', 'serve', 'simulate'].includes(String(command)))
      expect(stdout).toMatch(/--host <host>[\s\S]*--port <port>[\s\S]*ORGQL_PORT/);
    expect(stderr).toBe('');
    expect(code).toBe(0);
  },
);

test('orgql --version prints the package’s version', async () => {
  await using orgql = new Orgql(['--version']);
  const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'));
  expect(await orgql.finished).toMatchObject({ code: 0, stdout: `${manifest.version}\n`, stderr: '' });
});

test('orgql schema prints schema.graphql', async () => {
  const { code, stdout } = await finishInProcess(['schema']);
  expect(stdout).toBe(readFileSync(join(import.meta.dirname, '../../schema.graphql'), 'utf8'));
  expect(code).toBe(0);
});
