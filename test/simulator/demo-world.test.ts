import {
  AcceptHandshakeCommand,
  type Handshake,
  InviteAccountToOrganizationCommand,
  InviteOrganizationToTransferResponsibilityCommand,
  ListAccountsWithInvalidEffectivePolicyCommand,
  ListInboundResponsibilityTransfersCommand,
  ListRootsCommand,
  type OrganizationsClient,
  paginateListAccounts,
  paginateListAWSServiceAccessForOrganization,
  paginateListCreateAccountStatus,
  paginateListHandshakesForAccount,
  paginateListHandshakesForOrganization,
  paginateListOrganizationalUnitsForParent,
  paginateListPolicies,
  paginateListTagsForResource,
  paginateListTargetsForPolicy,
} from '@aws-sdk/client-organizations';
import { expect, test } from 'vitest';
import { createClock } from '../../src/simulator/index.ts';
import { checkPolicyDocument, checkResourcePolicy } from '../../src/simulator/policy-documents/index.ts';
import { demoPolicies } from '../../src/simulator/worlds/demo-policies.ts';
import { simulate } from './support.ts';

const start = Date.UTC(2026, 4, 10, 12);
const demo = () => simulate({ seed: 'demo', clock: createClock({ start, rate: 0 }) });

async function all<T, Page>(pages: AsyncIterable<Page>, items: (page: Page) => T[] | undefined): Promise<T[]> {
  const found: T[] = [];
  for await (const page of pages) found.push(...(items(page) ?? []));
  return found;
}

const states = (handshakes: readonly Handshake[], action: string) =>
  new Set(handshakes.filter(({ Action }) => Action === action).map(({ State }) => State));

test('every long list of the demo world has several pages', async () => {
  const { as } = await demo();
  const client: OrganizationsClient = as('111111111111');
  const { Roots } = await client.send(new ListRootsCommand({}));
  const RootId = Roots?.[0]?.Id;
  const accounts = await all(paginateListAccounts({ client }, {}), ({ Accounts }) => Accounts);
  expect(accounts.length).toBeGreaterThan(60);
  const roots = await all(
    paginateListOrganizationalUnitsForParent({ client }, { ParentId: RootId }),
    ({ OrganizationalUnits }) => OrganizationalUnits,
  );
  const customers = roots.find(({ Name }) => Name === 'Managed Customers');
  const units = await all(
    paginateListOrganizationalUnitsForParent({ client }, { ParentId: customers?.Id }),
    ({ OrganizationalUnits }) => OrganizationalUnits,
  );
  const checkout = accounts.find(({ Name }) => Name === 'Checkout');
  const lengths = [
    units,
    await all(paginateListPolicies({ client }, { Filter: 'SERVICE_CONTROL_POLICY' }), ({ Policies }) => Policies),
    await all(paginateListTargetsForPolicy({ client }, { PolicyId: 'p-FullAWSAccess' }), ({ Targets }) => Targets),
    await all(paginateListTagsForResource({ client }, { ResourceId: checkout?.Id }), ({ Tags }) => Tags),
    await all(paginateListCreateAccountStatus({ client }, {}), (page) => page.CreateAccountStatuses),
    await all(paginateListAWSServiceAccessForOrganization({ client }, {}), (page) => page.EnabledServicePrincipals),
    await all(paginateListHandshakesForAccount({ client: as('222222222222') }, {}), ({ Handshakes }) => Handshakes),
  ].map(({ length }) => length);
  for (const length of lengths) expect(length).toBeGreaterThan(20);
  expect(Math.max(...accounts.map(({ Paths }) => (Paths?.[0] ?? '').split('/ou-').length - 1))).toBe(5);
});

test('the demo world has handshakes and transfers in every state', async () => {
  const { as } = await demo();
  const client = as('111111111111');
  const sent = await all(paginateListHandshakesForOrganization({ client }, {}), ({ Handshakes }) => Handshakes);
  expect(states(sent, 'INVITE')).toEqual(new Set(['OPEN', 'ACCEPTED', 'DECLINED', 'CANCELED', 'EXPIRED']));
  expect(states(sent, 'TRANSFER_RESPONSIBILITY')).toEqual(
    new Set(['REQUESTED', 'ACCEPTED', 'DECLINED', 'CANCELED', 'EXPIRED']),
  );
  const first = await client.send(new ListInboundResponsibilityTransfersCommand({ Type: 'BILLING' }));
  const second = await client.send(
    new ListInboundResponsibilityTransfersCommand({ Type: 'BILLING', NextToken: first.NextToken }),
  );
  const transfers = [...(first.ResponsibilityTransfers ?? []), ...(second.ResponsibilityTransfers ?? [])];
  expect(transfers.length).toBeGreaterThan(20);
  expect(new Set(transfers.map(({ Status }) => Status)).size).toBe(6);
  const invalid = await client.send(new ListAccountsWithInvalidEffectivePolicyCommand({ PolicyType: 'BACKUP_POLICY' }));
  expect(invalid.Accounts?.map(({ Name }) => Name)).toEqual(['Policy Canary']);
});

test("the demo's partner can invite the standalone account, and the customer to transfer its bill", async () => {
  const { as } = await demo();
  const partner = as('111111111111');
  const invitation = await partner.send(
    new InviteAccountToOrganizationCommand({ Target: { Type: 'ACCOUNT', Id: '222222222222' } }),
  );
  await as('222222222222').send(new AcceptHandshakeCommand({ HandshakeId: invitation.Handshake?.Id }));
  const transfer = await partner.send(
    new InviteOrganizationToTransferResponsibilityCommand({
      Type: 'BILLING',
      Target: { Type: 'EMAIL', Id: 'aws-billing@contoso.example.com' },
      StartTimestamp: new Date('2026-06-01T00:00:00Z'),
      SourceName: 'Contoso',
    }),
  );
  const accepted = await as('444444444444').send(new AcceptHandshakeCommand({ HandshakeId: transfer.Handshake?.Id }));
  expect(accepted.Handshake?.State).toBe('ACCEPTED');
});

test('the demo world is reproducible', async () => {
  const ids = async () => {
    const { simulator } = await demo();
    const { world } = simulator;
    return [...world.accounts.keys(), ...world.handshakes.keys(), ...world.transfers.keys()];
  };
  expect(await ids()).toEqual(await ids());
});

test("the demo's policies are valid", async () => {
  for (const { type, document } of demoPolicies)
    expect(checkPolicyDocument(type, JSON.stringify(document))).toEqual([]);
  const { simulator } = await demo();
  const { resourcePolicy } = simulator.world.organizations.get('o-exampleorgid') ?? {};
  expect(checkResourcePolicy(resourcePolicy?.content ?? '')).toEqual([]);
});

test.each(
  Array.from({ length: 12 }, (_, month) => [Date.UTC(2026, month, 1, 0, 30), Date.UTC(2026, month, 28, 23)]).flat(),
)('creates the demo world at any time: %i', async (time) => {
  const { simulator } = await simulate({ seed: 'demo', clock: createClock({ start: time, rate: 0 }) });
  simulator.world.now();
  const sent = simulator.world.organizations.get('o-exampleorgid')?.sentHandshakes.size;
  expect(sent).toBeGreaterThan(20);
});
