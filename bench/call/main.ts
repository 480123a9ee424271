// Measures the CPU time of a call to AWS in the calling process: over plain HTTP, through the SDK, and through the
// gateway, cold and warm. Each contender has its own process, as has the server, which returns the same bytes to all.
//
//   npm run bench:call -- [--processes 5] [--rounds 5] [--calls 500] [--at-once 1]
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { median } from '../peers/statistics.ts';
import { Part } from '../watch/process.ts';
import { startCannedAws } from './aws-process.ts';
import type { Begin, Spend } from './contender-process.ts';
import { type ContenderName, contenders, type Operation, operations } from './contenders.ts';

const { values } = parseArgs({
  options: {
    processes: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '5' },
    calls: { type: 'string', default: '500' },
    'at-once': { type: 'string', default: '1' },
  },
});
const rounds = Number(values.rounds);
const calls = Number(values.calls);
const atOnce = Number(values['at-once']);
/** Processes per contender. V8's optimizations of the same code differ between processes by as much as the results. */
const processes = Number(values.processes);
/** Multiplier for contenders without HTTP, whose calls are too short to measure otherwise. */
const shorter = 50;
/** Warm-up calls per contender. Until then V8 compiles code, in threads of the same process. */
const warmUp = 5_000;

const names = Object.keys(contenders) as ContenderName[];
const print = (line: string) => void process.stdout.write(`${line}\n`);

await using aws = await startCannedAws();
const spent = new Map<string, number[]>();
const figures = (name: ContenderName, operation: Operation) => {
  const key = `${name} ${operation}`;
  const known = spent.get(key) ?? [];
  spent.set(key, known);
  return known;
};
const spend = async (part: Part, name: ContenderName, operation: Operation, count: number) => {
  const question: Spend = contenders[name].calls
    ? { operation, times: count, atOnce }
    : { operation, times: count * shorter, atOnce: 1 };
  return Number(await part.ask('spend', question));
};

/** Measures one process per contender, in turns. */
async function measure(): Promise<void> {
  const parts = names.map((name) => ({ name, part: new Part('../call/contender-process.js') }));
  await Promise.all(
    parts.map(async ({ name, part }) => {
      await part.ask('begin', { name, url: aws.url } satisfies Begin);
      for (const operation of operations) await spend(part, name, operation, warmUp);
    }),
  );
  for (let round = 0; round < rounds; round += 1) {
    for (const operation of operations) {
      // Alternates the direction, so that no contender is always next to the same one.
      const inTurn = round % 2 === 0 ? parts : parts.toReversed();
      for (const { name, part } of inTurn) figures(name, operation).push(await spend(part, name, operation, calls));
    }
  }
  for (const { part } of parts) await part[Symbol.asyncDispose]();
}

for (let time = 0; time < processes; time += 1) await measure();

const micros = (figure: number) => (figure < 10 ? figure.toFixed(2) : figure.toFixed(0));
const row = (title: string, figure: (operation: Operation) => number) => {
  const cells = operations.map((operation) => {
    const value = figure(operation);
    return `${micros(value)} | ${(value / median(figures('sdk', operation))).toPrecision(2)}`;
  });
  print(`| ${title} | ${cells.join(' | ')} |`);
};

const [cpu] = cpus();
print(
  `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${cpus().length} cores, ${cpu?.model.trim()}`,
);
print(
  `CPU of the calling process in µs, medians of ${rounds} rounds of ${calls} calls, ${atOnce} at a time, in each of ${processes} processes`,
);
print('');
print(`| | ${operations.map((operation) => `${operation} | × SDK`).join(' | ')} |`);
print(`|---|${'--:|--:|'.repeat(operations.length)}`);
for (const name of names) row(contenders[name].title, (operation) => median(figures(name, operation)));
/** Compares within each round, because the machine's speed changes between rounds. */
const added = (name: ContenderName) => (operation: Operation) => {
  const client = figures('client', operation);
  return median(figures(name, operation).map((figure, round) => figure - (client[round] ?? Number.NaN)));
};
row('what the gateway adds to its client', added('cold'));
