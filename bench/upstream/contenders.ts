import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { OrganizationsClient, type OrganizationsClientConfig } from '@aws-sdk/client-organizations';
import { buildSchema } from 'graphql';
import { configSchema } from '../../src/config/index.ts';
import { createGateway } from '../../src/gateway.ts';
import { unlimited } from '../unlimited.ts';
import { runNaively } from './naive-server.ts';
import type { Row } from './rows.ts';
import { account } from './simulator-process.ts';

export interface Contender extends AsyncDisposable {
  /** Runs a row's work for one client. Resolves to the error messages that the client receives. */
  run(row: Row): Promise<readonly string[]>;
}

/** Timeout of each contender, in ms. The gateway's own deadlines are for interactive use. */
const hours = 8 * 3_600_000;

export async function gateway(url: string): Promise<Contender> {
  const running = await createGateway(
    configSchema.parse({
      port: 0,
      principals: [
        {
          name: 'bench',
          accountId: account,
          endpoint: url,
          stsEndpoint: url,
          region: 'us-east-1',
          credentials: { type: 'static', accessKeyId: account, secretAccessKey: 'not looked at' },
        },
      ],
      upstream: { deadlineMs: hours },
      graph: { maxFirst: 100_000, maxCalls: Number.MAX_SAFE_INTEGER },
      limits: { ...unlimited, values: Number.MAX_SAFE_INTEGER },
      log: { level: 'error' },
    }),
  );
  return {
    run: async ({ query, variables }) => {
      const body = JSON.stringify({ query, variables });
      const reply = await post(running.url, body);
      const { errors = [] }: { errors?: readonly { message: string }[] } = JSON.parse(reply);
      return errors.map(({ message }) => message);
    },
    [Symbol.asyncDispose]: () => running.close(),
  };
}

/** `fetch` fails if a response takes more than five minutes to start. */
function post(url: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      { method: 'POST', headers: { 'content-type': 'application/json', accept: 'application/json' } },
      (response) => void text(response).then(resolve, reject),
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

const sdkClient = (url: string, retries: Pick<OrganizationsClientConfig, 'maxAttempts' | 'retryMode'> = {}) =>
  new OrganizationsClient({
    ...retries,
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: account, secretAccessKey: 'not looked at' },
  });

/** A script with the SDK's paginators and default retries (three attempts). */
export const script = async (url: string): Promise<Contender> => scriptWith(sdkClient(url));

/** The same script with the SDK's adaptive retries and more attempts, because AWS Organizations throttles. */
export const patientScript = async (url: string): Promise<Contender> =>
  scriptWith(sdkClient(url, { maxAttempts: 10, retryMode: 'adaptive' }));

function scriptWith(client: OrganizationsClient): Contender {
  return {
    run: async (row) => {
      try {
        await row.script(client);
        return [];
      } catch (error) {
        return [String(error)];
      }
    },
    [Symbol.asyncDispose]: async () => client.destroy(),
  };
}

/** A GraphQL server with a resolver per field. */
export async function naive(url: string): Promise<Contender> {
  const client = sdkClient(url);
  const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));
  return {
    run: ({ query, variables }) => runNaively(schema, client, query, variables),
    [Symbol.asyncDispose]: async () => client.destroy(),
  };
}
