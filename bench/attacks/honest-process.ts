// A well-behaved client with an address of its own: it sends queries on keep-alive and new connections and over
// WebSockets, and reads /health.
import { Agent, type IncomingMessage, request } from 'node:http';
import { WebSocket } from 'ws';
import { serveParent } from './child.ts';

export interface HonestReport {
  readonly requests: number;
  /** In ms. */
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  readonly failures: readonly string[];
}

const [url = '', key = ''] = process.argv.slice(2);
const localAddress = '127.0.0.2';
/**
 * Interval of requests, in ms. It does not wait for responses, which would hide the latency of the requests in between.
 */
const EVERY_MS = 40;
/** With more pending requests, new ones are not sent but counted as failed. */
const MAX_IN_FLIGHT = 100;
/** Number of unmeasured requests at the start, while code is compiled. */
const WARM_UP = 40;
/** Timeout of a request, in ms. */
const LOST_MS = 10_000;

const queries = [
  '{ viewer { principal { name } } }',
  '{ organization { id accounts(first: 20) { nodes { id name } } } }',
  '{ organization { roots { nodes { id name } } } }',
];
const authorization: Record<string, string> = key === '' ? {} : { authorization: `Bearer ${key}` };
const kept = new Agent({ keepAlive: true, maxSockets: 4, localAddress });

let times: number[] = [];
let failures: string[] = [];

function send(path: string, body: string | undefined, agent: Agent | false): Promise<string> {
  const headers = body === undefined ? {} : { ...authorization, 'content-type': 'application/json' };
  const options = { method: body === undefined ? 'GET' : 'POST', headers, agent, localAddress };
  return new Promise((resolve, reject) => {
    const outgoing = request(new URL(path, url), options, async (response: IncomingMessage) => {
      try {
        let text = '';
        for await (const chunk of response.setEncoding('utf8')) text += chunk;
        if (response.statusCode === 200) resolve(text);
        else reject(new Error(`status ${response.statusCode}: ${text.slice(0, 200)}`));
      } catch (error) {
        reject(error);
      }
    });
    outgoing.setTimeout(LOST_MS, () => outgoing.destroy(new Error('no answer')));
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

async function query(agent: Agent | false, turn: number): Promise<void> {
  const text = await send('/graphql', JSON.stringify({ query: queries[turn % queries.length] }), agent);
  if (!text.startsWith('{"data":{') || text.includes('"errors"')) throw new Error(text.slice(0, 200));
}

function overWebSocket(turn: number): Promise<void> {
  const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws', { localAddress });
  const send = (message: object) => socket.send(JSON.stringify(message));
  return new Promise<void>((resolve, reject) => {
    const lost = setTimeout(() => reject(new Error('no answer over a WebSocket')), LOST_MS);
    socket.on('error', reject);
    socket.on('close', (code) => reject(new Error(`WebSocket closed with ${code}`)));
    socket.on('open', () => send({ type: 'connection_init', payload: authorization }));
    socket.on('message', (data) => {
      const { type, payload } = JSON.parse(data.toString());
      if (type === 'connection_ack')
        send({ id: '1', type: 'subscribe', payload: { query: queries[turn % queries.length] } });
      else if (type === 'next' && payload.data && !payload.errors) resolve();
      else reject(new Error(data.toString().slice(0, 200)));
    });
    socket.once('close', () => clearTimeout(lost));
  }).finally(() => socket.terminate());
}

async function timed(kind: string, does: () => Promise<unknown>): Promise<void> {
  const sentAt = performance.now();
  await does().catch((error: unknown) => failures.push(`${kind}: ${String(error)}`));
  times.push(performance.now() - sentAt);
}

async function one(turn: number): Promise<void> {
  if (turn % 20 === 19) await timed('WebSocket', () => overWebSocket(turn));
  else if (turn % 10 === 9) await timed('/health', () => send('/health', undefined, false));
  else if (turn % 5 === 4) await timed('new connection', () => query(false, turn));
  else await timed('kept connection', () => query(kept, turn));
}

function start(): void {
  let turn = 0;
  const inFlight = new Set<Promise<void>>();
  setInterval(() => {
    turn += 1;
    if (inFlight.size >= MAX_IN_FLIGHT) return void failures.push('not sent: too many are not answered');
    const sent = one(turn);
    inFlight.add(sent);
    void sent.then(() => inFlight.delete(sent));
  }, EVERY_MS);
}

for (let turn = 0; turn < WARM_UP; turn += 1) await one(turn);
times = [];
failures = [];
start();
serveParent({}, (): HonestReport => {
  const sorted = times.sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  const report = { requests: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1), failures };
  times = [];
  failures = [];
  return report;
});
