import type { LoadProcess, ServerProcess } from './processes.ts';
import type { Row } from './rows.ts';
import { authorization } from './settings.ts';
import { SAMPLES } from './verify.ts';

/** The result of one server in one row and round. */
export interface Measurement {
  readonly perSecond: number;
  /** In ms. */
  readonly p50: number;
  readonly p99: number;
  /** CPU time of the server's process, in µs. */
  readonly cpuPerRequest: number;
  /** Share of a core that the load's process used. Near 1, the load was the bottleneck and not the server. */
  readonly loadShare: number;
}

export interface MeasureOptions {
  readonly server: ServerProcess;
  readonly row: Row;
  readonly connections: number;
  readonly seconds: number;
  /** Minimum number of requests, regardless of their time. Default: 1. */
  readonly least?: number;
}

/** Number of the next unique request. A server never receives the same one twice. */
let renewed = SAMPLES;

/** A measurement that runs in turns, so that the other server can be measured in between. */
export class Measuring {
  readonly #load: LoadProcess;
  #requests = 0;
  #seconds = 0;
  #cpuSeconds = 0;
  #loadCpuSeconds = 0;
  #p50 = 0;
  #p99 = 0;

  constructor(load: LoadProcess) {
    this.#load = load;
  }

  /** Sends the row's requests to the server for `seconds`. */
  async turn({ server, row, connections, seconds, least = 1 }: MeasureOptions): Promise<void> {
    const cpuBefore = await server.cpuSeconds();
    const report = await this.#load.run({
      port: server.port,
      row: row.name,
      connections,
      seconds,
      least,
      from: renewed,
      authorization: server.contender.apiKeys && authorization,
      goesOn: this.#requests > 0,
    });
    this.#cpuSeconds += (await server.cpuSeconds()) - cpuBefore;
    if (row.renews) renewed += report.requests;
    this.#requests += report.requests;
    this.#seconds += report.seconds;
    this.#loadCpuSeconds += report.cpuSeconds;
    this.#p50 = report.p50;
    this.#p99 = report.p99;
  }

  get measurement(): Measurement {
    return {
      perSecond: this.#requests / this.#seconds,
      p50: this.#p50,
      p99: this.#p99,
      cpuPerRequest: (this.#cpuSeconds / this.#requests) * 1e6,
      loadShare: this.#loadCpuSeconds / this.#seconds,
    };
  }
}
