import type { LoadProcess, ServerProcess } from './processes.ts';
import type { Row } from './rows.ts';
import { authorization } from './settings.ts';
import { SAMPLES } from './verify.ts';

/** What one server did with one row in one round. */
export interface Measurement {
  readonly perSecond: number;
  /** In ms. */
  readonly p50: number;
  readonly p99: number;
  /** CPU time of the server's process, in µs. */
  readonly cpuPerRequest: number;
  /** The share of a core that the load's process took: near 1, it was the load that was at its limit, and not the server. */
  readonly loadShare: number;
}

export interface MeasureOptions {
  readonly server: ServerProcess;
  readonly row: Row;
  readonly connections: number;
  readonly seconds: number;
  /** Requests at least, however long they take. Default 1. */
  readonly least?: number;
}

/** No server gets a request of such a row twice, whatever it is for. */
let renewed = SAMPLES;

/** Sends the row's requests to the server for so many seconds. */
export async function measure(
  load: LoadProcess,
  { server, row, connections, seconds, least = 1 }: MeasureOptions,
): Promise<Measurement> {
  const cpuBefore = await server.cpuSeconds();
  const report = await load.run({
    port: server.port,
    row: row.name,
    connections,
    seconds,
    least,
    from: renewed,
    authorization: server.contender.apiKeys && authorization,
  });
  if (row.renews) renewed += report.requests;
  const cpu = (await server.cpuSeconds()) - cpuBefore;
  return {
    perSecond: report.requests / report.seconds,
    p50: report.p50,
    p99: report.p99,
    cpuPerRequest: (cpu / report.requests) * 1e6,
    loadShare: report.cpuSeconds / report.seconds,
  };
}
