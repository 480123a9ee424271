// Measures the upstream cost of queries, in calls and seconds, beside the theoretical minimum, a script with the SDK,
// and a GraphQL server with a resolver per field. Each has its own simulated organization, with AWS's documented rates
// and 100 ms latency.
//
//   npm run bench:upstream -- [--scale 1] [--only tree] [--limit 300] [--latency 100]
import { parseArgs } from 'node:util';
import { type Contender, gateway, naive, patientScript, script } from './contenders.ts';
import { minimum } from './minimum.ts';
import { type Row, rows } from './rows.ts';
import { type RunningWorld, startWorld } from './simulator-process.ts';

const { values } = parseArgs({
  options: {
    /** 1 is 10,000 accounts in 1,000 units, tags of 200 accounts, and 100 handshakes. */
    scale: { type: 'string', default: '1' },
    /** Runs only rows whose title contains this text. */
    only: { type: 'string', default: '' },
    /** Time limit of the other contenders per row, in seconds. */
    limit: { type: 'string', default: '300' },
    /** In ms. */
    latency: { type: 'string', default: '100' },
  },
});
const scale = Number(values.scale);
const latencyMs = Number(values.latency);
const limitMs = Number(values.limit) * 1000;
const size = {
  accounts: Math.max(40, Math.round(10_000 * scale)),
  tagged: Math.min(200, Math.max(20, Math.round(10_000 * scale))),
  handshakes: Math.max(20, Math.round(100 * Math.min(1, scale * 10))),
  policies: 10,
};

interface Result {
  readonly calls: number;
  readonly seconds: number;
  readonly throttled: number;
  readonly errors: readonly string[];
  /** Whether the contender reached its time limit. */
  readonly unfinished: boolean;
}

async function measure(row: Row, world: RunningWorld, contender: Contender, limit: number): Promise<Result> {
  const started = performance.now();
  const over = new AbortController();
  const work = Promise.all(Array.from({ length: row.clients }, () => contender.run(row)));
  const timer = new Promise<undefined>((resolve) => {
    const timeout = setTimeout(() => resolve(undefined), Math.min(limit, 2 ** 31 - 1));
    over.signal.addEventListener('abort', () => clearTimeout(timeout));
  });
  const errors = await Promise.race([work, timer]);
  over.abort();
  const seconds = (performance.now() - started) / 1000;
  const { calls, throttled } = await world.counted();
  return { calls, seconds, throttled, errors: errors?.flat() ?? [], unfinished: errors === undefined };
}

async function race(row: Row, make: (url: string) => Promise<Contender>, limit: number) {
  await using world = await startWorld(size, latencyMs);
  const contender = await make(world.url);
  const result = await measure(row, world, contender, limit);
  await contender[Symbol.asyncDispose]();
  return { ...result, least: minimum(row.least(world.census), latencyMs) };
}

const cell = ({ calls, seconds, throttled, errors, unfinished }: Result): string =>
  `${calls} calls, ${unfinished ? '> ' : ''}${seconds.toFixed(1)} s${throttled > 0 ? `, ${throttled} throttled` : ''}${errors.length > 0 ? `, ${errors.length} errors (${errors[0]?.slice(0, 60)})` : ''}`;

const print = (line: string) => void process.stdout.write(`${line}\n`);

print(`${size.accounts} accounts, ${latencyMs} ms latency, AWS's documented throttles\n`);
print(
  '| query | least | orgql | ratio | SDK script, default retries | SDK script, adaptive retries | resolver per field |',
);
print('|---|---|---|---|---|---|---|');
for (const row of rows(size).filter(({ title }) => title.includes(values.only))) {
  const { least, ...own } = await race(row, gateway, Number.POSITIVE_INFINITY);
  const others: Result[] = [];
  for (const other of [script, patientScript, naive]) others.push(await race(row, other, limitMs));
  const ratio = `${(own.calls / least.calls).toFixed(2)} calls, ${(own.seconds / least.seconds).toFixed(2)} time`;
  const columns = [
    row.title,
    `${least.calls} calls, ${least.seconds.toFixed(1)} s`,
    cell(own),
    ratio,
    ...others.map(cell),
  ];
  print(`| ${columns.join(' | ')} |`);
}
// Contenders that reached their limit are still running.
process.exit();
