// Measures the console in Debian's Chromium, as docs/console.md shows.
//
//   npm run bench:console [-- --only first,large,memory --rounds 9 --minutes 10 --accounts 10000]
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { launchChromium } from '../../test/support/chromium.ts';
import { note, printRows, type Row } from '../inventory/row.ts';
import { measureFirstRows, measureScripts } from './first-screen.ts';
import { measureTasks } from './large.ts';
import { measureMemory } from './memory.ts';
import { Subject } from './subject.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'first,large,memory' },
    /** Navigations to each page. */
    rounds: { type: 'string', default: '9' },
    /** Of changes. */
    minutes: { type: 'string', default: '10' },
    accounts: { type: 'string', default: '10000' },
    policies: { type: 'string', default: '100' },
  },
});
const [rounds, minutes, accounts, policies] = [values.rounds, values.minutes, values.accounts, values.policies].map(
  Number,
) as [number, number, number, number];
const browser = await launchChromium();

const parts: Readonly<Record<string, () => Promise<readonly Row[]>>> = {
  async first() {
    await using demo = await Subject.start();
    return [await measureScripts(browser, demo), await measureFirstRows(browser, demo, rounds)];
  },
  async large() {
    note(`copying ${accounts} accounts`);
    await using large = await Subject.start({ size: { accounts, policies } });
    return await measureTasks(browser, large);
  },
  async memory() {
    await using demo = await Subject.start();
    return await measureMemory(browser, demo, minutes);
  },
};

try {
  const wanted = values.only.split(',');
  const unknown = wanted.filter((name) => !Object.hasOwn(parts, name));
  if (unknown.length > 0)
    throw new Error(`--only: there is no ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}`);
  const load = loadavg()[0]?.toFixed(1);
  note(`Chromium ${browser.version()}, ${cpus().length} cores, ${load} processes at work at the start`);
  const rows: Row[] = [];
  for (const name of wanted) rows.push(...((await parts[name]?.()) ?? []));
  printRows(rows);
} finally {
  await browser.close();
}
