import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { build, finishInProcess } from '../support/cli.ts';

const root = join(import.meta.dirname, '../..');
const example = join(root, 'examples/testing');
const { scripts, dependencies, devDependencies } = JSON.parse(readFileSync(join(example, 'package.json'), 'utf8'));

let folder: string;
beforeAll(() => {
  build();
  folder = mkdtempSync(join(tmpdir(), 'orgql-testing-'));
  cpSync(example, folder, { recursive: true });
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules/orgql'));
  for (const name of ['@aws-sdk', 'vitest'])
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a script of the example as `npm run` does. The variables of this run's vitest would change another one. */
function run(script: string) {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_ENV$|TEST$)/.test(name)),
  );
  const [command, ...args]: string[] = scripts[script].split(' ');
  const program = command === 'node' ? [] : [join(root, 'node_modules', String(command), `${command}.mjs`)];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...program, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...env, NO_COLOR: '1' },
  });
  return { status, output: `${stdout}${stderr}` };
}

// .ci/examples runs those of Jest, Python and Go.
test.each([
  // The summary of the reporter `tap`, or of `spec`, which newer versions of Node take.
  ['node-test', /^(# |ℹ )pass 4$/m],
  ['vitest', /Tests {2}4 passed/],
])('the tests of examples/testing/%s pass', (script, passed) => {
  const { status, output } = run(script);
  expect(output).toMatch(passed);
  expect(status).toBe(0);
});

test('the tests of Jest are those of vitest', () => {
  const text = (runner: string) => readFileSync(join(example, runner, 'invite-accounts.test.js'), 'utf8');
  const withoutImports = (content: string) => content.replace(/^import .*\n/gm, '');
  expect(withoutImports(text('jest'))).toBe(withoutImports(text('vitest')));
});

test('the policies of examples/testing/policies pass their tests', async () => {
  expect(await finishInProcess(['policies', 'test', join(example, 'policies')])).toEqual({
    code: 0,
    stdout: '3 passed, 0 failed\n',
    stderr: '',
  });
});

test('package.json of examples/testing has the ranges of orgql’s own package.json', () => {
  const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const shared = { ...own.devDependencies, ...own.dependencies };
  const { jest, orgql, ...others } = { ...dependencies, ...devDependencies };
  expect([jest, orgql]).toEqual([expect.stringMatching(/^\^\d/), 'file:../..']);
  expect(others).toEqual(Object.fromEntries(Object.keys(others).map((name) => [name, shared[name]])));
});
