import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { build, finishInProcess, Orgql } from '../support/cli.ts';
import { startDemo } from '../support/gateway.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/control-policies.md'), 'utf8');
/** Files of the page: a name in backquotes and a colon, then the content. */
const files = [...page.matchAll(/^`([\w./-]+)`:\n\n```\w+\n([\s\S]*?)^```/gm)].map(
  ([, name = '', content = '']) => [name, content] as const,
);
/** Commands of the page, with what they print. */
const commands = [...page.matchAll(/^```sh\norgql (.*)\n```\n\n```text\n([\s\S]*?)^```/gm)].map(
  ([, command = '', output = '']) => [command, output] as const,
);

const folder = mkdtempSync(join(tmpdir(), 'orgql-'));
const before = process.cwd();
beforeAll(build);
beforeAll(() => {
  for (const [name, content] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

test('the query of docs/control-policies.md has the result that follows it', async () => {
  const [, query = '', result = ''] = /^```graphql\n([\s\S]*?)^```[\s\S]*?^```json\n([\s\S]*?)^```/m.exec(page) ?? [];
  await using demo = await startDemo();
  const { data, errors } = await demo.query(query);
  expect(errors).toBeUndefined();
  expect({ data }).toEqual(JSON.parse(result));
});

test('docs/control-policies.md has two files and three commands', () => {
  expect(files.map(([name]) => name)).toEqual(['guardrails.yaml', 'policies/regions.json']);
  expect(commands.map(([command]) => command.split(' ')[1])).toEqual(['test', 'explain', 'lint']);
});

test.each(commands)('orgql %s prints what docs/control-policies.md says', async (command, output) => {
  process.chdir(folder);
  try {
    const { stdout, stderr, code } = await finishInProcess(command.split(' '));
    expect(stdout).toBe(output);
    expect(stderr).toBe('');
    expect(code).toBe(command.startsWith('policies test') ? 1 : 0);
  } finally {
    process.chdir(before);
  }
});

test('a process ends with exit code 1 if a vector fails, and prints nothing else', async () => {
  await using orgql = new Orgql(['policies', 'test', join(folder, 'guardrails.yaml')]);
  const { code, stdout, stderr } = await orgql.finished;
  expect(stdout).toMatch(/\n2 passed, 1 failed\n$/);
  expect(stderr).toBe('');
  expect(code).toBe(1);
});
