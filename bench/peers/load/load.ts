import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import { rows } from '../rows.ts';
import type { Answer } from './answer-reader.ts';
import { runConnection } from './connection.ts';
import { requestBytes } from './request-bytes.ts';

export interface LoadOptions {
  readonly port: number;
  readonly row: string;
  readonly connections: number;
  readonly seconds: number;
  /** Minimum number of requests, regardless of their time. */
  readonly least: number;
  /** Number of the first request, if requests are unique. */
  readonly from: number;
  readonly authorization?: string | undefined;
  /** True in all but the first turn of a measurement: p50 and p99 then cover all turns. */
  readonly goesOn?: boolean | undefined;
}

export interface LoadReport {
  readonly requests: number;
  readonly seconds: number;
  /** Latency from sending a request to the end of its response, in ms. */
  readonly p50: number;
  readonly p99: number;
  /** CPU time of this process, in s. Near `seconds`, this process was the bottleneck. */
  readonly cpuSeconds: number;
}

const newHistogram = () => createHistogram({ lowest: 1, highest: 60_000_000, figures: 3 });
/** By port and row. */
const histograms = new Map<string, RecordableHistogram>();

/** Sends requests in sequence on each connection until the time is over. Rejects at the first unexpected response. */
export async function load(options: LoadOptions): Promise<LoadReport> {
  const { port, connections, seconds, least, authorization } = options;
  const row = rows.find(({ name }) => name === options.row);
  if (row === undefined) throw new Error(`there is no row ${options.row}`);
  const bytesOf = (number: number) => requestBytes(port, row.request(number), authorization);
  const only = row.renews ? undefined : bytesOf(0);
  const series = `${port} ${row.name}`;
  const histogram = (options.goesOn && histograms.get(series)) || newHistogram();
  histograms.set(series, histogram);
  let sent = 0;
  let answered = 0;
  let failed = false;
  const cpuBefore = process.cpuUsage();
  const begunAt = performance.now();
  const end = begunAt + seconds * 1_000;
  await Promise.all(
    Array.from({ length: connections }, () =>
      runConnection({
        port,
        next: () => {
          if (failed || (sent >= least && performance.now() >= end)) return undefined;
          sent += 1;
          return only ?? bytesOf(options.from + sent);
        },
        onAnswer: (answer, tookMs) => {
          refuseFault(answer);
          answered += 1;
          histogram.record(Math.max(1, Math.round(tookMs * 1_000)));
        },
      }).catch((error: unknown) => {
        failed = true;
        throw error;
      }),
    ),
  );
  const tookSeconds = (performance.now() - begunAt) / 1_000;
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    requests: answered,
    seconds: tookSeconds,
    p50: histogram.percentile(50) / 1_000,
    p99: histogram.percentile(99) / 1_000,
    cpuSeconds: (user + system) / 1e6,
  };
}

const dataFirst = Buffer.from('{"data":{');
const errors = Buffer.from('"errors"');

function refuseFault({ status, body }: Answer): void {
  if (status === 200 && body.subarray(0, dataFirst.length).equals(dataFirst) && !body.includes(errors)) return;
  throw new Error(`answer with status ${status}: ${body.subarray(0, 500)}`);
}
