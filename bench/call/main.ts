// What a call to AWS costs the process that makes it, in CPU: over plain HTTP, through the SDK's client as everybody builds it, and through the
// gateway, cold and warm. The server answers the same bytes from a process of its own, so that nothing but the caller is measured.
//
//   npm run bench:call -- [--rounds 7] [--calls 300]
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { startCannedAws } from './aws-process.ts';
import { type Contender, createContenders, type Operation, operations } from './contenders.ts';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '7' }, calls: { type: 'string', default: '300' } },
});
const rounds = Number(values.rounds);
const calls = Number(values.calls);
/** What needs no wire is so short that it takes more of them to be measured. */
const shorter = 50;

const print = (line: string) => void process.stdout.write(`${line}\n`);
const times = ({ calls: wire }: Contender) => calls * (wire ? 1 : shorter);

/** CPU of one, in µs. */
async function spend({ once }: Contender, operation: Operation, count: number): Promise<number> {
  const before = process.cpuUsage();
  for (let index = 0; index < count; index += 1) await once(operation);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

const median = (figures: readonly number[]) => figures.toSorted((a, b) => a - b)[figures.length >> 1] ?? Number.NaN;
const micros = (figure: number) => (figure < 10 ? figure.toFixed(2) : figure.toFixed(0));
const ratio = (figure: number) => figure.toPrecision(2);

await using aws = await startCannedAws();
await using contenders = await createContenders(aws.url);
const { all } = contenders;
const spent = new Map(
  all.map(({ name }) => [name, new Map(operations.map((operation) => [operation, [] as number[]]))]),
);
const medianOf = (name: string, operation: Operation) => median(spent.get(name)?.get(operation) ?? []);
// The first thousand compile code.
for (const contender of all) for (const operation of operations) await spend(contender, operation, times(contender));
for (let round = 0; round < rounds; round += 1) {
  for (const operation of operations) {
    for (const contender of all) {
      spent
        .get(contender.name)
        ?.get(operation)
        ?.push(await spend(contender, operation, times(contender)));
    }
  }
}

const [first] = cpus();
print(
  `CPU of the calling process in µs: median of ${rounds} interleaved rounds of ${calls} calls each, one at a time.`,
);
print(
  `Node ${process.version}, ${cpus().length} × ${first?.model ?? 'unknown'}, ${new Date().toISOString().slice(0, 10)}`,
);
print('');
print(`| | ${operations.map((operation) => `${operation} | of the bare SDK's`).join(' | ')} |`);
print(`|---|${'---:|---:|'.repeat(operations.length)}`);
const bare = 'SDK client as everybody builds it';
for (const { name } of all) {
  const figures = operations.map((operation) => {
    const figure = medianOf(name, operation);
    return `${micros(figure)} | ${ratio(figure / medianOf(bare, operation))}`;
  });
  print(`| ${name} | ${figures.join(' | ')} |`);
}
const added = operations.map((operation) => {
  const figure =
    medianOf('the gateway: session and cold read', operation) - medianOf("the gateway's client", operation);
  return `${micros(figure)} | ${ratio(figure / medianOf(bare, operation))}`;
});
print(`| what the gateway adds to its client's cold call | ${added.join(' | ')} |`);
