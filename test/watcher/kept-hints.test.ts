import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { idsOfEvent } from '../../src/watcher/event-ids.ts';
import { readsOfHint } from '../../src/watcher/kept-hints.ts';
import { organizationEvents } from '../../src/watcher/organization-events.ts';
import type { RequestedRead } from '../../src/watcher/sweep-types.ts';
import { startUpstream, type UpstreamWorld } from '../support/upstream.ts';
import { KeptCopy } from './support/kept-copy.ts';

const account = '210000000001';
const management = '111111111111';
const unit = 'ou-root-workload';
const SCP = 'SERVICE_CONTROL_POLICY';
const TAG = 'TAG_POLICY';
const HIDDEN = 'HIDDEN_DUE_TO_SECURITY_REASONS';

let world: UpstreamWorld;
let copy: KeptCopy;
const ids = { root: '', unit: '', account: '', scp: '', tagPolicy: '', resourcePolicy: '' };

/** A small organization with two enabled policy types, which the copy has read. */
beforeAll(async () => {
  world = await startUpstream();
  const session = world.session({ memoize: false });
  await session.write('CreateOrganization', { FeatureSet: 'ALL' });
  const { items: roots } = await session.page('ListRoots', {});
  const RootId = roots[0]?.Id ?? '';
  const { OrganizationalUnit } = await session.write('CreateOrganizationalUnit', { ParentId: RootId, Name: 'Unit' });
  await session.write('CreateAccount', { AccountName: 'one', Email: 'one@example.com' });
  world.simulator.clock.advance(10_000);
  const { items: accounts } = await session.page('ListAccounts', {});
  const AccountId = accounts.find(({ Name }) => Name === 'one')?.Id ?? '';
  await session.write('EnablePolicyType', { RootId, PolicyType: SCP });
  await session.write('EnablePolicyType', { RootId, PolicyType: TAG });
  const { Policy } = await session.write('CreatePolicy', {
    Name: 'tags',
    Type: TAG,
    Description: '',
    Content: '{"tags":{"team":{"tag_key":{"@@assign":"team"}}}}',
  });
  const ServicePrincipal = 'config.amazonaws.com';
  await session.write('EnableAWSServiceAccess', { ServicePrincipal });
  await session.write('RegisterDelegatedAdministrator', { AccountId, ServicePrincipal });
  const Content = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { AWS: AccountId }, Action: ['organizations:DescribePolicy'], Resource: '*' },
    ],
  });
  const { ResourcePolicy } = await session.write('PutResourcePolicy', { Content });
  Object.assign(ids, {
    root: RootId,
    unit: OrganizationalUnit?.Id,
    account: AccountId,
    scp: 'p-FullAWSAccess',
    tagPolicy: Policy?.PolicySummary?.Id,
    resourcePolicy: ResourcePolicy?.ResourcePolicySummary?.Id,
  });
  copy = new KeptCopy(session);
  await copy.sweep();
});
afterAll(() => world[Symbol.asyncDispose]());

const listOperations: Readonly<Record<string, string>> = {
  createAccountStatuses: 'ListCreateAccountStatus',
  organizationHandshakes: 'ListHandshakesForOrganization',
  accountHandshakes: 'ListHandshakesForAccount',
  inboundResponsibilityTransfers: 'ListInboundResponsibilityTransfers',
  outboundResponsibilityTransfers: 'ListOutboundResponsibilityTransfers',
};

/** Carries the reads out. Returns the calls as `operation member=value …`, each once, sorted. */
const callsOf = async (reads: readonly RequestedRead[]): Promise<readonly string[]> => {
  copy.takeCalls();
  const calls = new Set<string>();
  for (const read of reads) {
    if (read.part === undefined) calls.add(listOperations[read.list] ?? `all of ${read.list}`);
    else await copy.read(read);
  }
  for (const { operation, input } of copy.takeCalls()) {
    const members = Object.entries(input).filter(([name]) => name !== 'MaxResults');
    calls.add([operation, ...members.map(([name, value]) => `${name}=${value}`)].join(' '));
  }
  return [...calls].sort();
};

interface Row {
  readonly event: string;
  readonly detail: () => object;
  readonly calls: () => readonly string[];
}

