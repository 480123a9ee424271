import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { atMost, note, type Row } from '../inventory/row.ts';
import { BenchPage } from './page.ts';
import type { Subject } from './subject.ts';

/** Of all pages together, as one organization changes. */
const CHANGES_PER_SECOND = 5;
/** What may be at the end of what was at the start. A leak of one row a change would be several times as much. */
const MAX_TIMES = 1.1;
/** The share of the duration that comes before the first sample: code is compiled, and caches fill. */
const WARM_UP = 0.2;
/** A changed row is marked for six seconds. */
const SETTLE_MS = 8_000;

const RENAME_UNIT = `mutation ($id: ID!, $name: String!) {
  updateOrganizationalUnit(input: { organizationalUnitId: $id, name: $name }) { __typename }
}`;
const RENAME_TRANSFER = `mutation ($id: ID!, $name: String!) {
  updateResponsibilityTransfer(input: { id: $id, name: $name }) { __typename }
}`;
const OBJECTS = `{
  root { organizationalUnits(first: 10) { nodes { id } } }
  organization {
    inboundResponsibilityTransfers(first: 10, filter: { statuses: [ACCEPTED] }) { nodes { id } }
  }
}`;

interface Sample {
  readonly heapMb: number;
  readonly nodes: number;
  readonly listeners: number;
}

/** The memory of two screens while objects that they show change. */
export async function measureMemory(browser: Browser, subject: Subject, minutes: number): Promise<readonly Row[]> {
  const change = await createChanges(subject);
  await using transfers = await BenchPage.open(browser);
  await using organization = await BenchPage.open(browser);
  await transfers.firstRow(`${subject.origin}/transfers`);
  await organization.page.goto(`${subject.origin}/organization`);
  await organization.page.getByRole('treeitem').first().waitFor();
  const ms = minutes * 60_000;
  note(`${CHANGES_PER_SECOND} changes a second for ${minutes} minutes`);
  const warm = await changeFor(change, ms * WARM_UP);
  const before = [await sample(transfers), await sample(organization)];
  const made = warm + (await changeFor(change, ms * (1 - WARM_UP)));
  const after = [await sample(transfers), await sample(organization)];
  await expectLatest(transfers, organization, change.last);
  const rate = made / (minutes * 60);
  return ['Transfers', 'Organization'].flatMap((screen, at) =>
    rowsOf(`${screen}, ${rate.toFixed(1)} changes/s, ${minutes} min`, before[at] as Sample, after[at] as Sample),
  );
}

const rowsOf = (title: string, before: Sample, after: Sample): readonly Row[] => [
  ratio(`${title}: heap at the end ÷ start`, before.heapMb, after.heapMb, ' MB', 1),
  ratio(`${title}: DOM nodes`, before.nodes, after.nodes, '', 0),
  ratio(`${title}: listeners`, before.listeners, after.listeners, '', 0),
];

const ratio = (title: string, before: number, after: number, unit: string, digits: number): Row =>
  atMost(title, after / before, MAX_TIMES, '', 2, ` (${before.toFixed(digits)} → ${after.toFixed(digits)}${unit})`);

interface Changes {
  (): Promise<void>;
  /** The latest names, of a unit and of a transfer. */
  readonly last: { unit: string; transfer: string };
}

/** Renames units and transfers in turn. */
async function createChanges(subject: Subject): Promise<Changes> {
  const { organization, root } = await subject.query(OBJECTS);
  const units: { id: string }[] = root.organizationalUnits.nodes;
  const transfers: { id: string }[] = organization.inboundResponsibilityTransfers.nodes;
  if (units.length === 0 || transfers.length === 0) throw new Error('The demo has no units or no transfers.');
  const last = { unit: '', transfer: '' };
  let count = 0;
  const change = async () => {
    count += 1;
    const isUnit = count % 2 === 0;
    const objects = isUnit ? units : transfers;
    const name = `${isUnit ? 'Unit' : 'Transfer'} ${count}`;
    last[isUnit ? 'unit' : 'transfer'] = name;
    const id = objects[(count >> 1) % objects.length]?.id;
    const data = await subject.query(isUnit ? RENAME_UNIT : RENAME_TRANSFER, { id, name });
    const [result] = Object.values(data) as { __typename: string }[];
    if (!result?.__typename.endsWith('Payload')) throw new Error(`AWS has refused a change: ${result?.__typename}`);
  };
  return Object.assign(change, { last });
}

/** Returns how many changes were made. */
async function changeFor(change: Changes, ms: number): Promise<number> {
  const start = performance.now();
  let made = 0;
  while (performance.now() - start < ms) {
    await change();
    made += 1;
    await sleep(Math.max(0, start + (made * 1000) / CHANGES_PER_SECOND - performance.now()));
  }
  return made;
}

async function sample(view: BenchPage): Promise<Sample> {
  await sleep(SETTLE_MS);
  await view.debugger.send('Performance.enable');
  // A finalizer may free more.
  for (let time = 0; time < 3; time += 1) await view.debugger.send('HeapProfiler.collectGarbage');
  const { metrics } = await view.debugger.send('Performance.getMetrics');
  const of = (wanted: string) => metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN;
  return { heapMb: of('JSHeapUsedSize') / 2 ** 20, nodes: of('Nodes'), listeners: of('JSEventListeners') };
}

/** A page that shows no changes would be flat, too. */
async function expectLatest(transfers: BenchPage, organization: BenchPage, { unit, transfer }: Changes['last']) {
  await transfers.page.getByText(transfer, { exact: true }).first().waitFor();
  // The search puts it in sight, wherever it is.
  await organization.page.getByRole('combobox', { name: 'Search accounts' }).fill(unit);
  await organization.page.getByText(unit, { exact: true }).first().waitFor();
}
