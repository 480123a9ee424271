// The simulator, and changes that do not go through the gateway.
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

/** Node tells there of each request to a server of this process; the simulator's is the only one. */
const arrivals = 'http.server.request.start';

answer({
  url: () => simulator.url,
  /** Sends an invitation; answers when that was done, in ms since the epoch. */
  async change() {
    invited += 1;
    const Target = { Type: 'EMAIL', Id: `account-${invited}@example.com` } as const;
    await client.send(new InviteAccountToOrganizationCommand({ Target }));
    return Date.now();
  },
  /** Calls of all operations over so many poll intervals; responds when they are over. Nothing may change meanwhile. */
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
