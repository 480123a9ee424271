import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DCLinter } from 'dclint';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { parseCommandLine } from '../../src/cli/command-line.ts';
import { loadConfig } from '../../src/config/load.ts';
import { createGateway } from '../../src/gateway.ts';
import { createLog } from '../../src/pipeline/log.ts';
import { startSimulator } from '../../src/simulator/index.ts';

const root = join(import.meta.dirname, '../..');
const text = readFileSync(join(root, 'deploy/compose.yaml'), 'utf8');

interface Service {
  readonly image: string;
  readonly build?: string;
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly configs?: readonly { readonly source: string; readonly target: string }[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
}
const compose: {
  services: Record<'gateway' | 'simulator' | 'redis', Service>;
  configs: Record<string, { content: string }>;
} = parse(text);
const { services } = compose;

interface LintResult {
  readonly messages: readonly { readonly rule: string; readonly message: string }[];
}

const linter = new DCLinter({
  rules: {
    // The file names the image that it builds, so that both services share it.
    'no-build-and-image': 0,
    // The file has the order in which a reader understands it.
    'service-dependencies-alphabetical-order': 0,
    'service-keys-order': 0,
    'services-alphabetical-order': 0,
    'require-quotes-in-ports': [2, { quoteType: 'double' }],
  },
  quiet: false,
  debug: false,
  exclude: [],
});

/** The linter's messages about a compose file. It validates the file with the schema of the Compose specification first. */
function lint(content: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'orgql-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'compose.yaml');
  writeFileSync(file, content);
  const [result]: readonly LintResult[] = linter.lintFiles([file], false);
  return (result?.messages ?? []).map(({ rule, message }) => `${rule}: ${message}`);
}

test('the compose file passes a linter and has a gateway, a simulator and a Redis', () => {
  expect(lint(text)).toEqual([]);
  expect(lint(text.replace('cap_drop:', 'cap_dorp:'))).toEqual([
    expect.stringMatching(/^invalid-schema: .*"\/services\/gateway".*must NOT have additional properties/),
  ]);
  expect(Object.keys(services)).toEqual(['gateway', 'simulator', 'redis']);
  const image = JSON.stringify(
    parse(readFileSync(join(root, 'deploy/kubernetes/redis.yaml'), 'utf8').split('---')[0] ?? ''),
  );
  expect(image).toContain(services.redis.image);
});

test('services wait for healthy dependencies and publish their ports on loopback', () => {
  const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8');
  for (const [name, { depends_on = {}, ports = [], build }] of Object.entries(services)) {
    for (const [other, { condition }] of Object.entries(depends_on)) {
      expect(condition, name).toBe('service_healthy');
      const { healthcheck, build: ownImage } = services[other as keyof typeof services];
      expect(healthcheck !== undefined || (ownImage === '..' && dockerfile.includes('HEALTHCHECK')), other).toBe(true);
    }
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:(\d+):\1$/);
    if (build) expect(readFileSync(join(root, 'deploy', build, 'Dockerfile'), 'utf8')).toBe(dockerfile);
  }
  expect(Object.keys(services.gateway.depends_on ?? {})).toEqual(['simulator', 'redis']);
});

/** The gateway's settings as its container would load them, with its file changed by `change`. */
async function loadGateway(change: (text: string) => string = (same) => same, without: readonly string[] = []) {
  const { command, configs = [], environment = {} } = services.gateway;
  const [mount] = configs;
  expect(command).toEqual(['serve', '--config', mount?.target]);
  const folder = mkdtempSync(join(tmpdir(), 'orgql-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'orgql.yaml');
  writeFileSync(file, change(compose.configs[mount?.source ?? '']?.content ?? ''));
  const made = Object.entries(environment)
    .filter(([name]) => !without.includes(name))
    // `${NAME:-value}`, where NAME is not set.
    .map(([name, value]) => [name, value.replace(/\$\{\w+:-([^}]*)\}/g, '$1')]);
  return loadConfig({ file, environment: Object.fromEntries(made) });
}

test('the gateway accepts its configuration and variables, which name the other services’ ports', async () => {
  const config = await loadGateway();
  expect(config).toMatchObject({ host: '0.0.0.0', port: 4000, redis: { url: 'redis://redis:6379' } });
  expect(services.gateway.ports).toEqual([`127.0.0.1:${config.port}:${config.port}`]);
  const [url] = new Set(config.principals.flatMap(({ endpoint, stsEndpoint }) => [endpoint, stsEndpoint]));
  expect(url).toBe('http://simulator:4566');
  expect(services.simulator.command).toEqual(expect.arrayContaining(['simulate', '--port', '4566']));
  // Throws where an option is wrong.
  parseCommandLine(services.simulator.command);
  parseCommandLine(services.gateway.command);
});

test('the request in the file succeeds', async () => {
  await using simulator = await startSimulator({ seed: 'demo' });
  const config = await loadGateway(
    (file) => `port: 0\n${file.replaceAll('http://simulator:4566', simulator.url)}`,
    ['ORGQL_REDIS_URL'],
  );
  await using gateway = await createGateway({ ...config, host: '127.0.0.1' }, { log: createLog({ level: 'silent' }) });
  const shown = text.replace(/\\\n#/g, '').match(/curl (\S+) -H '([^']+)'\s+-H '([^']+)' -d '([^']+)'/);
  const [, url = '', authorization = '', contentType = '', body = ''] = shown ?? [];
  expect(new URL(url).pathname).toBe(new URL(gateway.url).pathname);
  const headers = Object.fromEntries([authorization, contentType].map((header) => header.split(': ')));
  const answer = await fetch(gateway.url, { method: 'POST', headers, body });
  expect(await answer.json()).toMatchObject({ data: { organization: { id: 'o-exampleorgid' } } });
});
