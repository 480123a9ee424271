import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const scripts = join(import.meta.dirname, '..', '..', 'scripts');

/** Notes that it was called, waits for the file `go`, and compiles nothing. */
const compiler = `
const { appendFileSync, existsSync, mkdirSync, writeFileSync } = require('node:fs');
const out = process.argv[process.argv.indexOf('--outDir') + 1];
mkdirSync(out);
appendFileSync('calls', process.pid + '\\n');
const timer = setInterval(() => {
  if (!existsSync('go')) return;
  clearInterval(timer);
  writeFileSync(out + '/main.js', '');
  process.exitCode = existsSync('fails') ? 2 : 0;
}, 5);`;

/** As much of a page as the build takes apart. */
const graphiql = `
exports.renderGraphiQL = (options) =>
  '<link rel="icon" href="data:image/x-icon;base64,AAAA" /><style>a{}</style><script>render(' + JSON.stringify(options) + ')</script>';`;

let root: string;
const started: ChildProcess[] = [];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'orgql-build-'));
  cpSync(scripts, join(root, 'scripts'), { recursive: true });
  mkdirSync(join(root, 'node_modules/typescript/bin'), { recursive: true });
  writeFileSync(join(root, 'node_modules/typescript/bin/tsc'), compiler);
  mkdirSync(join(root, 'node_modules/@graphql-yoga/render-graphiql'), { recursive: true });
  writeFileSync(join(root, 'node_modules/@graphql-yoga/render-graphiql/index.js'), graphiql);
  mkdirSync(join(root, 'src'));
  writeFileSync(join(root, 'src/main.ts'), '');
  for (const name of ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'])
    writeFileSync(join(root, name), '{}');
});
afterEach(async () => {
  await Promise.all(started.splice(0).map(kill));
  rmSync(root, { recursive: true });
});

/** With the compiler that it has started. */
async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = once(child, 'exit');
  process.kill(-child.pid, 'SIGKILL');
  await gone;
}

/** A build as a process of its own. */
function build(script = 'build-if-stale.mjs') {
  const child = spawn(process.execPath, [join(root, 'scripts', script)], {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  started.push(child);
  let said = '';
  const listeners = new Set<() => void>();
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    for (const look of listeners) look();
  });
  return {
    child,
    ended: once(child, 'exit').then(([code]) => code as number | null),
    /** Resolves when it has said so. */
    says: (text: string) =>
      new Promise<void>((resolve) => {
        const look = () => void (said.includes(text) && resolve());
        listeners.add(look);
        look();
      }),
  };
}

const letCompile = () => writeFileSync(join(root, 'go'), '');
const compiled = () => readFileSync(join(root, 'calls'), 'utf8').trimEnd().split('\n').length;
const leftBehind = () => readdirSync(root).filter((name) => name.startsWith('dist.'));

describe('builds that are started at once', () => {
  it('compile once, and all end when that is done', async () => {
    const builds = [build(), build(), build(), build()];
    const waiting = builds.map(({ says }) => says('waiting for another build').then(() => true));
    const building = builds.map(({ says }) => says('building dist/').then(() => true));
    await Promise.any(building);
    await expect
      .poll(async () => (await Promise.all(waiting.map((it) => Promise.race([it, false])))).filter(Boolean).length)
      .toBe(3);
    expect(existsSync(join(root, 'dist'))).toBe(false);
    letCompile();
    expect(await Promise.all(builds.map(({ ended }) => ended))).toEqual([0, 0, 0, 0]);
    expect(compiled()).toBe(1);
    expect(existsSync(join(root, 'dist/main.js'))).toBe(true);
    expect(leftBehind()).toEqual([]);
  });

  it('that are asked for, and not only if need be, compile one after the other', async () => {
    letCompile();
    const builds = [build('build.mjs'), build('build.mjs')];
    expect(await Promise.all(builds.map(({ ended }) => ended))).toEqual([0, 0]);
    expect(compiled()).toBe(2);
    expect(leftBehind()).toEqual([]);
  });

  it('go on when the one that they wait for fails, or is killed', async () => {
    for (const fails of [true, false]) {
      const first = build();
      await first.says('building dist/');
      await expect.poll(() => existsSync(join(root, 'calls'))).toBe(true);
      const second = build();
      await second.says('waiting for another build');
      if (fails) {
        writeFileSync(join(root, 'fails'), '');
        letCompile();
        expect([await first.ended, await second.ended]).toEqual([2, 2]);
      } else {
        await kill(first.child);
        letCompile();
        expect(await second.ended).toBe(0);
      }
      expect(compiled()).toBe(2);
      expect(leftBehind()).toEqual([]);
      for (const name of ['calls', 'go', 'fails', 'dist']) rmSync(join(root, name), { recursive: true, force: true });
    }
  });

  it('do not wait for a process that has the number of one that was killed long ago', async () => {
    const lock = join(root, 'dist.lock.tmp');
    mkdirSync(lock);
    const holder = join(lock, 'holder');
    writeFileSync(holder, String(process.pid));
    utimesSync(holder, 0, 0);
    letCompile();
    expect(await build().ended).toBe(0);
    expect(leftBehind()).toEqual([]);
  });
});
