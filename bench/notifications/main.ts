// Measures whether destinations that hang delay the others: the time in which changes reach one destination alone, and
// the last healthy one of many, of which some hang.
//
//   npm run bench:notifications [-- --changes 1000 --destinations 20 --hanging 3 --reply 25 --rounds 3]
import { parseArgs } from 'node:util';
import { Part, type Spent } from '../watch/process.ts';

const { values } = parseArgs({
  options: {
    changes: { type: 'string', default: '1000' },
    destinations: { type: 'string', default: '20' },
    hanging: { type: 'string', default: '3' },
    /** How long a receiver takes to reply, in ms. */
    reply: { type: 'string', default: '25' },
    rounds: { type: 'string', default: '3' },
  },
});
const [changes, destinations, hanging, replyMs, rounds] = [
  values.changes,
  values.destinations,
  values.hanging,
  values.reply,
  values.rounds,
].map(Number) as [number, number, number, number, number];

/** The last healthy destination may take at most this multiple of the time of one alone. */
const MAX_RATIO = 1.5;

async function measure(count: number, hangs: number): Promise<{ ms: number; cpuMs: number; mib: number }> {
  await using world = new Part('../notifications/world-process.js');
  await using gateway = new Part('../notifications/gateway-process.js');
  const hangingOnes = Array.from({ length: hangs }, (_, index) => index);
  const urls = (await world.ask('start', { replyMs, hanging: hangingOnes })) as object;
  await gateway.ask('start', { ...urls, count });
  const before = (await gateway.ask('spent')) as Spent;
  const healthy = Array.from({ length: count - hangs }, (_, index) => index + hangs);
  const ms = Number(await world.ask('round', { changes, destinations: healthy }));
  const after = (await gateway.ask('spent')) as Spent;
  const mib = Number(await gateway.ask('used')) / 1_048_576;
  await gateway.ask('stop');
  return { ms, cpuMs: (after.cpu - before.cpu) / 1_000, mib };
}

const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
const print = (line: string) => process.stdout.write(`${line}\n`);
const text = ({ ms, cpuMs, mib }: { ms: number; cpuMs: number; mib: number }) =>
  `${Math.round(ms)} ms, gateway ${Math.round(cpuMs)} ms of CPU, ${Math.round(mib)} MiB`;

print(`${changes} changes, receivers that reply after ${replyMs} ms`);
const ratios: number[] = [];
for (let round = 0; round < rounds; round += 1) {
  const one = await measure(1, 0);
  const many = await measure(destinations, hanging);
  ratios.push(many.ms / one.ms);
  print(`one destination alone: ${text(one)}`);
  print(`the last of ${destinations - hanging}, beside ${hanging} that hang: ${text(many)}`);
}
const ratio = median(ratios);
print(`${ratio.toFixed(2)} times one alone (median of ${rounds}); at most ${MAX_RATIO}`);
if (ratio > MAX_RATIO) process.exitCode = 1;
