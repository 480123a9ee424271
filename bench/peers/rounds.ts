import { type Contender, orgql } from './contender.ts';
import { Measuring } from './measure.ts';
import type { Options } from './options.ts';
import { type LoadProcess, type ServerProcess, startServerProcess } from './processes.ts';
import type { Pair, Results } from './results.ts';
import type { Row } from './rows.ts';
import { type Replies, verify } from './verify.ts';

/** How long every server is warmed up with every row before a round, and again before each turn, in measurements. New documents are slow to be compiled for. */
const WARM_UP = { first: 1, firstRenewed: 2, again: 0.1 };

/** Turns of a measurement, alternating with the other server's, so that a slow phase of a shared machine affects both. Shorter turns would measure how a process wakes up. */
const TURNS = 3;

/** Requests of a measurement, at least, where each is another. */
const LEAST_RENEWED = 1_000;

/**
 * One round: orgql beside each of the others, pair after pair, with new processes for each, as V8's optimizations differ between processes.
 * In a pair, a server rests only for the other's turn. Longer rests would leave caches cold and V8's young generation small.
 */
export async function runRound(round: number, options: Options, load: LoadProcess, results: Results): Promise<void> {
  for (const other of rotated(options.others, round)) {
    const rows = options.rows.filter(({ name }) => other.rows?.includes(name) ?? true);
    if (rows.length > 0) await runPair({ round, other, options, load, rows, results });
  }
}

interface PairRun {
  readonly round: number;
  readonly other: Contender;
  readonly options: Options;
  readonly load: LoadProcess;
  readonly rows: readonly Row[];
  readonly results: Results;
}

/** Every row, and for each row both servers in turns, so that what slows the machine down for a while slows both down. */
async function runPair({ round, other, options, load, rows, results }: PairRun): Promise<void> {
  const servers = await Promise.all([startServerProcess(orgql), startServerProcess(other)]);
  const replies = await verify(servers, rows);
  const pair: ServerPair = { options, load, replies, servers, first: round % 2 };
  // What is never asked twice fills every cache of documents, and so comes when nothing else does any more.
  for (const last of [false, true]) {
    const now = rows.filter(({ renews = false }) => renews === last);
    for (const row of now) await warmUp(pair, row);
    for (const row of now) results.add(row.name, other.name, await measure(pair, row));
  }
  await Promise.all(servers.map((server) => server.stop()));
}

interface ServerPair {
  readonly options: Options;
  readonly load: LoadProcess;
  /** What the fixed reply is, by row. */
  readonly replies: Replies;
  /** orgql's, and the other's. */
  readonly servers: readonly [ServerProcess, ServerProcess];
  /** Which of the two begins. */
  readonly first: number;
}

async function warmUp({ load, options, servers, replies }: ServerPair, row: Row): Promise<void> {
  const seconds = options.seconds * (row.renews ? WARM_UP.firstRenewed : WARM_UP.first);
  for (const server of servers) {
    await fixReply(server, replies, row);
    await new Measuring(load).turn({ server, row, connections: options.connections, seconds });
  }
}

async function measure({ load, options, servers, replies, first }: ServerPair, row: Row): Promise<Pair> {
  const { connections, seconds } = options;
  const [orgql, other] = [new Measuring(load), new Measuring(load)];
  const turns = [
    { server: servers[0], measuring: orgql },
    { server: servers[1], measuring: other },
  ];
  const least = row.renews ? LEAST_RENEWED / TURNS : 1;
  for (const server of servers) await fixReply(server, replies, row);
  for (let time = 0; time < TURNS; time += 1) {
    for (const { server, measuring } of rotated(turns, first)) {
      await new Measuring(load).turn({ server, row, connections, seconds: seconds * WARM_UP.again });
      await measuring.turn({ server, row, connections, seconds: seconds / TURNS, least });
    }
  }
  return { orgql: orgql.measurement, other: other.measurement };
}

async function fixReply({ contender, setReply }: ServerProcess, replies: Replies, row: Row): Promise<void> {
  if (contender.kind === 'fixed') await setReply(replies.get(row.name) ?? '');
}

/** Rotates the order, so that no server is always first or always behind the same one. */
const rotated = <T>(all: readonly T[], by: number): readonly T[] => [
  ...all.slice(by % all.length),
  ...all.slice(0, by % all.length),
];
