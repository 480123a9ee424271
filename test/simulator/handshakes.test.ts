import type { Handshake } from '@aws-sdk/client-organizations';
import { expect, test } from 'vitest';
import { createClock } from '../../src/simulator/index.ts';
import { DAY_MS } from '../../src/simulator/world/durations.ts';
import { attempt } from './raw-call.ts';
import { simulate } from './support.ts';

const PAYER = '111111111111';
const GUEST = '222222222222';
const start = Date.UTC(2026, 4, 10);

async function scene() {
  const clock = createClock({ start, rate: 0 });
  const { simulator } = await simulate({ clock, settings: { quotas: { inboundTransfers: 5 } } });
  const call = async (by: string, ...[operation, input]: [Parameters<typeof attempt>[2], object?]) => {
    const { output, error, message } = await attempt(simulator.url, by, operation, input ?? {});
    if (error) throw new Error(`${error}: ${message}`);
    return output;
  };
  const id = async (by: string, ...request: [Parameters<typeof attempt>[2], object?]) =>
    ((await call(by, ...request))['Handshake'] as { Id: string }).Id;
  return { simulator, clock, call, id };
}

test('an invitation sent while all features are being enabled says ALL', async () => {
  const { call } = await scene();
  const invite = async (account: string) => {
    const { Handshake: handshake } = await call(PAYER, 'InviteAccountToOrganization', {
      Target: { Type: 'ACCOUNT', Id: account },
    });
    return handshake as Handshake;
  };
  const featureSet = ({ Resources = [] }: Handshake) =>
    Resources.flatMap(({ Resources: inner = [] }) => inner).find(({ Type }) => Type === 'ORGANIZATION_FEATURE_SET')
      ?.Value;
  await call(PAYER, 'CreateOrganization', { FeatureSet: 'CONSOLIDATED_BILLING' });
  const before = await invite(GUEST);
  expect(featureSet(before)).toBe('CONSOLIDATED_BILLING');
  await call(GUEST, 'AcceptHandshake', { HandshakeId: before.Id });
  await call(PAYER, 'EnableAllFeatures');
  expect(featureSet(await invite('333333333333'))).toBe('ALL');
});

test("an invitation has the parts as in AWS's example,, for both sides, before and after it is accepted", async () => {
  const { call, simulator } = await scene();
  await call(PAYER, 'CreateOrganization');
  const [organization] = simulator.world.organizations.keys();
  const Target = { Type: 'EMAIL', Id: `account-${GUEST}@example.com` };
  await call(GUEST, 'ListHandshakesForAccount');
  const { Handshake } = await call(PAYER, 'InviteAccountToOrganization', { Target, Notes: 'Welcome' });
  const { Id } = Handshake as { Id: string };
  const expected = {
    Id,
    Arn: `arn:aws:organizations::${PAYER}:handshake/${organization}/invite/${Id}`,
    Action: 'INVITE',
    State: 'OPEN',
    RequestedTimestamp: start / 1000,
    ExpirationTimestamp: start / 1000 + 1_296_000,
    Parties: [
      { Id: organization, Type: 'ORGANIZATION' },
      { Id: Target.Id, Type: 'EMAIL' },
    ],
    Resources: [
      {
        Type: 'ORGANIZATION',
        Value: organization,
        Resources: [
          { Type: 'MASTER_EMAIL', Value: `account-${PAYER}@example.com` },
          { Type: 'MASTER_NAME', Value: `Account ${PAYER}` },
          { Type: 'ORGANIZATION_FEATURE_SET', Value: 'ALL' },
        ],
      },
      { Type: 'EMAIL', Value: Target.Id },
      { Type: 'NOTES', Value: 'Welcome' },
    ],
  };
  expect(Handshake).toEqual(expected);
  const accepted = { ...expected, State: 'ACCEPTED' };
  expect(await call(GUEST, 'AcceptHandshake', { HandshakeId: Id })).toEqual({ Handshake: accepted });
  expect(await call(PAYER, 'DescribeHandshake', { HandshakeId: Id })).toEqual({ Handshake: accepted });
});

