// The simulator, and writes that bypass the gateway.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { InviteAccountToOrganizationCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { startSimulator } from '../../src/simulator/index.ts';
import { PollRounds } from './poll-rounds.ts';
import { answer } from './process.ts';

const simulator = await startSimulator({
  seed: 'empty',
  settings: {
    quotas: { accounts: 10_000, inboundTransfers: 10, outboundTransfers: 1, transferChain: 1, aggregateTransfers: 10 },
  },
});
const client = new OrganizationsClient({
  endpoint: simulator.url,
  region: 'us-east-1',
  credentials: { accessKeyId: '111111111111', secretAccessKey: 'not-looked-at' },
});
const { CreateOrganizationCommand } = await import('@aws-sdk/client-organizations');
await client.send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }));
let invited = 0;

/** Node publishes each request to a server of this process here. The simulator's server is the only one. */
const arrivals = 'http.server.request.start';

answer({
  url: () => simulator.url,
  /** Sends an invitation and returns the time, in ms since the epoch. */
  async change() {
    invited += 1;
    const Target = { Type: 'EMAIL', Id: `account-${invited}@example.com` } as const;
    await client.send(new InviteAccountToOrganizationCommand({ Target }));
    return Date.now();
  },
  /** Counts all calls during a number of poll intervals. Nothing may change meanwhile. */
  calls(argument) {
    const { rounds, intervalMs } = argument as { rounds: number; intervalMs: number };
    const counted = new PollRounds(rounds, intervalMs);
    return new Promise((resolve) => {
      const called = () => {
        const calls = counted.called(performance.now());
        if (calls === undefined) return;
        unsubscribe(arrivals, called);
        resolve(calls);
      };
      subscribe(arrivals, called);
    });
  },
});
