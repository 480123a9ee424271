// orgql beside the GraphQL servers that one could pick on Node, over the same schema and the same data in memory. See bench/README.md.
//
//   npm run bench -- [--rounds 3] [--seconds 2] [--connections 20] [--rows tiny,list] [--servers orgql,mercurius-jit]
import { installPeers } from './install.ts';
import { measure } from './measure.ts';
import { readOptions } from './options.ts';
import { type LoadProcess, type ServerProcess, startLoadProcess, startServerProcess } from './processes.ts';
import { heading, table } from './report.ts';
import { Results } from './results.ts';
import type { Row } from './rows.ts';
import { targets } from './targets.ts';
import { type Replies, verify } from './verify.ts';

/** Before the first round and before each other, as shares of a round. */
const WARM_UP = { first: 0.5, later: 0.15 };

const print = (line: string) => void process.stdout.write(`${line}\n`);
const options = readOptions(process.argv.slice(2));
const { contenders, rounds } = options;

async function measureAll(servers: readonly ServerProcess[], load: LoadProcess, replies: Replies): Promise<Results> {
  const results = new Results();
  for (let round = 0; round < rounds; round += 1) {
    for (const row of options.rows) {
      // Nobody is always the first, or always behind the same one.
      for (const server of rotated(servers, round)) {
        const { kind, rows = [row.name] } = server.contender;
        if (!rows.includes(row.name)) continue;
        if (kind === 'fixed') await server.setReply(replies.get(row.name) ?? '');
        await warmUp(load, server, row, round);
        results.add(row.name, server.contender.name, await measure(load, { server, row, ...options }));
      }
    }
    process.stderr.write(`round ${round + 1} of ${rounds} is over\n`);
  }
  return results;
}

async function warmUp(load: LoadProcess, server: ServerProcess, row: Row, round: number): Promise<void> {
  const seconds = options.seconds * (round === 0 ? WARM_UP.first : WARM_UP.later);
  await measure(load, { server, row, connections: options.connections, seconds });
}

const rotated = <T>(all: readonly T[], by: number): readonly T[] => [
  ...all.slice(by % all.length),
  ...all.slice(0, by % all.length),
];

if (contenders.some(({ kind }) => kind === 'peer')) installPeers();
const load = await startLoadProcess();
const servers = await Promise.all(contenders.map(startServerProcess));
try {
  const replies = await verify(servers, options.rows);
  const results = await measureAll(servers, load, replies);
  print(heading(options));
  print('');
  for (const row of options.rows) print(table(row, contenders, results));
  for (const { text, met } of targets(options.rows, contenders, results)) print(`${met ? 'met   ' : 'MISSED'} ${text}`);
} finally {
  await Promise.all([load, ...servers].map((each) => each.stop()));
}
