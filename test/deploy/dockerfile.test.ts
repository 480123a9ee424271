import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DockerfileParser } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';
import { expect, test } from 'vitest';
import { startDemo } from '../support/gateway.ts';
import { runToEnd } from '../support/run-to-end.ts';

const root = join(import.meta.dirname, '../..');
const text = readFileSync(join(root, 'Dockerfile'), 'utf8');
const dockerfile = DockerfileParser.parse(text);
const instructions = (name: string) => dockerfile.getInstructions().filter((each) => each.getKeyword() === name);
const last = (name: string) => instructions(name).at(-1)?.getArgumentsContent() ?? '';

test('the Dockerfile has no fault that a linter finds', () => {
  expect(validate(text).map(({ message, range }) => `${range.start.line + 1}: ${message}`)).toEqual([]);
  expect(validate('FROM node\nRUNN x')).toHaveLength(1);
});

test('what it copies is there, and .dockerignore lets it in', () => {
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

test('it ends in a slim image, without development’s packages, and not as root', () => {
  expect(last('FROM')).toMatch(/^node:\d+-\w+-slim$/);
  expect(text).toContain('npm prune --omit=dev');
  expect(last('USER')).toBe('1000:1000');
  expect(JSON.parse(last('ENTRYPOINT'))).toEqual(['node', 'dist/main.js']);
});

test('its health check succeeds while the gateway lives, and fails when it does not', async () => {
  const [node, ...args]: string[] = JSON.parse(/CMD (\[.*\])$/.exec(last('HEALTHCHECK'))?.[1] ?? '[]');
  expect(node).toBe('node');
  const demo = await startDemo();
  const environment = { ORGQL_PORT: String(demo.gateway.port) };
  expect(await runToEnd(args, environment)).toBe(0);
  await demo.close();
  expect(await runToEnd(args, environment)).toBe(1);
});
