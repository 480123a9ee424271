// The simulator, and what somebody does there without going through the gateway.
import { InviteAccountToOrganizationCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { startSimulator } from '../../src/simulator/index.ts';
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

answer({
  url: () => simulator.url,
  /** Sends an invitation; answers when that was done, in ms since the epoch. */
  async change() {
    invited += 1;
    const Target = { Type: 'EMAIL', Id: `account-${invited}@example.com` } as const;
    await client.send(new InviteAccountToOrganizationCommand({ Target }));
    return Date.now();
  },
  calls: () => simulator.control.requestCount('ListHandshakesForOrganization'),
});