const handshake = { handshakeId: 'h-examplehandshake' };
const handshakeLists = ['ListHandshakesForAccount', 'ListHandshakesForOrganization'];
const transferLists = ['ListInboundResponsibilityTransfers', 'ListOutboundResponsibilityTransfers'];
const describeAccount = () => `DescribeAccount AccountId=${ids.account}`;
const policiesOf = (target: string) =>
  [SCP, TAG].map((type) => `ListPoliciesForTarget TargetId=${target} Filter=${type}`);
const tagsOf = (id: string) => `ListTagsForResource ResourceId=${id}`;
const newAccount = () => [describeAccount(), ...policiesOf(ids.account), tagsOf(ids.account)];
const request = (requestParameters: object | null, responseElements: object | null = null) => ({
  recipientAccountId: management,
  requestParameters,
  responseElements,
});
const ofAccount = () => request({ accountId: ids.account });
const service = { servicePrincipal: 'config.amazonaws.com' };
const delegation = () => request({ accountId: ids.account, ...service });
const delegationCalls = () => [
  'ListDelegatedAdministrators',
  `ListDelegatedServicesForAccount AccountId=${ids.account}`,
];
const transfer = { id: 'rt-12345678', transferChain: ['rt-12345678'], type: 'BILLING', status: 'ACCEPTED' };
const serviceEvent = (serviceEventDetails: object) => ({ recipientAccountId: management, serviceEventDetails });

