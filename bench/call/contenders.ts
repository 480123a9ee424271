import { Agent, request } from 'node:http';
import * as sdk from '@aws-sdk/client-organizations';
import { configSchema } from '../../src/config.ts';
import { createPrincipals, type Principal } from '../../src/principal/index.ts';
import { startMetrics } from '../../src/server/index.ts';
import { Client } from '../../src/upstream/client.ts';
import { createUpstream, type Input, type MeteredUpstream } from '../../src/upstream/index.ts';
import { Stop } from '../../src/upstream/stop.ts';
import { createWatcher } from '../../src/watcher/index.ts';

export const operations = ['DescribeAccount', 'ListAccounts'] as const;
export type Operation = (typeof operations)[number];

/** One way to get an answer. */
export interface Contender {
  readonly name: string;
  /** Whether it goes over the wire. */
  readonly calls: boolean;
  /** `number`: no two at a time have the same. */
  readonly once: (operation: Operation, number: number) => unknown;
}

export interface Contenders extends AsyncDisposable {
  readonly all: readonly Contender[];
}

export const names = {
  http: '`node:http`, kept alive, the same bytes',
  sdk: 'the SDK, as everybody calls it',
  sdkCached: 'the SDK with `cacheMiddleware`',
  client: "the gateway's client",
  cold: "the gateway: a session's read that calls",
  cached: "the gateway: a session's read of the cache",
  again: "the gateway: a session's second read",
  known: 'the gateway: what a session knows, without a promise',
  open: 'the gateway: a session that reads nothing',
} as const;

const region = 'us-east-1';
const credentials = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};

const inputs: { readonly [O in Operation]: (number: number) => Input<O> } = {
  DescribeAccount: (number) => ({ AccountId: String(100_000_000_000 + number) }),
  ListAccounts: (number) => ({ MaxResults: 20, NextToken: `t${number}` }),
};

export async function createContenders(url: string): Promise<Contenders> {
  const config = configSchema.parse({
    principals: [
      {
        name: 'bench',
        endpoint: url,
        region,
        accountId: '111111111111',
        credentials: { type: 'static', ...credentials },
      },
    ],
    // The budget as it is wired by default, with limits that nobody reaches.
    upstream: { limits: Object.fromEntries(operations.map((name) => [name, { rate: 1e6, burst: 1e6 }])) },
    metrics: { port: 0 },
  });
  const [principal] = createPrincipals(config);
  if (principal === undefined || config.metrics === undefined) throw new Error('the configuration has no principal');
  const closers: (() => unknown)[] = [];
  const metered = async (cacheMs: number) => {
    const upstream = createUpstream({ ...config.upstream, cacheMs });
    const watcher = createWatcher(upstream, config.watch);
    const metrics = config.metrics && (await startMetrics(config.metrics, { upstream, watcher }));
    closers.push(
      () => watcher.close(),
      () => upstream.close(),
      () => metrics?.close(),
    );
    return upstream;
  };
  const cold = await metered(0);
  const warm = await metered(1e9);
  const plain = plainHttp(url);
  const bare = new sdk.OrganizationsClient({ region, credentials, endpoint: url });
  const cached = new sdk.OrganizationsClient({ region, credentials, endpoint: url, cacheMiddleware: true });
  const own = new Client(principal);
  closers.push(
    () => plain.close(),
    () => bare.destroy(),
    () => cached.destroy(),
    () => own.close(),
  );
  const session = open(warm, principal);
  for (const operation of operations) await session.read(operation, inputs[operation](0));
  return {
    all: [
      { name: names.http, calls: true, once: plain.once },
      { name: names.sdk, calls: true, once: viaSdk(bare) },
      { name: names.sdkCached, calls: true, once: viaSdk(cached) },
      {
        name: names.client,
        calls: true,
        once: (operation, number) => own.send(operation, inputs[operation](number), new Stop()),
      },
      {
        name: names.cold,
        calls: true,
        once: (operation, number) => open(cold, principal).read(operation, inputs[operation](number)),
      },
      {
        name: names.cached,
        calls: false,
        once: (operation) => open(warm, principal).read(operation, inputs[operation](0)),
      },
      { name: names.again, calls: false, once: (operation) => session.read(operation, inputs[operation](0)) },
      { name: names.known, calls: false, once: (operation) => session.known(operation, inputs[operation](0)) },
      { name: names.open, calls: false, once: () => open(warm, principal) },
    ],
    async [Symbol.asyncDispose]() {
      for (const close of closers) await close();
    },
  };
}

/** Of a client that stays. The deadline of the session that is read again and again is not the bench's. */
const { signal } = new AbortController();
const open = (upstream: MeteredUpstream, principal: Principal) =>
  upstream.session(principal, { signal, deadlineMs: 3_600_000 });

function viaSdk(client: sdk.OrganizationsClient): Contender['once'] {
  return (operation, number) =>
    operation === 'DescribeAccount'
      ? client.send(new sdk.DescribeAccountCommand(inputs[operation](number)))
      : client.send(new sdk.ListAccountsCommand(inputs[operation](number)));
}

/** What the same exchange costs without an SDK: a request with as many headers of the same lengths, and its answer parsed. */
function plainHttp(url: string) {
  const agent = new Agent({ keepAlive: true });
  const { hostname, port } = new URL(url);
  const once = (operation: Operation, number: number) =>
    new Promise((resolve, reject) => {
      const body = JSON.stringify(inputs[operation](number));
      const headers = {
        'content-type': 'application/x-amz-json-1.1',
        'content-length': body.length,
        'x-amz-target': `AWSOrganizationsV20161128.${operation}`,
        'x-amz-date': '20260101T000000Z',
        'x-amz-content-sha256': '0'.repeat(64),
        'amz-sdk-invocation-id': '11111111-2222-3333-4444-555555555555',
        'amz-sdk-request': 'attempt=1; max=1',
        'user-agent': 'u'.repeat(120),
        'x-amz-user-agent': 'u'.repeat(24),
        authorization: 's'.repeat(280),
      };
      const sent = request({ agent, hostname, port, method: 'POST', path: '/', headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString())));
        response.once('error', reject);
      });
      sent.once('error', reject);
      sent.end(body);
    });
  return { once, close: () => agent.destroy() };
}