test("a transfer's invitation has the parts as in AWS's example,, and ends 24 hours before the transfer starts", async () => {
  const { call, simulator } = await scene();
  await call(PAYER, 'CreateOrganization');
  const [organization] = simulator.world.organizations.keys();
  const starts = Date.UTC(2026, 5, 1) / 1000;
  const { Handshake } = await call(PAYER, 'InviteOrganizationToTransferResponsibility', {
    Type: 'BILLING',
    Target: { Type: 'EMAIL', Id: 'juan@example.com' },
    Notes: 'transfer notes',
    StartTimestamp: starts,
    SourceName: 'transfer name',
  });
  expect(Handshake).toMatchObject({
    Action: 'TRANSFER_RESPONSIBILITY',
    State: 'REQUESTED',
    ExpirationTimestamp: starts - 86_400,
    Parties: [{ Type: 'ORGANIZATION' }, { Id: 'juan@example.com', Type: 'EMAIL' }],
    Resources: [
      {
        Type: 'RESPONSIBILITY_TRANSFER',
        Value: expect.stringMatching(/^rt-[0-9a-z]{8}$/),
        Resources: [
          { Type: 'TRANSFER_START_TIMESTAMP', Value: String(starts) },
          { Type: 'TRANSFER_TYPE', Value: 'BILLING' },
        ],
      },
      {
        Type: 'ORGANIZATION',
        Value: organization,
        Resources: [
          { Type: 'MANAGEMENT_EMAIL', Value: `account-${PAYER}@example.com` },
          { Type: 'MANAGEMENT_NAME', Value: `Account ${PAYER}` },
          { Type: 'MANAGEMENT_ACCOUNT', Value: PAYER },
        ],
      },
      { Type: 'EMAIL', Value: 'juan@example.com' },
      { Type: 'NOTES', Value: 'transfer notes' },
    ],
  });
});

test('an account receives an earlier invitation to its e-mail address', async () => {
  const { call, id } = await scene();
  await call(PAYER, 'CreateOrganization');
  const HandshakeId = await id(PAYER, 'InviteAccountToOrganization', {
    Target: { Type: 'EMAIL', Id: `Account-${GUEST}@Example.com` },
  });
  expect(await call(GUEST, 'ListHandshakesForAccount')).toMatchObject({ Handshakes: [{ Id: HandshakeId }] });
});

test("an account has an invitation's tags from joining until leaving", async () => {
  const { call, id, simulator } = await scene();
  await call(PAYER, 'CreateOrganization');
  const Tags = [{ Key: 'team', Value: 'blue' }];
  const HandshakeId = await id(PAYER, 'InviteAccountToOrganization', { Target: { Type: 'ACCOUNT', Id: GUEST }, Tags });
  await call(GUEST, 'AcceptHandshake', { HandshakeId });
  expect(await call(PAYER, 'ListTagsForResource', { ResourceId: GUEST })).toEqual({ Tags });
  await call(GUEST, 'LeaveOrganization');
  expect(simulator.world.accounts.get(GUEST)?.tags.size).toBe(0);
});

test('a member of another organization moves directly on acceptance', async () => {
  const { call, id } = await scene();
  for (const payer of [PAYER, '444444444444']) await call(payer, 'CreateOrganization');
  const Target = { Type: 'ACCOUNT', Id: GUEST };
  for (const payer of ['444444444444', PAYER]) {
    const HandshakeId = await id(payer, 'InviteAccountToOrganization', { Target });
    await call(GUEST, 'AcceptHandshake', { HandshakeId });
  }
  const { Organization } = await call(GUEST, 'DescribeOrganization');
  expect(Organization).toMatchObject({ MasterAccountId: PAYER });
  expect(await call('444444444444', 'ListAccounts')).toMatchObject({ Accounts: [{ Id: '444444444444' }] });
});

test('a created account without the service-linked role must restore it before all features are enabled', async () => {
  const { call, id, clock, simulator } = await scene();
  await call(PAYER, 'CreateOrganization', { FeatureSet: 'CONSOLIDATED_BILLING' });
  await call(PAYER, 'CreateAccount', { Email: 'new@example.com', AccountName: 'New' });
  clock.advance(2_000);
  await call(PAYER, 'ListRoots');
  const account = simulator.world.accountByEmail('new@example.com');
  account?.missingPrerequisites.add('SERVICE_LINKED_ROLE');
  const parent = await id(PAYER, 'EnableAllFeatures');
  const { Handshakes } = await call(account?.id ?? '', 'ListHandshakesForAccount');
  const [child] = Handshakes as { Id: string; Action: string; Resources: object[] }[];
  expect(child).toMatchObject({
    Action: 'ADD_ORGANIZATIONS_SERVICE_LINKED_ROLE',
    Resources: [
      { Type: 'PARENT_HANDSHAKE', Value: parent },
      { Type: 'ORGANIZATION' },
      { Type: 'ACCOUNT', Value: account?.id },
    ],
  });
  await call(account?.id ?? '', 'AcceptHandshake', { HandshakeId: child?.Id });
  await call(PAYER, 'AcceptHandshake', { HandshakeId: parent });
  expect(await call(PAYER, 'DescribeOrganization')).toMatchObject({ Organization: { FeatureSet: 'ALL' } });
});

