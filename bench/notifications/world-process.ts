// The simulator, and the receivers of all destinations.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CreateOrganizationCommand,
  InviteAccountToOrganizationCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { startSimulator } from '../../src/simulator/index.ts';
import { answer } from '../watch/process.ts';

const quotas = {
  ...{ accounts: 100_000, inboundTransfers: 10, outboundTransfers: 1, transferChain: 1, aggregateTransfers: 10 },
};
const simulator = await startSimulator({ seed: 'empty', settings: { quotas } });
const client = new OrganizationsClient({
  endpoint: simulator.url,
  region: 'us-east-1',
  credentials: { accessKeyId: '111111111111', secretAccessKey: 'not-looked-at' },
});
await client.send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }));

/** Invitations at the same time. */
const AT_ONCE = 10;

interface Round {
  readonly changes: number;
  /** The numbers of the destinations that have to receive all changes. */
  readonly destinations: readonly number[];
}

let replyMs = 0;
let hanging: ReadonlySet<number> = new Set();
/** The ids of the events of each destination in this round. */
let received = new Map<number, Set<string>>();
let onEvent: () => void = () => undefined;
let invited = 0;

const receivers = createServer((request, response) => {
  const destination = Number(request.url?.slice(1));
  request.resume().on('end', () => {
    if (hanging.has(destination)) return;
    received.get(destination)?.add(String(request.headers['webhook-id']));
    onEvent();
    setTimeout(() => response.writeHead(204).end(), replyMs);
  });
}).listen(0, '127.0.0.1');

answer({
  start(argument) {
    const options = argument as { replyMs: number; hanging: readonly number[] };
    replyMs = options.replyMs;
    hanging = new Set(options.hanging);
    return { simulator: simulator.url, receivers: `http://127.0.0.1:${(receivers.address() as AddressInfo).port}` };
  },
  /** Makes changes, and returns the time until the last destination has received all of them, in ms. */
  async round(argument) {
    const { changes, destinations } = argument as Round;
    received = new Map(destinations.map((destination) => [destination, new Set<string>()]));
    const all = new Promise<void>((resolve) => {
      onEvent = () => {
        if ([...received.values()].every(({ size }) => size >= changes)) resolve();
      };
    });
    const startedAt = performance.now();
    for (let made = 0; made < changes; made += AT_ONCE)
      await Promise.all(
        Array.from({ length: Math.min(AT_ONCE, changes - made) }, () => {
          invited += 1;
          const Target = { Type: 'EMAIL', Id: `account-${invited}@example.com` } as const;
          return client.send(new InviteAccountToOrganizationCommand({ Target }));
        }),
      );
    await all;
    return performance.now() - startedAt;
  },
});
