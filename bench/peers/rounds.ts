import { measure } from './measure.ts';
import type { Options } from './options.ts';
import type { LoadProcess, ServerProcess } from './processes.ts';
import type { Results } from './results.ts';
import type { Row } from './rows.ts';
import type { Replies } from './verify.ts';

/** How long every server is warmed up with every row before the first round, and again before each measurement, as shares of a measurement. */
const WARM_UP = { first: 0.5, again: 0.1 };

/** Requests of a measurement, at least, where each is another. */
const LEAST_RENEWED = 1_000;

interface Parts {
  readonly servers: readonly ServerProcess[];
  readonly load: LoadProcess;
  /** What the fixed reply is, by row. */
  readonly replies: Replies;
}

/** Every round takes every row, and for each row every server, so that what slows the machine down for a while slows all of them down. */
export async function runRounds(options: Options, { servers, load, replies }: Parts, results: Results): Promise<void> {
  const { connections, seconds } = options;
  const warmUp = (server: ServerProcess, row: Row, share: number) =>
    measure(load, { server, row, connections, seconds: seconds * share });

  async function each(round: number, visit: (server: ServerProcess, row: Row) => Promise<unknown>): Promise<void> {
    for (const row of options.rows) {
      for (const server of rotated(servers, round)) {
        const { kind, rows = [row.name] } = server.contender;
        if (!rows.includes(row.name)) continue;
        if (kind === 'fixed') await server.setReply(replies.get(row.name) ?? '');
        await visit(server, row);
      }
    }
    process.stderr.write(round === 0 ? 'warmed up\n' : `round ${round} of ${options.rounds} is over\n`);
  }

  await each(0, (server, row) => warmUp(server, row, WARM_UP.first));
  for (let round = 1; round <= options.rounds; round += 1) {
    await each(round, async (server, row) => {
      await warmUp(server, row, WARM_UP.again);
      const least = row.renews ? LEAST_RENEWED : 1;
      results.add(row.name, server.contender.name, await measure(load, { server, row, connections, seconds, least }));
    });
  }
}

/** Nobody is always the first, or always behind the same one. */
const rotated = <T>(all: readonly T[], by: number): readonly T[] => [
  ...all.slice(by % all.length),
  ...all.slice(0, by % all.length),
];
