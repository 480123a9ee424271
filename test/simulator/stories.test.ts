import {
  AcceptHandshakeCommand,
  CreateOrganizationCommand,
  DeclineHandshakeCommand,
  DescribeAccountCommand,
  DescribeHandshakeCommand,
  DescribeResponsibilityTransferCommand,
  type HandshakeState,
  InviteAccountToOrganizationCommand,
  InviteOrganizationToTransferResponsibilityCommand,
  ListInboundResponsibilityTransfersCommand,
  ListOutboundResponsibilityTransfersCommand,
  OrganizationsClient,
  paginateListAccounts,
  paginateListHandshakesForAccount,
  paginateListHandshakesForOrganization,
  type ResponsibilityTransfer,
  TerminateResponsibilityTransferCommand,
} from '@aws-sdk/client-organizations';
import { expect, onTestFinished, test } from 'vitest';
import { createClock, type SimulatorOptions } from '../../src/simulator/index.ts';
import { simulate } from './support.ts';

const PARTNER = '111111111111';
const STANDALONE = '222222222222';
const CUSTOMER = '444444444444';

type As = (accountId: string) => OrganizationsClient;

async function all<Page, T>(pages: AsyncIterable<Page>, items: (page: Page) => T[] | undefined): Promise<T[]> {
  const found: T[] = [];
  for await (const page of pages) found.push(...(items(page) ?? []));
  return found;
}

interface TransferPage {
  readonly ResponsibilityTransfers?: ResponsibilityTransfer[] | undefined;
  readonly NextToken?: string | undefined;
}

/** The SDK has no paginator for these two lists. */
async function transfersOf(
  read: (token: string | undefined) => Promise<TransferPage>,
): Promise<ResponsibilityTransfer[]> {
  const found: ResponsibilityTransfer[] = [];
  for (let token: string | undefined, first = true; first || token; first = false) {
    const page = await read(token);
    found.push(...(page.ResponsibilityTransfers ?? []));
    token = page.NextToken;
  }
  return found;
}

async function runInvitations(as: As): Promise<void> {
  const partner = as(PARTNER);
  const standalone = as(STANDALONE);
  const readState = async (
    client: OrganizationsClient,
    HandshakeId: string | undefined,
  ): Promise<HandshakeState | undefined> =>
    (await client.send(new DescribeHandshakeCommand({ HandshakeId }))).Handshake?.State;
  await partner.send(new CreateOrganizationCommand({}));
  const invite = async () => {
    const Target = { Type: 'ACCOUNT', Id: STANDALONE } as const;
    return (await partner.send(new InviteAccountToOrganizationCommand({ Target, Notes: 'Hi' }))).Handshake?.Id;
  };
  const first = await invite();
  expect(await readState(standalone, first)).toBe('OPEN');
  await expect(invite()).rejects.toMatchObject({ name: 'DuplicateHandshakeException' });
  const received = await all(
    paginateListHandshakesForAccount({ client: standalone }, {}),
    ({ Handshakes }) => Handshakes,
  );
  expect(received.map(({ Id }) => Id)).toEqual([first]);
  await standalone.send(new DeclineHandshakeCommand({ HandshakeId: first }));
  expect(await readState(partner, first)).toBe('DECLINED');
  const second = await invite();
  await standalone.send(new AcceptHandshakeCommand({ HandshakeId: second }));
  const sent = await all(
    paginateListHandshakesForOrganization({ client: partner }, {}),
    ({ Handshakes }) => Handshakes,
  );
  expect(sent.map(({ Id, State }) => [Id, State])).toEqual([
    [first, 'DECLINED'],
    [second, 'ACCEPTED'],
  ]);
  const accounts = await all(paginateListAccounts({ client: partner }, {}), ({ Accounts }) => Accounts);
  expect(accounts.map(({ Id }) => Id)).toEqual([PARTNER, STANDALONE]);
  const { Account } = await partner.send(new DescribeAccountCommand({ AccountId: STANDALONE }));
  expect(Account?.JoinedMethod).toBe('INVITED');
  expect(Account?.Paths?.[0]).toMatch(/^o-[a-z0-9]{10}\/r-[a-z0-9]{4}\/222222222222\/$/);
}

