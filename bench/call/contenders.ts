import { Agent, request } from 'node:http';
import * as sdk from '@aws-sdk/client-organizations';
import { configSchema } from '../../src/config/index.ts';
import { createLog } from '../../src/pipeline/log.ts';
import { createPrincipals, type Principal } from '../../src/principal/index.ts';
import { startMetrics } from '../../src/transport/metrics/index.ts';
import { Client } from '../../src/upstream/client.ts';
import { createUpstream, type Input, type UpstreamSession } from '../../src/upstream/index.ts';
import { createWatcher } from '../../src/watcher/index.ts';

export const operations = ['DescribeAccount', 'ListAccounts'] as const;
export type Operation = (typeof operations)[number];

/** Makes one call. Concurrent calls have different numbers. */
export type Once = (operation: Operation, number: number) => unknown;

interface Contender {
  readonly title: string;
  /** Whether it makes an HTTP request. */
  readonly calls: boolean;
  readonly create: (url: string) => Once | Promise<Once>;
}

const inputs: { readonly [O in Operation]: (number: number) => Input<O> } = {
  DescribeAccount: (number) => ({ AccountId: String(100_000_000_000 + number) }),
  ListAccounts: (number) => ({ MaxResults: 20, NextToken: `t${number}` }),
};
const region = 'us-east-1';
const credentials = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};

export const contenders = {
  http: { title: '`node:http`, kept alive, the same bytes', calls: true, create: plainHttp },
  sdk: { title: 'the SDK, as usually called', calls: true, create: viaSdk },
  client: {
    title: "the gateway's client of AWS",
    calls: true,
    create(url) {
      const client = new Client(settings(url).principal);
      return (operation, number) => client.send(operation, inputs[operation](number), new AbortController().signal);
    },
  },
  cold: {
    title: "the gateway: a session's read that calls",
    calls: true,
    async create(url) {
      const open = await gateway(url, 0);
      return (operation, number) => open().read(operation, inputs[operation](number));
    },
  },
  cached: {
    title: "the gateway: a session's read of the cache",
    calls: false,
    async create(url) {
      const open = await gateway(url, cacheMs);
      return (operation) => open().read(operation, inputs[operation](0));
    },
  },
} satisfies Record<string, Contender>;

export type ContenderName = keyof typeof contenders;

/** Longer than the bench. */
const cacheMs = 3_600_000;
function settings(url: string) {
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
    // The default rate budget, with limits that the bench does not reach.
    upstream: { limits: Object.fromEntries(operations.map((name) => [name, { rate: 1e6, burst: 1e6 }])) },
    metrics: { port: 0 },
  });
  const [principal] = createPrincipals(config);
  if (principal === undefined || config.metrics === undefined) throw new Error('the configuration lacks something');
  return { ...config, principal, metrics: config.metrics };
}

/** The upstream with metrics. Each call opens a session. */
async function gateway(url: string, cache: number): Promise<() => UpstreamSession> {
  const { principal, ...config }: ReturnType<typeof settings> & { principal: Principal } = settings(url);
  const upstream = createUpstream({ ...config.upstream, cacheMs: cache });
  await startMetrics(config.metrics, {
    upstream,
    watcher: createWatcher(upstream, config.watch),
    readiness: async () => ({ ready: true, principals: [] }),
    log: createLog({ level: 'error' }),
  });
  const { signal } = new AbortController();
  return () => upstream.session(principal, { signal, fresh: false, deadlineMs: cacheMs });
}

function viaSdk(endpoint: string): Once {
  const client = new sdk.OrganizationsClient({ region, credentials, endpoint });
  return (operation, number) =>
    operation === 'DescribeAccount'
      ? client.send(new sdk.DescribeAccountCommand(inputs[operation](number)))
      : client.send(new sdk.ListAccountsCommand(inputs[operation](number)));
}

/**
 * The cost of the same exchange without an SDK: a request with equally many and long headers, and a parsed response.
 */
function plainHttp(url: string): Once {
  const agent = new Agent({ keepAlive: true });
  const { hostname, port } = new URL(url);
  return (operation, number) =>
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
}
