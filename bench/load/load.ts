import { Agent, request } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Vitals } from './process.ts';
import { lateness } from './serve.ts';

export interface LoadOptions {
  readonly url: string;
  readonly documents: readonly string[];
  /** Each on a connection of its own, which is kept. */
  readonly clients: number;
  readonly seconds: number;
  /** Rejects when the server has gone: nobody answers then, and the load is over. */
  readonly ended: Promise<never>;
}

export interface LoadReport {
  readonly requests: number;
  readonly perSecond: number;
  /** From sending a request to the end of its answer, in ms. */
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** From the first client's connection to the last one's first answer, in ms: Node accepts one connection in a turn of the event loop. */
  readonly connectedAfter: number;
  /** How late the clients' own event loop was, in ms: they share it, and measure it with every answer. */
  readonly delay: Vitals['delay'];
  /** Answers with errors, by their code. */
  readonly errors: ReadonlyMap<string, number>;
  /** What was no well-formed answer, and no well-formed error: none is allowed. */
  readonly malformed: readonly string[];
  /** Of all requests, for whoever wants to know why. */
  readonly slowest: { readonly document: string; readonly answer: string } | undefined;
}

/** A request without an answer after this long is lost, in ms. */
const LOST_MS = 20_000;

/** Every client connects; when all have, each sends one request after the other, each another document, until the time is over. */
export async function load({ url, documents, clients, seconds, ended }: LoadOptions): Promise<LoadReport> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const times: number[] = [];
  const errors = new Map<string, number>();
  const malformed: string[] = [];
  let slowest: { tookMs: number; document: string; answer: string } | undefined;
  const delay = monitorEventLoopDelay({ resolution: 10 });
  const connectingAt = performance.now();
  let begunAt = connectingAt;
  let end = Number.POSITIVE_INFINITY;
  const client = async (number: number) => {
    for (let turn = number; performance.now() < end; turn += 1) {
      const sentAt = performance.now();
      const document = documents[turn % documents.length] ?? '';
      const answer = await ask(url, document, agent).catch(String);
      const tookMs = performance.now() - sentAt;
      times.push(tookMs);
      if (tookMs > (slowest?.tookMs ?? 0)) slowest = { tookMs, document, answer: JSON.stringify(answer).slice(0, 300) };
      const codes = typeof answer === 'string' ? undefined : codesOf(answer.status, answer.text);
      if (codes === undefined) malformed.push(typeof answer === 'string' ? answer : answer.text.slice(0, 200));
      for (const code of new Set(codes)) errors.set(code, (errors.get(code) ?? 0) + 1);
    }
  };
  const all = (each: (number: number) => Promise<unknown>) =>
    Promise.race([Promise.all(Array.from({ length: clients }, (_, number) => each(number))), ended]);
  try {
    await all(() => ask(url, '{ __typename }', agent));
    begunAt = performance.now();
    end = begunAt + seconds * 1_000;
    delay.enable();
    await all(client);
  } finally {
    agent.destroy();
    delay.disable();
  }
  const tookMs = performance.now() - begunAt;
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return {
    requests: times.length,
    perSecond: (times.length / tookMs) * 1_000,
    p50: at(0.5),
    p99: at(0.99),
    max: at(1),
    connectedAfter: begunAt - connectingAt,
    delay: lateness(delay),
    errors,
    malformed,
    slowest,
  };
}

function ask(url: string, query: string, agent: Agent): Promise<{ status: number; text: string }> {
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: 'POST', headers, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
      response.on('error', reject);
    });
    outgoing.setTimeout(LOST_MS, () => outgoing.destroy(new Error(`no answer within ${LOST_MS} ms to ${query}`)));
    outgoing.on('error', reject);
    outgoing.end(JSON.stringify({ query }));
  });
}

/** The codes of an answer's errors; undefined for what is no answer as GraphQL has them, or has an error without a code or a masked one. */
function codesOf(status: number, text: string): string[] | undefined {
  let answer: { data?: object | null; errors?: { message?: unknown; extensions?: { code?: unknown } }[] };
  try {
    answer = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { data, errors = [] } = answer;
  if (status !== 200 || (!data && errors.length === 0)) return undefined;
  const codes = errors.map(({ message, extensions }) => (typeof message === 'string' ? extensions?.code : undefined));
  const isCode = (code: unknown) => typeof code === 'string' && code !== 'INTERNAL_SERVER_ERROR';
  return codes.every(isCode) ? codes.map(String) : undefined;
}