/** One row for each event that AWS emits, with the calls that show what it has changed. */
const rows: readonly Row[] = [
  ...['CreateAccount', 'CreateGovCloudAccount'].map((event) => ({
    event,
    detail: () => request({ email: '****', accountName: '****' }, { createAccountStatus: { id: 'car-12345678' } }),
    calls: () => ['ListCreateAccountStatus'],
  })),
  {
    event: 'CreateAccountResult',
    detail: () =>
      serviceEvent({ createAccountStatus: { id: 'car-12345678', state: 'SUCCEEDED', accountId: ids.account } }),
    calls: () => ['ListCreateAccountStatus', ...newAccount()],
  },
  { event: 'CloseAccount', detail: ofAccount, calls: () => [describeAccount()] },
  {
    event: 'CloseAccountResult',
    detail: () => serviceEvent({ closeAccountStatus: { accountId: ids.account, state: 'SUCCEEDED' } }),
    calls: () => [describeAccount()],
  },
  {
    event: 'AccountJoinedOrganization',
    detail: () => serviceEvent({ joinedMethod: 'INVITED', managementAccountId: management, accountId: ids.account }),
    calls: () => ['ListHandshakesForOrganization', ...newAccount()],
  },
  {
    event: 'AccountDepartedOrganization',
    detail: () => ({ ...serviceEvent({ departureMethod: 'LEFT' }), requestParameters: { accountId: ids.account } }),
    calls: () => [describeAccount()],
  },
  { event: 'RemoveAccountFromOrganization', detail: ofAccount, calls: () => [describeAccount()] },
  {
    event: 'LeaveOrganization',
    detail: () => ({ ...request(null), recipientAccountId: ids.account }),
    calls: () => [describeAccount()],
  },
  { event: 'LeaveOrganization', detail: () => ({}), calls: () => ['ListAccounts'] },
  {
    event: 'MoveAccount',
    detail: () => request({ accountId: ids.account, sourceParentId: ids.root, destinationParentId: ids.unit }),
    calls: () => [describeAccount()],
  },
  {
    event: 'CreateOrganization',
    detail: () =>
      request({ featureSet: 'ALL' }, { organization: { id: 'o-exampleorgid', masterAccountId: management } }),
    calls: () => ['DescribeOrganization', 'ListRoots'],
  },
  { event: 'DeleteOrganization', detail: () => request(null), calls: () => ['DescribeOrganization'] },
  {
    event: 'EnableAllFeatures',
    detail: () => request(null, { handshake: { id: 'h-examplehandshake' } }),
    calls: () => ['DescribeOrganization', ...handshakeLists, 'ListRoots'],
  },
  {
    event: 'InviteAccountToOrganization',
    detail: () => request({ target: { type: 'ACCOUNT', id: account } }, { handshake: { id: 'h-examplehandshake' } }),
    calls: () => ['ListHandshakesForOrganization'],
  },
  { event: 'AcceptHandshake', detail: () => request(handshake), calls: () => [...handshakeLists, ...transferLists] },
  {
    event: 'CancelHandshake',
    detail: () => request(handshake),
    calls: () => ['ListHandshakesForOrganization', 'ListInboundResponsibilityTransfers'],
  },
  {
    event: 'DeclineHandshake',
    detail: () => request(handshake),
    calls: () => [...handshakeLists, 'ListOutboundResponsibilityTransfers'],
  },
  {
    event: 'InviteOrganizationToTransferResponsibility',
    detail: () => request({ target: { type: 'ACCOUNT', id: account } }, { handshake: { id: 'h-examplehandshake' } }),
    calls: () => ['ListHandshakesForOrganization', 'ListInboundResponsibilityTransfers'],
  },
  {
    event: 'UpdateResponsibilityTransfer',
    detail: () => request({ id: 'rt-12345678', name: 'n' }),
    calls: () => ['ListInboundResponsibilityTransfers'],
  },
  {
    event: 'TerminateResponsibilityTransfer',
    detail: () => request({ id: 'rt-12345678' }),
    calls: () => transferLists,
  },
  {
    event: 'ResponsibilityTransferAccepted',
    detail: () => serviceEvent(transfer),
    calls: () => [...handshakeLists, ...transferLists],
  },
  { event: 'ResponsibilityTransferTerminated', detail: () => serviceEvent(transfer), calls: () => transferLists },
  {
    event: 'CreateOrganizationalUnit',
    detail: () => request({ parentId: ids.root, name: 'Unit' }, { organizationalUnit: { id: ids.unit, name: 'Unit' } }),
    calls: () => [
      `DescribeOrganizationalUnit OrganizationalUnitId=${ids.unit}`,
      ...policiesOf(ids.unit),
      tagsOf(ids.unit),
    ],
  },
  {
    event: 'CreateOrganizationalUnit',
    detail: () => request({ parentId: ids.root, name: 'Unit' }),
    calls: () => [`ListOrganizationalUnitsForParent ParentId=${ids.root}`],
  },
  ...['UpdateOrganizationalUnit', 'DeleteOrganizationalUnit'].map((event) => ({
    event,
    detail: () => request({ organizationalUnitId: ids.unit }),
    calls: () => [`DescribeOrganizationalUnit OrganizationalUnitId=${ids.unit}`],
  })),
  {
    event: 'CreatePolicy',
    detail: () => request({ type: TAG, content: '{}' }, { policy: { policySummary: { id: ids.tagPolicy } } }),
    calls: () => [`DescribePolicy PolicyId=${ids.tagPolicy}`, tagsOf(ids.tagPolicy)],
  },
  ...['UpdatePolicy', 'DeletePolicy'].map((event) => ({
    event,
    detail: () => request({ policyId: ids.tagPolicy }),
    calls: () => [`DescribePolicy PolicyId=${ids.tagPolicy}`],
  })),
  ...['AttachPolicy', 'DetachPolicy'].map((event) => ({
    event,
    detail: () => request({ policyId: ids.tagPolicy, targetId: ids.unit }),
    calls: () => [`ListPoliciesForTarget TargetId=${ids.unit} Filter=${TAG}`],
  })),
  {
    event: 'AttachPolicy',
    detail: () => request({ policyId: 'p-unknown00', targetId: ids.root }),
    calls: () => policiesOf(ids.root),
  },
  {
    event: 'EnablePolicyType',
    detail: () => request({ rootId: ids.root, policyType: 'RESOURCE_CONTROL_POLICY' }, { root: { id: ids.root } }),
    calls: () => [
      'ListPolicies Filter=RESOURCE_CONTROL_POLICY',
      'ListRoots',
      'ListTargetsForPolicy PolicyId=p-RCPFullAWSAccess',
    ],
  },
  {
    event: 'DisablePolicyType',
    detail: () => request({ rootId: ids.root, policyType: SCP }, { root: { id: ids.root } }),
    calls: () => ['ListRoots', `ListTargetsForPolicy PolicyId=${ids.scp}`],
  },
  {
    event: 'EffectivePolicyValidation',
    detail: () => serviceEvent({ accountId: ids.account, policyType: TAG, state: 'INVALID' }),
    calls: () => [],
  },
  {
    event: 'PutResourcePolicy',
    detail: () =>
      request({ content: HIDDEN }, { resourcePolicy: { resourcePolicySummary: { id: ids.resourcePolicy } } }),
    calls: () => ['DescribeResourcePolicy', tagsOf(ids.resourcePolicy)],
  },
  { event: 'DeleteResourcePolicy', detail: () => request(null), calls: () => ['DescribeResourcePolicy'] },
  ...['TagResource', 'UntagResource'].map((event) => ({
    event,
    detail: () => request({ resourceId: ids.unit, tags: [{ key: account, value: account }], tagKeys: [account] }),
    calls: () => [tagsOf(ids.unit)],
  })),
  { event: 'TagResource', detail: () => request({ resourceId: 'rt-12345678' }), calls: () => [] },
  {
    event: 'Tag Change on Resource',
    detail: () => ({ resources: [`arn:aws:organizations::${management}:account/o-exampleorgid/${ids.account}`] }),
    calls: () => [tagsOf(ids.account)],
  },
  ...['RegisterDelegatedAdministrator', 'DeregisterDelegatedAdministrator'].map((event) => ({
    event,
    detail: delegation,
    calls: delegationCalls,
  })),
  {
    event: 'EnableAWSServiceAccess',
    detail: () => request(service),
    calls: () => ['ListAWSServiceAccessForOrganization'],
  },
  {
    event: 'DisableAWSServiceAccess',
    detail: () => request({ servicePrincipal: 'guardduty.amazonaws.com' }),
    calls: () => ['ListAWSServiceAccessForOrganization', 'ListDelegatedAdministrators'],
  },
  // The services of those that are known to administer the service are read again.
  {
    event: 'DisableAWSServiceAccess',
    detail: () => request(service),
    calls: () => ['ListAWSServiceAccessForOrganization', ...delegationCalls()],
  },
  ...['PutAccountName', 'AcceptPrimaryEmailUpdate'].map((event) => ({
    event,
    detail: ofAccount,
    calls: () => [describeAccount()],
  })),
  {
    event: 'PutAccountName',
    detail: () => ({ recipientAccountId: ids.account, requestParameters: { accountName: '****' } }),
    calls: () => [describeAccount()],
  },
];

