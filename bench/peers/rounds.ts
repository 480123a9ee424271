import { type Contender, orgql } from './contender.ts';
import { Measuring } from './measure.ts';
import type { Options } from './options.ts';
import { type LoadProcess, type ServerProcess, startServerProcess } from './processes.ts';
import type { Pair, Results } from './results.ts';
import type { Row } from './rows.ts';
import { type Replies, verify } from './verify.ts';

/**
 * Warm-up of each server and row, in measurements, before a round and before each turn. New documents need more,
 * because they must be compiled.
 */
const WARM_UP = { first: 1, firstRenewed: 2, again: 0.1 };

/**
 * Turns per measurement, between which the other server has its own. On a shared machine, slow seconds then affect both
 * servers; with shorter turns, the wake-up of a process would dominate.
 */
const TURNS = 3;

/** Minimum number of requests in a measurement whose requests are all different. */
const LEAST_RENEWED = 1_000;

/**
 * Compares orgql with each other server, in pairs of new processes, because V8's optimizations of the same code differ
 * between processes. In a pair each server rests only during the other's turn; a long rest cools caches and shrinks
 * V8's young generation.
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

/** Measures each row on both servers in turns, so that disturbances of the machine affect both. */
async function runPair({ round, other, options, load, rows, results }: PairRun): Promise<void> {
  const servers = await Promise.all([startServerProcess(orgql), startServerProcess(other)]);
  const replies = await verify(servers, rows);
  const pair: ServerPair = { options, load, replies, servers, first: round % 2 };
  // Rows with unique requests fill every document cache, so they come last.
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
  /** The fixed reply, by row. */
  readonly replies: Replies;
  /** orgql's process and the other's. */
  readonly servers: readonly [ServerProcess, ServerProcess];
  /** Index of the server that starts. */
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

/** Rotates the order, so that no server is always first, or always after the same one. */
const rotated = <T>(all: readonly T[], by: number): readonly T[] => [
  ...all.slice(by % all.length),
  ...all.slice(0, by % all.length),
];
