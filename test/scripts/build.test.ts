import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
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
  mkdirSync(join(root, 'src/mcp/documents'), { recursive: true });
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

describe('concurrent builds', () => {
  it.each(['build-if-stale.mjs', 'build.mjs'])('all succeed, and leave one complete build (%s)', async (script) => {
    const builds = [build(script), build(script), build(script), build(script)];
    await expect.poll(() => existsSync(join(root, 'calls')) && compiled()).toBe(4);
    expect(existsSync(join(root, 'dist'))).toBe(false);
    letCompile();
    expect(await Promise.all(builds.map(({ ended }) => ended))).toEqual([0, 0, 0, 0]);
    expect(readdirSync(join(root, 'dist')).sort()).toEqual(['.inputs', 'graphiql', 'main.js', 'mcp']);
    expect(leftBehind()).toEqual([]);
  });

  it('do not replace a finished build of the same sources', async () => {
    letCompile();
    await build().ended;
    const elsewhere = join(root, 'elsewhere');
    renameSync(join(root, 'dist'), elsewhere);
    rmSync(join(root, 'go'));
    const late = build();
    await late.says('building dist/');
    renameSync(elsewhere, join(root, 'dist'));
    const { ino } = statSync(join(root, 'dist'));
    letCompile();
    expect(await late.ended).toBe(0);
    expect(statSync(join(root, 'dist')).ino).toBe(ino);
    expect(leftBehind()).toEqual([]);
    expect(await build().ended).toBe(0);
    expect(compiled()).toBe(2);
  });
});

it('a failed build keeps the previous one', async () => {
  letCompile();
  await build().ended;
  writeFileSync(join(root, 'fails'), '');
  expect(await build('build.mjs').ended).toBe(2);
  expect(existsSync(join(root, 'dist/main.js'))).toBe(true);
  expect(leftBehind()).toEqual([]);
});

it('the next build removes the files of a killed one', async () => {
  const killed = build();
  await expect.poll(leftBehind).toHaveLength(1);
  await kill(killed.child);
  expect(leftBehind()).toHaveLength(1);
  letCompile();
  expect(await build().ended).toBe(0);
  expect(leftBehind()).toEqual([]);
});
