import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { Part } from '../../bench/watch/process.ts';

const folder = mkdtempSync(join(tmpdir(), 'orgql-bench-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A part that answers, fails, or dies, as it is asked to. */
const script = join(folder, 'part.mjs');
writeFileSync(
  script,
  `process.on('message', ({ number, name, argument }) => {
    if (name === 'echo') process.send({ number, value: argument });
    if (name === 'fail') process.send({ number, error: String(argument) });
    if (name === 'exit') process.exit(argument);
    if (name === 'kill') process.kill(process.pid, argument);
  });
  process.on('disconnect', () => process.exit());`,
);
const url = pathToFileURL(script).href;

it('a process of the bench responds to each request', async () => {
  await using part = new Part(url);
  const silent = part.ask('nothing');
  silent.catch(() => {});
  expect(await Promise.all([part.ask('echo', 1), part.ask('echo', 2)])).toEqual([1, 2]);
  await expect(part.ask('fail', 'no')).rejects.toThrow('no');
});

it.each([
  ['exit', 3, 'exit code 3'],
  ['kill', 'SIGKILL', 'SIGKILL'],
])(
  'one that dies (%s) rejects with how: what it was asked before, and what it is asked after',
  async (name, argument, how) => {
    await using part = new Part(url);
    const before = part.ask('nothing');
    const last = part.ask(name, argument);
    await expect(before).rejects.toThrow(`has ended (${how}) and will not answer to nothing`);
    await expect(last).rejects.toThrow(how);
    await expect(part.ask('echo', 1)).rejects.toThrow(how);
  },
);