test('starting to enable all features cancels open invitations, canceling it cancels later ones', async () => {
  const { call, id } = await scene();
  await call(PAYER, 'CreateOrganization', { FeatureSet: 'CONSOLIDATED_BILLING' });
  const Target = { Type: 'ACCOUNT', Id: GUEST };
  const first = await id(PAYER, 'InviteAccountToOrganization', { Target });
  const parent = await id(PAYER, 'EnableAllFeatures');
  const state = (HandshakeId: string) => call(PAYER, 'DescribeHandshake', { HandshakeId });
  expect(await state(first)).toMatchObject({ Handshake: { State: 'CANCELED' } });
  const second = await id(PAYER, 'InviteAccountToOrganization', { Target });
  await call(PAYER, 'CancelHandshake', { HandshakeId: parent });
  expect(await state(second)).toMatchObject({ Handshake: { State: 'CANCELED' } });
});

test('canceling an approval cancels the process with all its handshakes; it can be restarted', async () => {
  const { call, id } = await scene();
  await call(PAYER, 'CreateOrganization', { FeatureSet: 'CONSOLIDATED_BILLING' });
  for (const Id of [GUEST, '333333333333']) {
    await call(Id, 'AcceptHandshake', {
      HandshakeId: await id(PAYER, 'InviteAccountToOrganization', { Target: { Type: 'ACCOUNT', Id } }),
    });
  }
  const parent = await id(PAYER, 'EnableAllFeatures');
  const sent = async () => {
    const { Handshakes } = await call(PAYER, 'ListHandshakesForOrganization', {
      Filter: { ParentHandshakeId: parent },
    });
    return Handshakes as Handshake[];
  };
  const [first] = await sent();
  const canceled = await call(PAYER, 'CancelHandshake', { HandshakeId: first?.Id });
  expect(canceled).toMatchObject({ Handshake: { Id: first?.Id, State: 'CANCELED' } });
  expect((await sent()).map(({ State }) => State)).toEqual(['CANCELED', 'CANCELED']);
  expect(await call(PAYER, 'DescribeHandshake', { HandshakeId: parent })).toMatchObject({
    Handshake: { State: 'CANCELED' },
  });
  expect(await id(PAYER, 'EnableAllFeatures')).not.toBe(parent);
});

test('closes an account in steps: pending, closed, and removed from the organization after 90 days', async () => {
  const { call, clock, simulator } = await scene();
  await call(PAYER, 'CreateOrganization');
  await call(PAYER, 'CreateAccount', { Email: 'new@example.com', AccountName: 'New' });
  clock.advance(2_000);
  await call(PAYER, 'ListRoots');
  const AccountId = simulator.world.accountByEmail('new@example.com')?.id;
  const state = async () => {
    const { Account } = await call(PAYER, 'DescribeAccount', { AccountId });
    const { Status, State } = Account as { Status: string; State: string };
    return [Status, State];
  };
  expect(await state()).toEqual(['ACTIVE', 'ACTIVE']);
  await call(PAYER, 'CloseAccount', { AccountId });
  expect(await state()).toEqual(['PENDING_CLOSURE', 'PENDING_CLOSURE']);
  clock.advance(2_000);
  expect(await state()).toEqual(['SUSPENDED', 'CLOSED']);
  clock.advance(90 * DAY_MS);
  await expect(state()).rejects.toThrow(/AccountNotFoundException/);
});

test.each([
  ['the address is taken', ['a@example.com'], 'EMAIL_ALREADY_EXISTS'],
  ['it is asked for twice at a time', ['b@example.com', 'B@example.com'], 'CONCURRENT_ACCOUNT_MODIFICATION'],
])('creating an account fails when %s', async (_why, emails, FailureReason) => {
  const { call, clock } = await scene();
  await call(PAYER, 'CreateOrganization');
  if (emails.length === 1) {
    await call(PAYER, 'CreateAccount', { Email: emails[0], AccountName: 'First' });
    clock.advance(5_000);
  }
  for (const Email of emails) await call(PAYER, 'CreateAccount', { Email, AccountName: 'New' });
  clock.advance(5_000);
  const { CreateAccountStatuses } = await call(PAYER, 'ListCreateAccountStatus', { States: ['FAILED'] });
  expect(CreateAccountStatuses).toMatchObject([{ State: 'FAILED', FailureReason }]);
});
