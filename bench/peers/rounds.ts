import { Measuring } from './measure.ts';
import type { Options } from './options.ts';
import { type LoadProcess, type ServerProcess, startServerProcess } from './processes.ts';
import type { Results } from './results.ts';
import type { Row } from './rows.ts';
import { type Replies, verify } from './verify.ts';

/** How long every server is warmed up with every row before a round, and again before each turn, in measurements. New documents are slow to be compiled for. */
const WARM_UP = { first: 1, firstRenewed: 2, again: 0.1 };

/** Of a measurement: others have theirs in between. A machine that is shared is slow for some seconds, and then for nobody alone. With shorter turns it is measured how a process wakes up. */
const TURNS = 3;

/** Requests of a measurement, at least, where each is another. */
const LEAST_RENEWED = 1_000;

/**
 * One round, with servers of its own: what V8 makes of the same code differs from process to process, by as much as some servers do. It takes every
 * row, and for each row every server in turns, so that what slows the machine down for a while slows all of them down.
 */
export async function runRound(round: number, options: Options, load: LoadProcess, results: Results): Promise<void> {
  const servers = await Promise.all(options.contenders.map(startServerProcess));
  const replies = await verify(servers, options.rows);
  const turn: Turn = { options, load, replies, servers: rotated(servers, round) };
  // What is never asked twice fills every cache of documents, and so comes when nothing else does any more.
  for (const last of [false, true]) {
    const rows = options.rows.filter(({ renews = false }) => renews === last);
    await measureRows(turn, rows, results);
  }
  await Promise.all(servers.map((server) => server.stop()));
}

interface Turn {
  readonly options: Options;
  readonly load: LoadProcess;
  /** What the fixed reply is, by row. */
  readonly replies: Replies;
  readonly servers: readonly ServerProcess[];
}

async function measureRows(turn: Turn, rows: readonly Row[], results: Results): Promise<void> {
  const { load, options, servers, replies } = turn;
  const { connections } = options;
  const warmUp = (server: ServerProcess, row: Row, share: number) =>
    new Measuring(load).turn({ server, row, connections, seconds: options.seconds * share });
  const fixReply = async ({ contender, setReply }: ServerProcess, row: Row) => {
    if (contender.kind === 'fixed') await setReply(replies.get(row.name) ?? '');
  };
  for (const row of rows) {
    for (const server of servers.filter(takesPart(row))) {
      await fixReply(server, row);
      await warmUp(server, row, row.renews ? WARM_UP.firstRenewed : WARM_UP.first);
    }
  }
  for (const row of rows) {
    const parts = servers.filter(takesPart(row)).map((server) => ({ server, measuring: new Measuring(load) }));
    const seconds = options.seconds / TURNS;
    const least = row.renews ? LEAST_RENEWED / TURNS : 1;
    for (const { server } of parts) await fixReply(server, row);
    for (let time = 0; time < TURNS; time += 1) {
      for (const { server, measuring } of parts) {
        await warmUp(server, row, WARM_UP.again);
        await measuring.turn({ server, row, connections, seconds, least });
      }
    }
    for (const { server, measuring } of parts) results.add(row.name, server.contender.name, measuring.measurement);
  }
}

const takesPart =
  (row: Row) =>
  ({ contender: { rows = [row.name] } }: ServerProcess): boolean =>
    rows.includes(row.name);

/** Nobody is always the first, or always behind the same one. */
const rotated = <T>(all: readonly T[], by: number): readonly T[] => [
  ...all.slice(by % all.length),
  ...all.slice(0, by % all.length),
];
