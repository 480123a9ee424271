// orgql beside the GraphQL servers that one could pick on Node, over the same schema and the same data in memory. See bench/README.md.
//
//   npm run bench -- [--rounds 3] [--seconds 2] [--connections 20] [--rows tiny,list] [--servers orgql,mercurius-jit]
import { installPeers } from './install.ts';
import { readOptions } from './options.ts';
import { startLoadProcess, startServerProcess } from './processes.ts';
import { heading, summary, table } from './report.ts';
import { Results } from './results.ts';
import { runRounds } from './rounds.ts';
import { targets } from './targets.ts';
import { verify } from './verify.ts';

const print = (line: string) => void process.stdout.write(`${line}\n`);
const options = readOptions(process.argv.slice(2));
const { contenders, rows } = options;

// Should anything fail from here on, this process ends, and the others with it.
if (contenders.some(({ kind }) => kind === 'peer')) installPeers();
const load = await startLoadProcess();
const results = new Results();
// What is never asked twice fills every cache of documents, and so has servers of its own.
for (const group of [rows.filter(({ renews }) => !renews), rows.filter(({ renews }) => renews)]) {
  if (group.length === 0) continue;
  const servers = await Promise.all(contenders.map(startServerProcess));
  const replies = await verify(servers, group);
  await runRounds({ ...options, rows: group }, { servers, load, replies }, results);
  await Promise.all(servers.map((server) => server.stop()));
}
await load.stop();

print(`${heading(options)}\n`);
for (const row of rows) print(table(row, contenders, results));
print(summary(rows, contenders, results));
for (const { text, met } of targets(rows, contenders, results)) print(`${met ? 'met   ' : 'MISSED'} ${text}`);
