// Measures the cost of many subscribers, beside a plain WebSocket server that sends the same bytes to as many sockets.
//
//   npm run bench:watch [-- --subscribers 10000 --rounds 15]
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Part, type Spent } from './process.ts';

const { values } = parseArgs({
  options: { subscribers: { type: 'string', default: '10000' }, rounds: { type: 'string', default: '15' } },
});
const subscribers = Number(values.subscribers);
const rounds = Number(values.rounds);
const pollMs = 1_000;
const restMs = 10_000;

interface Fanout {
  /** Time from the change in AWS, or the start of the broadcast, to the last subscriber, in ms. */
  readonly total: number[];
  /** Time from the gateway's observation to the last subscriber, in ms. */
  readonly fanout: number[];
}

const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
const worst = (numbers: readonly number[]) => Math.max(...numbers);

async function atRest(server: Part): Promise<number> {
  const before = (await server.ask('spent')) as Spent;
  await sleep(restMs);
  const after = (await server.ask('spent')) as Spent;
  return (after.cpu - before.cpu) / 1000 / (after.at - before.at);
}

async function receiveEvent(clients: Part): Promise<{ at: number; text: string }> {
  return (await clients.ask('allReceived')) as { at: number; text: string };
}

await using world = new Part('./world-process.js');
await using gateway = new Part('./gateway-process.js');
await using plain = new Part('./plain-process.js');
await using clients = new Part('./clients-process.js');

const callsInTenPolls = async () => Number(await world.ask('calls', { rounds: 10, intervalMs: pollMs }));

const url = await gateway.ask('start', { simulator: await world.ask('url'), pollMs });
await world.ask('change');
await clients.ask('connect', { url, count: 1, subscribes: true });
const callsOfOne = await callsInTenPolls();
const empty = Number(await gateway.ask('used'));
await clients.ask('connect', { url, count: subscribers - 1, subscribes: true });
await sleep(2_000);
const full = Number(await gateway.ask('used'));
const callsOfAll = await callsInTenPolls();
const gatewayRest = await atRest(gateway);
const gatewayFanout: Fanout = { total: [], fanout: [] };
let text = '';
for (let round = 0; round < rounds; round += 1) {
  await clients.ask('expect');
  // The change happens at a random time between two polls.
  await sleep(Math.random() * pollMs);
  const changedAt = Number(await world.ask('change'));
  const received = await receiveEvent(clients);
  text = received.text;
  const observedAt = Date.parse(JSON.parse(text).payload.data.organizationHandshakeChanges.observedAt);
  gatewayFanout.total.push(received.at - changedAt);
  gatewayFanout.fanout.push(received.at - observedAt);
}
await clients.ask('disconnect');
await sleep(2_000);

const plainUrl = await plain.ask('url');
await clients.ask('connect', { url: plainUrl, count: 1, subscribes: false });
const plainEmpty = Number(await plain.ask('used'));
await clients.ask('connect', { url: plainUrl, count: subscribers - 1, subscribes: false });
await sleep(2_000);
const plainFull = Number(await plain.ask('used'));
const plainRest = await atRest(plain);
const plainFanout: number[] = [];
for (let round = 0; round < rounds; round += 1) {
  await clients.ask('expect');
  const startedAt = Number(await plain.ask('broadcast', text));
  plainFanout.push((await receiveEvent(clients)).at - startedAt);
  await sleep(200);
}

const kilobytes = (before: number, after: number) => (after - before) / 1024 / subscribers;
const row = (name: string, ...cells: readonly string[]) => `| ${[name, ...cells].join(' | ')} |`;
const ms = (number: number) => `${number.toFixed(0)} ms`;
const lines = [
  `${subscribers} WebSocket subscribers to one organization on one process; Node ${process.versions.node}; polls every ${pollMs} ms; ${text.length} bytes an event; ${rounds} changes.`,
  '',
  row('', 'orgql', 'plain `ws`'),
  '|---|---:|---:|',
  row(
    'memory per subscriber',
    `${kilobytes(empty, full).toFixed(1)} KB`,
    `${kilobytes(plainEmpty, plainFull).toFixed(1)} KB`,
  ),
  row('CPU at rest', `${(gatewayRest * 100).toFixed(1)} %`, `${(plainRest * 100).toFixed(1)} %`),
  row('event to last subscriber, median', ms(median(gatewayFanout.fanout)), ms(median(plainFanout))),
  row('event to last subscriber, worst', ms(worst(gatewayFanout.fanout)), ms(worst(plainFanout))),
  row('change in AWS to last subscriber, median', ms(median(gatewayFanout.total)), ''),
  row('calls to AWS in ten polls with 1 subscriber', String(callsOfOne), ''),
  row(`calls to AWS in ten polls with ${subscribers}`, String(callsOfAll), ''),
];
process.stdout.write(`${lines.join('\n')}\n`);
