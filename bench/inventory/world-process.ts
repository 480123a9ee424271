// The simulator, and changes that bypass the gateway.
import { OrganizationsClient, TagResourceCommand } from '@aws-sdk/client-organizations';
import { type Simulator, startSimulator } from '../../src/simulator/index.ts';
import type { OperationName } from '../../src/simulator/model/operations.ts';
import { answer } from '../watch/process.ts';
import { ACCOUNT, RATE_FACTOR, type WorldSize } from './settings.ts';
import { furnish, leastCalls, organizationOf, queryIdsOf } from './world.ts';

let simulator: Simulator;
let client: OrganizationsClient;

answer({
  async start(argument) {
    const size = argument as WorldSize;
    simulator = await startSimulator({
      seed: 'empty',
      account: ACCOUNT,
      accounts: size.accounts,
      throttle: true,
      throttleFactor: RATE_FACTOR,
    });
    furnish(simulator, size);
    client = new OrganizationsClient({
      endpoint: simulator.url,
      region: 'us-east-1',
      credentials: { accessKeyId: ACCOUNT, secretAccessKey: 'not-looked-at' },
    });
    return simulator.url;
  },
  least: () => leastCalls(simulator),
  counted() {
    const requests = simulator.control.requests();
    return {
      byOperation: Object.fromEntries(requests.map(({ operation, count }) => [operation, count])),
      throttled: requests.reduce((sum, { errors }) => sum + (errors['TooManyRequestsException'] ?? 0), 0),
    };
  },
  resetCounts: () => simulator.control.resetRequests(),
  setLatency(argument) {
    const { operation, ms } = argument as { operation: OperationName; ms: number };
    simulator.control.setLatency(ms, operation);
  },
  accountIds: () =>
    organizationOf(simulator)
      .members.values()
      .map(({ id }) => id),
  queryIds: () => queryIdsOf(simulator),
  /** Tags an account, and returns CloudTrail's event of the call. */
  async tag(argument) {
    const { accountId, key, value } = argument as { accountId: string; key: string; value: string };
    await client.send(new TagResourceCommand({ ResourceId: accountId, Tags: [{ Key: key, Value: value }] }));
    return {
      source: 'aws.organizations',
      account: ACCOUNT,
      'detail-type': 'AWS API Call via CloudTrail',
      detail: {
        eventName: 'TagResource',
        recipientAccountId: ACCOUNT,
        userIdentity: { accountId: ACCOUNT },
        requestParameters: { resourceId: accountId, tags: [{ key, value }] },
      },
    };
  },
});
