import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DockerfileParser } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';
import { expect, onTestFinished, test } from 'vitest';
import { build } from '../support/cli.ts';
import { startDemo } from '../support/gateway.ts';
import { runToEnd } from '../support/run-to-end.ts';

const root = join(import.meta.dirname, '../..');
const text = readFileSync(join(root, 'Dockerfile'), 'utf8');
const dockerfile = DockerfileParser.parse(text);
const instructions = (name: string) => dockerfile.getInstructions().filter((each) => each.getKeyword() === name);
const last = (name: string) => instructions(name).at(-1)?.getArgumentsContent() ?? '';

test('the Dockerfile passes a linter', () => {
  expect(validate(text).map(({ message, range }) => `${range.start.line + 1}: ${message}`)).toEqual([]);
  expect(validate('FROM node\nRUNN x')).toHaveLength(1);
});

test('the files that it copies exist and are not in .dockerignore', () => {
  const allowed = readFileSync(join(root, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('!'));
  const copied = instructions('COPY')
    .filter((each) => !each.getTextContent().includes('--from'))
    .flatMap((each) =>
      each
        .getArguments()
        .slice(0, -1)
        .map((argument) => argument.getValue()),
    );
  expect(copied.length).toBeGreaterThan(4);
  for (const path of copied) {
    expect(existsSync(join(root, path)), path).toBe(true);
    expect(allowed).toContain(`!${path}`);
  }
});

test('the final image is slim, without development packages, and not root', () => {
  expect(last('FROM')).toMatch(/^node:\d+-\w+-slim$/);
  expect(text).toContain('npm prune --omit=dev');
  expect(last('USER')).toBe('1000:1000');
  expect(JSON.parse(last('ENTRYPOINT'))).toEqual(['node', 'dist/main.js']);
});

test('the warm-up starts and ends the gateway and writes Node’s compile cache', async () => {
  build();
  const [script = ''] = /scripts\/\S+/.exec(instructions('RUN').at(-1)?.getArgumentsContent() ?? '') ?? [];
  const folder = mkdtempSync(join(tmpdir(), 'orgql-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  expect(await runToEnd([join(root, script)], { NODE_COMPILE_CACHE: folder })).toBe(0);
  const kept = readdirSync(folder, { recursive: true }).length;
  // Node 20 keeps nothing.
  if ('enableCompileCache' in nodeModule) expect(kept).toBeGreaterThan(500);
  else expect(kept).toBe(0);
});

test('the image’s user finds the compile cache', () => {
  const places = instructions('ENV').flatMap((each) => each.getTextContent().match(/NODE_COMPILE_CACHE=\S+/g) ?? []);
  expect(places).toEqual(['NODE_COMPILE_CACHE=/app/compile-cache', 'NODE_COMPILE_CACHE=/app/compile-cache']);
  expect(instructions('USER').map((each) => each.getArgumentsContent())).toEqual(['1000:1000', '1000:1000']);
  expect(instructions('WORKDIR').map((each) => each.getArgumentsContent())).toEqual(['/app', '/app']);
});

test('the health check succeeds only while the gateway runs', async () => {
  const [node, ...args]: string[] = JSON.parse(/CMD (\[.*\])$/.exec(last('HEALTHCHECK'))?.[1] ?? '[]');
  expect(node).toBe('node');
  // Process 1 is the gateway, whose options may name another port or a configuration file.
  expect(args.slice(-3)).toEqual(['health', '--pid', '1']);
  build();
  const demo = await startDemo();
  const environment = { ORGQL_PORT: String(demo.gateway.port) };
  expect(await runToEnd(args, environment)).toBe(0);
  await demo.close();
  expect(await runToEnd(args, environment)).toBe(1);
});
