import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build, finishInProcess, Orgql } from '../support/cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'orgql-'));
const path = (name: string) => join(folder, name);
beforeAll(() => {
  build();
  writeFileSync(path('file'), '');
  symlinkSync(path('nowhere'), path('dangling'));
  symlinkSync(path('loop'), path('loop'));
  mkdirSync(path('damaged'));
  writeFileSync(path('damaged/CURRENT'), 'garbage');
  mkdirSync(path('hanging'));
  execFileSync('mkfifo', [path('hanging/CURRENT'), path('fifo')]);
});
afterAll(() => rmSync(folder, { recursive: true }));

const config = (settings: object) => {
  const file = path(`config-${Math.random()}.json`);
  writeFileSync(file, JSON.stringify(settings));
  return file;
};
const args = (store: string) => ['serve', '--port', '0', '--config', config({ watch: { store } })];
const serve = (store: string) => new Orgql(args(store));

describe('an unusable watch.store ends the start with exit code 1 and one line:', () => {
  it.for([
    ['a folder in /proc', '/proc/nope', 'cannot be created \\(.*; set a path on a disk'],
    ['a folder in a folder in /proc', '/proc/nope/store', 'cannot be created \\(.*; set a path on a disk'],
    [
      'a folder in /sys',
      '/sys/nope',
      'cannot be created, as this user has no permission|is on a read-only file system',
    ],
    ['/proc itself', '/proc', 'cannot be opened: '],
    ['a file', path('file'), 'cannot be created, as a part of its path is not a folder'],
    ['a folder in a file', path('file/store'), 'cannot be created, as a part of its path is not a folder'],
    ['a folder in a device', '/dev/null/store', 'cannot be created, as a part of its path is not a folder'],
    ['a link to nothing', path('dangling'), 'cannot be created, as a part of its path is not a folder'],
    [
      'a folder in a link to nothing',
      path('dangling/store'),
      'cannot be created, as a part of its path is not a folder|cannot be created',
    ],
    ['a link to itself', path('loop'), 'cannot be created, as a part of its path is not a folder|cannot be opened: '],
    ['a name that is too long', path('x'.repeat(300)), 'cannot be opened: ENAMETOOLONG'],
    ['a path that is too long', path('x/'.repeat(3_000)), 'cannot be opened: ENAMETOOLONG'],
    ['a folder whose contents are damaged', path('damaged'), 'is corrupt \\(.*; move it away'],
  ] as const)('%s', async ([_, store, message]) => {
    const { code, stdout, stderr } = await finishInProcess(args(store));
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(new RegExp(`^orgql: watch\\.store: .*(${message})`));
    expect(stdout).toBe('');
    expect(code).toBe(1);
  });

  it.for([
    [
      'a device, in a process of its own',
      '/dev/null',
      'cannot be created, as a part of its path is not a folder',
      [1, null],
    ],
    [
      'a folder whose file system does not answer',
      path('hanging'),
      'its file system does not respond within 5 s',
      [null, 'SIGKILL'],
    ],
  ] as const)('%s', async ([_, store, message, expected]) => {
    await using orgql = serve(store);
    const { code, signal, stdout, stderr } = await orgql.finished;
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(new RegExp(`^orgql: watch\\.store: .*(${message})`));
    expect(stdout).toBe('');
    expect([code, signal]).toEqual(expected);
  });

  it('a folder that another process uses', async () => {
    await using first = serve(path('locked'));
    await first.ready();
    await using second = serve(path('locked'));
    const { code, stderr } = await second.finished;
    expect(stderr).toContain('is in use by another process; give each gateway its own folder');
    expect(code).toBe(1);
    first.process.kill('SIGTERM');
    expect(await first.finished).toMatchObject({ code: 0 });
    const store = new ClassicLevel(path('locked'));
    await store.open();
    await store.close();
  });
});

describe('a signal ends a start', () => {
  it.for(['SIGTERM', 'SIGINT'] as const)('%s, that waits for a file system that does not answer', async (signal) => {
    await using orgql = new Orgql(['serve', '--port', '0', '--config', path('fifo')]);
    // Opens when the gateway reads it, and sends nothing.
    const writer = await open(path('fifo'), 'w');
    orgql.process.kill(signal);
    expect(await orgql.finished).toMatchObject({ stdout: '', signal: 'SIGKILL' });
    await writer.close();
  });

  it.for(['SIGTERM', 'SIGINT'] as const)('%s, that waits for something else, with exit code 0', async (signal) => {
    // A module that never finishes loading, as one that is read from a slow disk.
    const never = 'data:text/javascript,console.error("loading"); await new Promise(() => setInterval(() => {}, 1000))';
    const hook = `import { register } from 'node:module'; register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(
      `export const resolve = (name, context, next) => name === 'classic-level' ? { url: ${JSON.stringify(never)}, shortCircuit: true } : next(name, context);`,
    )}));`;
    await using orgql = new Orgql(['serve', '--port', '0', '--config', config({ watch: { store: path('slow') } })], {
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(hook)}`,
    });
    await once(orgql.process.stderr ?? process.stderr, 'data');
    orgql.process.kill(signal);
    expect(await orgql.finished).toMatchObject({ stdout: '', code: 0 });
  });
});
