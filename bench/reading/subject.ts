import { spawn } from 'node:child_process';
import { on, once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';

const SUBSCRIPTION =
  'subscription { organizationHandshakeChanges { cursor type handshake { id state } previousState } }';

const ACCOUNT = '111111111111';

/** In ms. Longer than two consecutive queries take at AWS's rates. */
const CACHE_MS = 3_000;

/**
 * In ms. The gateway checks open requests each second, and stops when there are none. Those checks are not part of an
 * event.
 */
const CHECKS_END_MS = 1_100;

/** A gateway with nearly default settings in this process, over a simulator in another. */
export interface Subject extends AsyncDisposable {
  /** Waits until the cache is empty. */
  expireCache(): Promise<void>;
  /** Sends a query over a keep-alive connection. */
  post(query: string): Promise<unknown>;
  openSocket(): Promise<void>;
  queryOnSocket(query: string): Promise<unknown>;
  /** Resolves when a subscription on the socket has received its initial snapshot. */
  subscribe(): Promise<void>;
  /**
   * Changes a handshake in AWS. Resolves when a poll has found the change and the subscription has received the event.
   */
  causeEvent(): Promise<unknown>;
}

export async function startSubject(): Promise<Subject> {
  const simulator = await startSimulator();
  const { createGateway } = await import('../../src/gateway.ts');
  const { configSchema } = await import('../../src/config/index.ts');
  const gateway = await createGateway(
    configSchema.parse({
      port: 0,
      principals: [
        {
          name: 'partner',
          region: 'us-east-1',
          endpoint: simulator.url,
          credentials: { type: 'static', accessKeyId: ACCOUNT, secretAccessKey: 'not looked at' },
        },
      ],
      upstream: { cacheMs: CACHE_MS, limits: { ListHandshakesForOrganization: { rate: 100, burst: 100 } } },
      // The poll follows the change soon, so that no other timers fire in between.
      watch: { minIntervalMs: 100, maxIntervalMs: 100 },
      log: { level: 'warn' },
    }),
  );
  const post = async (query: string) => {
    const headers = { 'content-type': 'application/json', accept: 'application/json' };
    const response = await fetch(gateway.url, { method: 'POST', headers, body: JSON.stringify({ query }) });
    return dataOf(await response.json());
  };
  let socket: WebSocket;
  const send = (message: object) => socket.send(JSON.stringify(message));
  /** Returns the next message on the socket that `matches`. */
  const message = async (matches: (text: string) => boolean) => {
    for await (const [data] of on(socket, 'message')) if (matches(String(data))) return JSON.parse(String(data));
  };
  const query = async (id: string, text: string) => {
    const answered = message((each) => each.includes('"next"') || each.includes('"error"'));
    send({ id, type: 'subscribe', payload: { query: text } });
    return dataOf((await answered).payload);
  };
  return {
    post,
    expireCache: () => sleep(CACHE_MS + 100),
    async openSocket() {
      socket = new WebSocket(gateway.url.replace('http', 'ws'), 'graphql-transport-ws', { perMessageDeflate: false });
      await once(socket, 'open');
      const acknowledged = message((each) => each.includes('"connection_ack"'));
      send({ type: 'connection_init' });
      await acknowledged;
      await query('warm-up', '{ viewer { caller } }');
    },
    queryOnSocket: (text) => query('query', text),
    async subscribe() {
      const bookmark = message((each) => each.includes('"BOOKMARK"'));
      send({ id: 'subscription', type: 'subscribe', payload: { query: SUBSCRIPTION } });
      await bookmark;
      await sleep(CHECKS_END_MS);
    },
    async causeEvent() {
      const event = message((each) => each.includes('"ADDED"'));
      await invite(simulator.url);
      return dataOf((await event).payload);
    },
    async [Symbol.asyncDispose]() {
      socket?.close();
      await gateway.close();
      simulator.stop();
    },
  };
}

async function startSimulator() {
  const main = fileURLToPath(new URL('../../src/main.js', import.meta.url));
  const options = ['simulate', '--port', '0', '--seed', 'demo'];
  const child = spawn(process.execPath, [main, ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface(child.stdout)) {
    const url = /ready at (\S+)/.exec(line)?.[1];
    if (url !== undefined) return { url, stop: () => void child.kill() };
  }
  throw new Error('the simulator did not start');
}

/** Calls AWS like any other client. */
async function invite(simulatorUrl: string): Promise<void> {
  const response = await fetch(simulatorUrl, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AWSOrganizationsV20161128.InviteAccountToOrganization',
      'x-amz-date': '20260101T000000Z',
      authorization: `AWS4-HMAC-SHA256 Credential=${ACCOUNT}/20260101/us-east-1/organizations/aws4_request, SignedHeaders=host;x-amz-date, Signature=00`,
    },
    body: JSON.stringify({ Target: { Type: 'EMAIL', Id: 'new.customer@example.com' } }),
  });
  if (!response.ok) throw new Error(`HTTP ${response.status} ${await response.text()}`);
}

function dataOf(answer: unknown): unknown {
  const { data, errors } = answer as { data?: unknown; errors?: unknown };
  if (errors !== undefined || !data) throw new Error(`an error: ${JSON.stringify(answer)}`);
  return data;
}
