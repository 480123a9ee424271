import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statfsSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Demo, type LogLine, startDemo } from '../support/gateway.ts';
import { send } from '../support/http.ts';
import { scrape } from '../support/metrics.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'orgql-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const start = (store: string, lines: LogLine[] = []) =>
  startDemo({ config: { metrics: { port: 0 }, watch: { store } }, onLog: (line) => lines.push(line) });

async function stateOf(demo: Demo) {
  const { status, text } = await send(`${new URL('/ready', demo.gateway.metricsUrl)}`);
  const failed = (await scrape(demo.gateway.metricsUrl)).get('orgql_store_failed');
  return { status, store: JSON.parse(text).store, failed };
}

const GOOD = { status: 200, store: { ready: true }, failed: 0 };
const FULL = { status: 200, store: { ready: false, code: 'STORE_FULL' }, failed: 1 };
const WATCH = 'subscription { organizationHandshakeChanges { type } }';

/** Watches until the snapshot is complete. */
async function snapshot(demo: Demo): Promise<string[]> {
  const subscription = demo.subscribe(WATCH);
  const types: string[] = [];
  while (types.at(-1) !== 'BOOKMARK') types.push((await subscription.event()).data.organizationHandshakeChanges.type);
  await subscription.return();
  return types;
}

it('is ready while the disk has room', async () => {
  await using demo = await start(join(folder, 'store'));
  await snapshot(demo);
  expect(await stateOf(demo)).toEqual(GOOD);
});

it('a disk that is full at the start does not end it: events are in memory, which metrics, readiness and the log say', async () => {
  const store = join(folder, 'store');
  mkdirSync(store);
  // The first file that LevelDB writes.
  symlinkSync('/dev/full', join(store, 'MANIFEST-000001'));
  const lines: LogLine[] = [];
  await using demo = await start(store, lines);
  expect(lines).toMatchObject([{ level: 50, reason: expect.stringContaining('No space left on device') }]);
  expect(await stateOf(demo)).toEqual(FULL);
  expect(await snapshot(demo)).toContain('SNAPSHOT');
});

const disk = mkdtempSync(join(tmpdir(), 'orgql-disk-'));
function mount(): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
const unmount = () => execFileSync('umount', [disk]);
const canMount = process.platform === 'linux' && mount();
if (canMount) unmount();

/** Takes what room there is. */
function fill(): void {
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(join(disk, 'filler'), Buffer.alloc(bavail * bsize));
}

// Only root may mount.
describe.skipIf(!canMount)('a full disk', () => {
  beforeEach(() => void mount());
  afterEach(unmount);

  it('is reported; the gateway runs and starts with it, and uses the store after a restart with free space', async () => {
    const store = join(disk, 'store');
    const lines: LogLine[] = [];
    {
      await using demo = await start(store, lines);
      await snapshot(demo);
      expect(await stateOf(demo)).toEqual(GOOD);
      fill();
      let state = await stateOf(demo);
      for (let n = 0; state.failed === 0 && n < 50; n += 1) {
        const id = `${300_000_000_000 + n}`;
        await demo.query(
          `mutation { inviteAccountToOrganization(input: { target: { type: EMAIL, id: "u${id}@example.com" }, notes: "${'n'.repeat(900)}" }) { __typename } }`,
        );
        await snapshot(demo);
        state = await stateOf(demo);
      }
      expect(state).toEqual(FULL);
      expect(lines).toContainEqual(
        expect.objectContaining({ level: 50, msg: expect.stringContaining('watch.store cannot be written') }),
      );
      expect(await snapshot(demo)).toContain('SNAPSHOT');
    }
    {
      await using demo = await start(store);
      expect(await stateOf(demo)).toEqual(FULL);
      expect(await snapshot(demo)).toContain('SNAPSHOT');
    }
    rmSync(join(disk, 'filler'));
    {
      await using demo = await start(store);
      expect(await snapshot(demo)).toContain('SNAPSHOT');
      expect(await stateOf(demo)).toEqual(GOOD);
    }
    expect(existsSync(join(store, 'CURRENT'))).toBe(true);
  });
});