async function runTransfers(as: As): Promise<void> {
  const partner = as(PARTNER);
  const customer = as(CUSTOMER);
  for (const client of [partner, customer]) await client.send(new CreateOrganizationCommand({}));
  const { Handshake } = await partner.send(
    new InviteOrganizationToTransferResponsibilityCommand({
      Type: 'BILLING',
      Target: { Type: 'ACCOUNT', Id: CUSTOMER },
      StartTimestamp: new Date('2026-06-01T00:00:00Z'),
      SourceName: 'Customer',
    }),
  );
  expect(Handshake?.State).toBe('REQUESTED');
  await customer.send(new AcceptHandshakeCommand({ HandshakeId: Handshake?.Id }));
  const [inbound] = await transfersOf((NextToken) =>
    partner.send(new ListInboundResponsibilityTransfersCommand({ Type: 'BILLING', NextToken })),
  );
  const [outbound] = await transfersOf((NextToken) =>
    customer.send(new ListOutboundResponsibilityTransfersCommand({ Type: 'BILLING', NextToken })),
  );
  expect(inbound).toMatchObject({ Status: 'ACCEPTED', ActiveHandshakeId: Handshake?.Id });
  expect(inbound?.Arn).toMatch(/^arn:aws:organizations::111111111111:transfer\/o-[a-z0-9]+\/billing\/inbound\/rt-/);
  expect(outbound?.Arn).toMatch(/^arn:aws:organizations::444444444444:transfer\/o-[a-z0-9]+\/billing\/outbound\/rt-/);
  expect({ ...inbound, Arn: '' }).toEqual({ ...outbound, Arn: '' });
  const Id = inbound?.Id;
  const EndTimestamp = new Date('2026-06-30T23:59:59.999Z');
  await partner.send(new TerminateResponsibilityTransferCommand({ Id, EndTimestamp }));
  for (const client of [partner, customer]) {
    const { ResponsibilityTransfer } = await client.send(new DescribeResponsibilityTransferCommand({ Id }));
    expect(ResponsibilityTransfer).toMatchObject({ Status: 'WITHDRAWN', EndTimestamp });
  }
}

const withoutFaults: SimulatorOptions = {
  clock: createClock({ start: Date.UTC(2026, 4, 10) }),
  settings: { quotas: { inboundTransfers: 5 } },
};
const withFaults: SimulatorOptions = {
  ...withoutFaults,
  throttle: true,
  latencyMs: 100,
  emptyPages: true,
  faults: { failures: [{ probability: 0.1, failure: { kind: 'error', error: 'ServiceException' } }] },
};

test.each([
  ['invitations', 'without faults', runInvitations, withoutFaults],
  ['transfers', 'without faults', runTransfers, withoutFaults],
  ['invitations', 'with faults', runInvitations, withFaults],
  ['transfers', 'with faults', runTransfers, withFaults],
])('the workflow of %s, %s', { timeout: 60_000 }, async (_story, _faults, tell, options) => {
  const { simulator } = await simulate(options);
  const clients: OrganizationsClient[] = [];
  onTestFinished(() => {
    for (const client of clients) client.destroy();
  });
  await tell((accountId) => {
    // This client retries, like the clients of users. The SDK retries exceptions, too, while the clocks differ by months,
    // so that each further attempt doubles the wait for those that the workflow expects.
    const credentials = { accessKeyId: accountId, secretAccessKey: 'anything' };
    const client = new OrganizationsClient({
      endpoint: simulator.url,
      region: 'us-east-1',
      credentials,
      maxAttempts: 6,
    });
    clients.push(client);
    return client;
  });
});
