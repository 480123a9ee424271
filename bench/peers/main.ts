// Measures orgql beside the GraphQL servers for Node, with the same schema and the same data in memory. See
// bench/README.md.
//
//   npm run bench -- [--rounds 5] [--seconds 1] [--connections 20] [--rows tiny,list] [--servers mercurius-jit,yoga]
import { installPeers } from './install.ts';
import { readOptions } from './options.ts';
import { startLoadProcess } from './processes.ts';
import { heading, summary, table } from './report.ts';
import { Results } from './results.ts';
import { runRound } from './rounds.ts';
import { targets } from './targets.ts';

const print = (line: string) => void process.stdout.write(`${line}\n`);
const options = readOptions(process.argv.slice(2));
const { others, rows } = options;

// If anything fails from here on, this process ends, and its child processes with it.
if (others.some(({ kind }) => kind === 'peer')) installPeers();
const load = await startLoadProcess();
const results = new Results();
for (let round = 0; round < options.rounds; round += 1) {
  await runRound(round, options, load, results);
  process.stderr.write(`round ${round + 1} of ${options.rounds} is over\n`);
}
await load.stop();

print(`${heading(options)}\n`);
for (const row of rows) print(table(row, others, results));
print(summary(rows, others, results));
for (const { text, met } of targets(rows, others, results)) print(`${met ? 'met   ' : 'MISSED'} ${text}`);
