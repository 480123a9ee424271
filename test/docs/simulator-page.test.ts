import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startSimulator } from '../../src/simulator/index.ts';
import { attempt } from '../simulator/raw-call.ts';
import { build } from '../support/cli.ts';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/simulator.md'), 'utf8');
const snippets = [...page.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, text = '']) => text);

test('the snippet of docs/simulator.md runs as written, in a package that has orgql installed, and prints what it says', () => {
  build();
  const folder = mkdtempSync(join(tmpdir(), 'orgql-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules/orgql'));
  symlinkSync(join(root, 'node_modules/@aws-sdk'), join(folder, 'node_modules/@aws-sdk'));
  expect(snippets).toHaveLength(1);
  for (const snippet of snippets) {
    // It has no types, so that Node runs it without a compiler.
    writeFileSync(join(folder, 'snippet.mjs'), snippet);
    const { status, stdout, stderr } = spawnSync(process.execPath, ['snippet.mjs'], { cwd: folder, encoding: 'utf8' });
    expect(stderr).not.toMatch(/Error/);
    expect(status).toBe(0);
    const said = [...snippet.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, text]) => text);
    expect(said.length).toBeGreaterThan(2);
    expect(stdout.trimEnd().split('\n')).toEqual(said);
  }
});

test('docs/simulator.md documents every member of the handle and of its clock, and every public member that it names exists', async () => {
  await using simulator = await startSimulator({ seed: 'empty' });
  const table = page.slice(page.indexOf('| member | meaning |'), page.indexOf('## Accounts and credentials'));
  for (const member of [...Object.keys(simulator), ...Object.keys(simulator.clock)])
    expect(table).toContain(`\`${member}`);
  const row = (member: string) => table.split('\n').find((line) => line.startsWith(`| \`${member}`)) ?? '';
  const names = (member: string) =>
    [...row(member).matchAll(/`([a-z]\w+)(?:\([^`]*\))?`/g)].map(([, name = '']) => name);
  const others = ['url', 'createClock'];
  for (const name of names('clock').filter((each) => !others.includes(each) && each !== 'clock'))
    expect(simulator.clock, name).toHaveProperty(name);
  for (const name of names('control').filter((each) => each !== 'control'))
    expect(simulator.control, name).toHaveProperty(name);
  for (const name of names('world').filter((each) => each !== 'world'))
    expect(simulator.world, name).toHaveProperty(name);
});

test('docs set the region by AWS_DEFAULT_REGION wherever they run the AWS CLI or boto3', () => {
  const pages = ['README.md', 'docs/simulator.md', 'docs/operations.md', 'docs/clients.md', 'docs/testing.md'];
  for (const name of pages) {
    const blocks = readFileSync(join(root, name), 'utf8').match(/^```\w*\n[\s\S]*?^```/gm) ?? [];
    for (const block of blocks.filter((each) => /^\S*\s*aws |\baws organizations|boto3/m.test(each)))
      expect(block, name).toContain('AWS_DEFAULT_REGION');
  }
});

test('docs/simulator.md shows how to ask for a decision, with the response', async () => {
  const [, command = '', response = ''] =
    /^```sh\n(curl -s [^\n]*\/_orgql\/authorize[\s\S]*?)^```\n\n```json\n([\s\S]*?)^```/m.exec(page) ?? [];
  const [, url = ''] = /curl -s (\S+)/.exec(command) ?? [];
  const [, header = ''] = /-H '([^']+)'/.exec(command) ?? [];
  const [, body = ''] = /-d '([^']+)'/.exec(command) ?? [];
  await using simulator = await startSimulator();
  const reply = await fetch(url.replace('http://127.0.0.1:4566', simulator.url), {
    method: 'POST',
    headers: [header.split(': ') as [string, string]],
    body,
  });
  expect(reply.status).toBe(200);
  expect(await reply.json()).toEqual({ ...JSON.parse(response), levels: expect.any(Array) });
});

test('docs/simulator.md has the message with which a member of the demo world cannot leave', async () => {
  const [, member = ''] = /AWS_ACCESS_KEY_ID=(\d{12}) aws organizations leave-organization/.exec(page) ?? [];
  const [, printed = ''] = /^An error occurred \(AccessDeniedException\)[^:]*: (.*)$/m.exec(page) ?? [];
  await using simulator = await startSimulator();
  const { error, message } = await attempt(simulator.url, member, 'LeaveOrganization', {});
  expect([error, message]).toEqual(['AccessDeniedException', printed]);
});
