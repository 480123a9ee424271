import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchQuery } from './queries.ts';
import { atMost, note, type Row } from './row.ts';
import { HINT_KEY } from './settings.ts';
import { medianOf, p99Of } from './statistics.ts';
import { fromCopy, type Gateway, type World } from './subject.ts';

/** Returns a row with the longest delay of the event loop while `work` runs. */
export async function measureDelay(gateway: Gateway, title: string, work: () => Promise<unknown>): Promise<Row> {
  const { busy, total } = await gateway.delayDuring(work);
  const remark = ` of its own CPU time (${total.toFixed(1)} ms with the pauses that other processes cause)`;
  return atMost(`longest event-loop delay while ${title}`, busy, 10, ' ms', 1, remark);
}

export const askAll = async (gateway: Gateway, queries: readonly BenchQuery[], rounds: number): Promise<void> => {
  for (let round = 0; round < rounds; round += 1) for (const { document } of queries) await gateway.query(document);
};

/** Prepares the queries, which nothing can answer yet. */
export async function prepareAll(gateway: Gateway, queries: readonly BenchQuery[]): Promise<void> {
  for (const { document } of queries) await gateway.query(document).catch(() => undefined);
}

/** All indexes and orders were used before. */
export async function measureMemory(gateway: Gateway, accounts: number): Promise<Row> {
  const bytes = Number(await gateway.part.ask('copyBytes'));
  return atMost('memory of the copy per account', bytes / accounts / 1000, 3.1, ' KB');
}

/** AWS's usual latency, in ms. */
const INTERACTIVE_LATENCY_MS = 100;
const INTERACTIVE_INTERVAL_MS = 40;

/** Sends live queries at a constant rate. Returns their times, in ms. */
async function interact(gateway: Gateway, accountIds: readonly string[], count: number): Promise<readonly number[]> {
  const replies: Promise<{ readonly ms: number }>[] = [];
  for (let number = 0; number < count; number += 1) {
    const id = accountIds[(number * 7919) % accountIds.length];
    const document = `{ account(id: "${id}") { name tags { nodes { key value } } } }`;
    replies.push(gateway.query(document, { orgql: { noCache: true } }));
    await sleep(INTERACTIVE_INTERVAL_MS);
  }
  return (await Promise.all(replies)).map(({ ms }) => ms);
}

/** Compares live queries during a sweep with those at rest, in turns. */
export async function measureInteractive(world: World, gateway: Gateway, seconds: number): Promise<Row> {
  const accountIds = await world.accountIds();
  for (const operation of ['DescribeAccount', 'ListTagsForResource']) await world.setLatency(operation, 0);
  await world.setLatency('DescribeAccount', INTERACTIVE_LATENCY_MS);
  const count = Math.ceil((seconds * 1000) / INTERACTIVE_INTERVAL_MS);
  await interact(gateway, accountIds, Math.ceil(count / 4));
  const before = await interact(gateway, accountIds, count);
  await gateway.part.ask('refresh');
  await sleep(500);
  const during = await interact(gateway, accountIds, count);
  await gateway.swept();
  const after = await interact(gateway, accountIds, count);
  await world.setLatency('DescribeAccount', 0);
  const rest = p99Of([...before, ...after]);
  const remark = ` (${p99Of(during).toFixed(0)} ms and ${rest.toFixed(0)} ms)`;
  return atMost('p99 of live queries during a sweep ÷ at rest', p99Of(during) / rest, 1.1, '', 2, remark);
}

const VISIBLE_POLL_MS = 5;

/** Tags accounts at the simulator, sends the hint of each change, and waits until the copy shows it. */
export async function measureHints(world: World, gateway: Gateway, rounds: number): Promise<Row> {
  const accountIds = await world.accountIds();
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const accountId = accountIds[(round * 37) % accountIds.length] ?? '';
    const document = `{ organization { accounts(first: 5, filter: { tags: [{ key: "Changed", values: ["${round}"] }] }) { nodes { id } } } }`;
    const startedAt = performance.now();
    const event = await world.tag(accountId, 'Changed', String(round));
    const response = await fetch(new URL('/hints/eventbridge', gateway.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': HINT_KEY },
      body: JSON.stringify(event),
    });
    if (!response.ok) throw new Error(`The hint was refused: ${response.status} ${await response.text()}`);
    while (!(await gateway.query(document, fromCopy)).text.includes(accountId)) await sleep(VISIBLE_POLL_MS);
    times.push((performance.now() - startedAt) / 1000);
  }
  note(`hints: ${times.map((time) => time.toFixed(3)).join(', ')} s`);
  return atMost('from a change in AWS to the copy, with a hint', medianOf(times), 2, ' s', 3);
}
