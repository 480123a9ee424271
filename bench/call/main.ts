// What a call to AWS costs the process that makes it, in CPU: over plain HTTP, through the SDK as everybody calls it, and through the gateway, cold and
// warm. The server answers the same bytes from a process of its own, so that nothing but the caller is measured.
//
//   npm run bench:call -- [--rounds 9] [--calls 300] [--at-once 1]
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { median } from '../peers/statistics.ts';
import { startCannedAws } from './aws-process.ts';
import { type Contender, createContenders, names, type Operation, operations } from './contenders.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '9' },
    calls: { type: 'string', default: '300' },
    'at-once': { type: 'string', default: '1' },
  },
});
const rounds = Number(values.rounds);
const calls = Number(values.calls);
const atOnce = Number(values['at-once']);
/** What needs no wire is so short that it takes more of them to be measured. */
const shorter = 20;
/** Before anything is measured each is done this often, so that its code is compiled. */
const warmUp = 800;

const print = (line: string) => void process.stdout.write(`${line}\n`);

/** CPU of one, in µs. */
async function spend({ calls: wire, once }: Contender, operation: Operation, count: number): Promise<number> {
  const times = wire ? count : count * shorter;
  // What the one before has left behind is not this one's to clear away.
  globalThis.gc?.({ type: 'minor', execution: 'sync' });
  const before = process.cpuUsage();
  for (let done = 0; done < times; done += atOnce) {
    if (atOnce === 1 || !wire) await once(operation, done);
    else await Promise.all(Array.from({ length: atOnce }, (_, index) => once(operation, done + index)));
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / times;
}

await using aws = await startCannedAws();
await using contenders = await createContenders(aws.url);
const { all } = contenders;
const spent = new Map<string, number[]>();
const figures = (name: string, operation: Operation) => {
  const key = `${name} ${operation}`;
  const known = spent.get(key) ?? [];
  spent.set(key, known);
  return known;
};
for (const operation of operations) for (const contender of all) await spend(contender, operation, warmUp);
for (let round = 0; round < rounds; round += 1) {
  for (const operation of operations) {
    for (const contender of all) figures(contender.name, operation).push(await spend(contender, operation, calls));
  }
}

/** Of the rounds' differences, as the machine is another in each round. */
const added = (name: string, to: string, operation: Operation) => {
  const base = figures(to, operation);
  return median(figures(name, operation).map((figure, round) => figure - (base[round] ?? Number.NaN)));
};
const micros = (figure: number) => (figure < 10 ? figure.toFixed(2) : figure.toFixed(0));
const row = (title: string, figure: (operation: Operation) => number) => {
  const cells = operations.map((operation) => {
    const value = figure(operation);
    return `${micros(value)} | ${(value / median(figures(names.sdk, operation))).toPrecision(2)}`;
  });
  print(`| ${title} | ${cells.join(' | ')} |`);
};

const [cpu] = cpus();
print(
  `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${cpus().length} cores, ${cpu?.model.trim()}`,
);
print(`CPU of the calling process in µs, medians of ${rounds} rounds of ${calls} calls, ${atOnce} at a time`);
print('');
print(`| | ${operations.map((operation) => `${operation} | × SDK`).join(' | ')} |`);
print(`|---|${'--:|--:|'.repeat(operations.length)}`);
for (const { name } of all) row(name, (operation) => median(figures(name, operation)));
row('what the gateway adds to its client', (operation) => added(names.cold, names.client, operation));
