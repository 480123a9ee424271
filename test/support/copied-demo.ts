import { createClient } from 'graphql-ws';
import { vi } from 'vitest';
import { WebSocket } from 'ws';
import type { Answer } from './client.ts';
import { type Demo, type DemoOptions, startDemo } from './gateway.ts';

/** The members of `extensions.orgql`. */
export interface Accepted {
  readonly maxAge?: number;
  readonly onlyIfCached?: boolean;
  readonly noCache?: boolean;
  readonly estimate?: boolean;
}

export interface CopiedDemo extends Demo {
  /** Runs an operation as `partner` over HTTP. */
  ask(document: string, orgql?: Accepted, headers?: Readonly<Record<string, string>>): Promise<CopiedAnswer>;
  /** The number of calls that have arrived at the simulator, as `/_orgql/requests` counts them. */
  requests(): number;
}

export interface CopiedAnswer extends Answer {
  /** The response header `Age`. */
  readonly age: string | null;
}

/** The copy takes some seconds, and more beside other tests. In ms. */
export const COPY_MS = 60_000;

const STATE = '{ organization { inventory { state lists { name state } } } }';

/** The demo with a copy of the organization of partner, which is complete. Its sweeps do not repeat within a test. */
export async function startCopiedDemo({ config, ...options }: DemoOptions = {}): Promise<CopiedDemo> {
  const entry = { maxAgeMs: 3_600_000, tagsMaxAgeMs: 3_600_000, budgetShare: 0.8 };
  const demo = await startDemo({
    ...options,
    config: { inventory: [{ principal: 'partner', ...entry }], ...config },
  });
  await vi.waitFor(
    async () => {
      const { data } = await demo.query(STATE);
      const { state, lists } = data.organization.inventory;
      if (state !== 'READY') throw new Error(`The copy is ${state}: ${JSON.stringify(lists)}`);
    },
    { timeout: COPY_MS, interval: 100 },
  );
  return {
    ...demo,
    async ask(document, orgql, headers = {}) {
      const response = await fetch(demo.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query: document, ...(orgql && { extensions: { orgql } }) }),
      });
      return { ...((await response.json()) as Answer), age: response.headers.get('age') };
    },
    requests: () => demo.simulator.control.requestCount(),
  };
}

/** The first result of an operation over a WebSocket of its own. */
export async function askByWebSocket(
  url: string,
  query: string,
  orgql: Accepted,
  connectionParams: Readonly<Record<string, unknown>> = {},
): Promise<Answer> {
  const client = createClient({
    url: url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    connectionParams,
    retryAttempts: 0,
  });
  try {
    for await (const result of client.iterate({ query, extensions: { orgql } })) return result as unknown as Answer;
    throw new Error('The operation ended without a result.');
  } finally {
    await client.dispose();
  }
}