const readsOf = (eventName: string, detail: object) =>
  readsOfHint({ eventName, accountIds: [], objectIds: [], ids: idsOfEvent(eventName, detail) }, copy);

test.each(rows.map((row, index) => [row.event, index, row] as const))(
  '%s (row %i) is read with the narrowest calls',
  async (event, _index, { detail, calls }) => {
    expect(await callsOf(readsOf(event, detail()))).toEqual([...calls()].sort());
  },
);

test('each event of AWS has a row', () => {
  expect(new Set(rows.map(({ event }) => event))).toEqual(new Set(organizationEvents.keys()));
});

describe('an event', () => {
  it.each([
    ['of an unknown name', 'ListAccounts', { requestParameters: { accountId: account } }],
    ['with an id that is none', 'TagResource', { requestParameters: { resourceId: '../../etc' } }],
    ['with a policy type that AWS does not have', 'DisablePolicyType', { requestParameters: { policyType: 'NONE' } }],
    [
      'with an id in another place',
      'AttachPolicy',
      { responseElements: { policyId: 'p-FullAWSAccess', targetId: account } },
    ],
    ['whose members are no objects', 'AttachPolicy', { requestParameters: [{ targetId: account }] }],
  ])('%s makes no read of an object', (_name, event, detail) => {
    const parts = readsOf(event, detail).map(({ part }) => part?.operation);
    expect(parts.filter((operation) => operation !== 'ListRoots')).toEqual([]);
  });

  it('names at most 20 ids, at any depth', () => {
    const many = Array.from({ length: 50 }, (_, index) => String(300_000_000_000 + index));
    let deep: unknown = account;
    for (let level = 0; level < 10_000; level += 1) deep = { deep };
    const { account: found } = idsOfEvent('AccountJoinedOrganization', { serviceEventDetails: { many, deep } });
    expect(found).toEqual(many.slice(0, 20));
    expect(idsOfEvent('AccountJoinedOrganization', { serviceEventDetails: { deep } })).toEqual({});
  });

  it('of a membership whose account is not named reads all accounts', async () => {
    const detail = serviceEvent({ departureMethod: 'LEFT', managementAccountId: management });
    expect(await callsOf(readsOf('AccountDepartedOrganization', detail))).toEqual(['ListAccounts']);
  });

  it('names ids in the spelling of the API too, as own writes do', () => {
    const write = { requestParameters: { AccountId: account, SourceParentId: 'r-root', DestinationParentId: unit } };
    expect(idsOfEvent('MoveAccount', write)).toEqual({ account: [account], parent: ['r-root', unit] });
  });
});
