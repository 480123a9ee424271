import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { atMost, note, type Row } from '../inventory/row.ts';
import { BenchPage } from './page.ts';
import type { Subject } from './subject.ts';
import { longestTask } from './tasks.ts';

const MAX_OPENING_MS = 100;
const MAX_USING_MS = 50;

/** A typist's pause between two keys. */
const KEY_MS = 70;
const WHEEL_MS = 30;
/** After the last change of the page, for what it has put off. */
const REST_MS = 1_500;

/** The longest tasks of the page with a large organization: while it opens, and while a reader works with it. */
export async function measureTasks(browser: Browser, { origin }: Subject): Promise<readonly Row[]> {
  await using view = await BenchPage.open(browser);
  const { page } = view;
  const search = page.getByRole('combobox', { name: 'Search accounts' });
  const rows: Row[] = [];
  const measure = async (title: string, limit: number, work: () => Promise<void>) => {
    note(`longest task ${title}`);
    const { wall, cpu, within } = await longestTask(browser, view, work);
    const remark = `; most CPU in a task ${cpu.toFixed(0)} ms (${within})`;
    rows.push(atMost(`longest task ${title}`, wall, limit, ' ms', 0, remark));
  };
  const type = async (text: string) => {
    await page.keyboard.type(text, { delay: KEY_MS });
    await sleep(REST_MS);
  };

  await measure('opening the organization', MAX_OPENING_MS, async () => {
    await page.goto(`${origin}/organization`, { waitUntil: 'commit' });
    await page.getByText('Search by text, tag, unit, policy or state').waitFor({ timeout: 120_000 });
    await page.getByRole('treeitem').first().waitFor();
    await sleep(REST_MS);
  });
  await search.click();
  await measure('typing a text', MAX_USING_MS, () => type('account 1234'));
  await measure('deleting it', MAX_USING_MS, async () => {
    for (let key = 0; key < 'account 1234'.length; key += 1) await page.keyboard.press('Backspace', { delay: KEY_MS });
    await sleep(REST_MS);
  });
  await measure('typing conditions', MAX_USING_MS, async () => {
    await type('tag:Environment=production ');
    await type('has:"Guardrail 12" ');
    await type('under:');
    await page.keyboard.press('Escape');
  });
  // What every account has opens all units: the tree has all accounts.
  await search.fill('@');
  await sleep(REST_MS);
  await page.getByRole('tree').hover();
  await measure('scrolling the tree', MAX_USING_MS, () => scroll(view));
  await page
    .getByRole('button', { name: /^Remove/ })
    .first()
    .waitFor({ state: 'detached' });
  await page.getByRole('radio', { name: 'List' }).click();
  await page.getByRole('grid').hover();
  await sleep(REST_MS);
  await measure('scrolling the list', MAX_USING_MS, () => scroll(view));
  return rows;
}

/** Down slowly, in large steps, and up again. */
async function scroll({ page }: BenchPage): Promise<void> {
  for (const [distance, steps] of [
    [120, 60],
    [4_000, 60],
    [-6_000, 40],
  ] as const) {
    for (let step = 0; step < steps; step += 1) {
      await page.mouse.wheel(0, distance);
      await sleep(WHEEL_MS);
    }
  }
}
