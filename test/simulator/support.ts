import { OrganizationsClient } from '@aws-sdk/client-organizations';
import type { NodeHttpHandler } from '@smithy/node-http-handler';
import { onTestFinished } from 'vitest';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../src/simulator/index.ts';

/** Creates an SDK client that calls as an account. It does not retry, so that a test sees every reply. */
export function clientOf(
  simulator: Simulator,
  accountId: string,
  region = 'us-east-1',
  requestHandler?: NodeHttpHandler,
): OrganizationsClient {
  return new OrganizationsClient({
    endpoint: simulator.url,
    region,
    credentials: { accessKeyId: accountId, secretAccessKey: 'anything' },
    maxAttempts: 1,
    ...(requestHandler && { requestHandler }),
  });
}

/** Starts a simulator that closes when the test ends. Internal errors of the simulator fail the test. */
export async function simulate(options: SimulatorOptions = {}) {
  const errors: unknown[] = [];
  const simulator = await startSimulator({ seed: 'empty', onError: (error) => errors.push(error), ...options });
  const clients: OrganizationsClient[] = [];
  onTestFinished(async () => {
    for (const client of clients) client.destroy();
    await simulator.close();
    if (errors.length > 0) throw errors[0];
  });
  const as = (accountId: string, region?: string) => {
    const client = clientOf(simulator, accountId, region);
    clients.push(client);
    return client;
  };
  return { simulator, as };
}
