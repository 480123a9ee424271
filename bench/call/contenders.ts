import { Agent, request } from 'node:http';
import * as sdk from '@aws-sdk/client-organizations';
import { configSchema } from '../../src/config.ts';
import { createPrincipals, type Principal } from '../../src/principal/index.ts';
import { startMetrics } from '../../src/server/index.ts';
import { Client } from '../../src/upstream/client.ts';
import { createUpstream, type Input, type MeteredUpstream } from '../../src/upstream/index.ts';
import { createWatcher } from '../../src/watcher/index.ts';

export const operations = ['DescribeAccount', 'ListAccounts'] as const;
export type Operation = (typeof operations)[number];

/** One way to get an answer. */
export interface Contender {
  readonly name: string;
  /** Whether it goes over the wire. */
  readonly calls: boolean;
  readonly once: (operation: Operation) => Promise<unknown> | unknown;
}

export interface Contenders extends AsyncDisposable {
  readonly all: readonly Contender[];
}

const inputs: { readonly [O in Operation]: Input<O> } = {
  DescribeAccount: { AccountId: '100000000001' },
  ListAccounts: { MaxResults: 20 },
};
const region = 'us-east-1';
const credentials = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
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
  const warm = createUpstream({ ...config.upstream, cacheMs: 1e9 });
  const cold = createUpstream({ ...config.upstream, cacheMs: 0 });
  const watchers = [warm, cold].map((upstream) => createWatcher(upstream, config.watch));
  const { metrics: at } = config;
  const metrics = await Promise.all(
    [warm, cold].map((upstream, index) => {
      const watcher = watchers[index];
      if (watcher === undefined) throw new Error('no watcher');
      return startMetrics(at, { upstream, watcher });
    }),
  );
  const plain = plainHttp(url);
  const bare = new sdk.OrganizationsClient({ region, credentials, endpoint: url });
  const cached = new sdk.OrganizationsClient({ region, credentials, endpoint: url, cacheMiddleware: true });
  const own = new Client(principal);
  return {
    all: [
      { name: 'node:http, keep-alive, the same bytes', calls: true, once: plain.once },
      { name: 'SDK client as everybody builds it', calls: true, once: viaSdk(bare) },
      { name: 'the same with `cacheMiddleware`', calls: true, once: viaSdk(cached) },
      {
        name: "the gateway's client",
        calls: true,
        once: (operation) => own.send(operation, inputs[operation], new AbortController().signal),
      },
      { name: 'the gateway: session and cold read', calls: true, once: viaGateway(cold, principal) },
      { name: 'the gateway: session and read from the cache', calls: false, once: viaGateway(warm, principal) },
      await fromMemo(warm, principal),
      { name: 'the gateway: a session that reads nothing', calls: false, once: () => open(warm, principal) },
    ],
    async [Symbol.asyncDispose]() {
      for (const client of [bare, cached]) client.destroy();
      plain.close();
      for (const watcher of watchers) await watcher.close();
      for (const part of [own, warm, cold, ...metrics]) await part.close();
    },
  };
}

function viaSdk(client: sdk.OrganizationsClient): Contender['once'] {
  return (operation) =>
    operation === 'DescribeAccount'
      ? client.send(new sdk.DescribeAccountCommand(inputs[operation]))
      : client.send(new sdk.ListAccountsCommand(inputs[operation]));
}

/** As the server opens it for an operation. */
function open(upstream: MeteredUpstream, principal: Principal) {
  return upstream.session(principal, { signal: new AbortController().signal });
}

function viaGateway(upstream: MeteredUpstream, principal: Principal): Contender['once'] {
  return (operation) => open(upstream, principal).read(operation, inputs[operation]);
}

/** What one GraphQL operation reads a second time. */
async function fromMemo(upstream: MeteredUpstream, principal: Principal): Promise<Contender> {
  const session = upstream.session(principal, { deadlineMs: Number.POSITIVE_INFINITY });
  for (const operation of operations) await session.read(operation, inputs[operation]);
  return {
    name: 'the gateway: read again in the same session',
    calls: false,
    once: (operation) => session.read(operation, inputs[operation]),
  };
}

/** What the same exchange costs without an SDK: a request of the same size, and its answer parsed. */
function plainHttp(url: string) {
  const agent = new Agent({ keepAlive: true });
  const { hostname, port } = new URL(url);
  const once = (operation: Operation) =>
    new Promise((resolve, reject) => {
      const body = JSON.stringify(inputs[operation]);
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
