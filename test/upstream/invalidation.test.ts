import { expect, it } from 'vitest';
import { createClock } from '../../src/simulator/index.ts';
import type { Input, OperationName, ReadName, WriteName } from '../../src/upstream/index.ts';
import { operationNames } from '../../src/upstream/index.ts';
import { startUpstream, type UpstreamWorld } from '../support/upstream.ts';

type AnyRead = { [O in ReadName]: readonly [O, Input<O>] }[ReadName];

const dayMs = 86_400_000;
const policyText = (n: number) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Sid: `s${n}`, Effect: 'Deny', Action: 'a4b:*', Resource: '*' }],
  });
const tagPolicy = JSON.stringify({ tags: { team: { tag_key: { '@@assign': 'Team' } } } });
const resourcePolicy = (principal: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'delegate',
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${principal}:root` },
        Action: 'organizations:ListAccounts',
        Resource: '*',
      },
    ],
  });

/** The ids of all objects in the story, and every read of them. */
class KnownIds {
  readonly accounts = new Set(['444444444444']);
  readonly parents = new Set<string>();
  readonly policies = new Set<string>();
  readonly handshakes = new Set<string>();
  readonly transfers = new Set<string>();
  readonly requests = new Set<string>();

  reads(): AnyRead[] {
    const types = ['SERVICE_CONTROL_POLICY', 'TAG_POLICY'] as const;
    const units = [...this.parents].filter((id) => id.startsWith('ou-'));
    const targets = [...this.accounts, ...this.parents];
    return [
      ['DescribeOrganization', {}],
      ['DescribeResourcePolicy', {}],
      ['ListRoots', {}],
      ['ListAccounts', {}],
      ['ListCreateAccountStatus', {}],
      ['ListHandshakesForAccount', {}],
      ['ListHandshakesForOrganization', {}],
      ['ListInboundResponsibilityTransfers', { Type: 'BILLING' }],
      ['ListOutboundResponsibilityTransfers', { Type: 'BILLING' }],
      ['ListDelegatedAdministrators', {}],
      ['ListAWSServiceAccessForOrganization', {}],
      ['ListAccountsWithInvalidEffectivePolicy', { PolicyType: 'TAG_POLICY' }],
      ...types.map((Filter): AnyRead => ['ListPolicies', { Filter }]),
      ...[...this.accounts].flatMap((AccountId): AnyRead[] => [
        ['DescribeAccount', { AccountId }],
        ['ListParents', { ChildId: AccountId }],
        ['ListDelegatedServicesForAccount', { AccountId }],
        ['DescribeEffectivePolicy', { PolicyType: 'TAG_POLICY', TargetId: AccountId }],
        ['ListEffectivePolicyValidationErrors', { AccountId, PolicyType: 'TAG_POLICY' }],
      ]),
      ...[...this.parents].flatMap((ParentId): AnyRead[] => [
        ['ListAccountsForParent', { ParentId }],
        ['ListOrganizationalUnitsForParent', { ParentId }],
        ['ListChildren', { ParentId, ChildType: 'ACCOUNT' }],
        ['ListChildren', { ParentId, ChildType: 'ORGANIZATIONAL_UNIT' }],
      ]),
      ...units.flatMap((id): AnyRead[] => [
        ['DescribeOrganizationalUnit', { OrganizationalUnitId: id }],
        ['ListParents', { ChildId: id }],
      ]),
      ...targets.flatMap((TargetId) => types.map((Filter): AnyRead => ['ListPoliciesForTarget', { TargetId, Filter }])),
      ...[...targets, ...this.policies, ...this.transfers].map(
        (id): AnyRead => ['ListTagsForResource', { ResourceId: id }],
      ),
      ...[...this.policies].flatMap((PolicyId): AnyRead[] => [
        ['DescribePolicy', { PolicyId }],
        ['ListTargetsForPolicy', { PolicyId }],
      ]),
      ...[...this.handshakes].map((HandshakeId): AnyRead => ['DescribeHandshake', { HandshakeId }]),
      ...[...this.transfers].map((Id): AnyRead => ['DescribeResponsibilityTransfer', { Id }]),
      ...[...this.requests].map((id): AnyRead => ['DescribeCreateAccountStatus', { CreateAccountRequestId: id }]),
    ];
  }
}

/** Every reply that a principal gets at present, or the code of the error. */
async function readEverything(world: UpstreamWorld, as: string, known: KnownIds, fresh: boolean) {
  const entries = known.reads().map(async ([operation, input]) => {
    // One session per read, because a session serves a Describe from its lists.
    const session = world.session({ as, fresh });
    const answer = await session.read(operation as ReadName, input).catch(({ code }: { code: string }) => code);
    return [`${operation} ${JSON.stringify(input)}`, answer] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

it('after any write, reads of the same principal show it, with a cache that never expires', async () => {
  const clock = createClock({ start: Date.UTC(2026, 4, 10), rate: 0 });
  await using world = await startUpstream({
    simulator: {
      clock,
      settings: {
        quotas: { accounts: 20, inboundTransfers: 5, outboundTransfers: 2, transferChain: 2, aggregateTransfers: 100 },
      },
    },
    upstream: { cacheMs: 3_600_000 },
  });
  world.simulator.world.addAccount({
    id: '111111111111',
    name: 'Partner',
    email: 'partner@example.com',
    createdAt: clock.now(),
    state: 'ACTIVE',
    stateSince: clock.now(),
    missingPrerequisites: new Set(),
    sellerOfRecord: 'AWS',
    // CreateGovCloudAccount needs it.
    govCloudAccountId: '111111111112',
    tags: new Map(),
  });
  const known = new KnownIds();
  const written = new Set<OperationName>();

  // Its cache holds the present state.
  let upToDate: string | undefined;
  const write = async <O extends WriteName>(operation: O, input: Input<O>, as = 'partner') => {
    if (upToDate !== as) await readEverything(world, as, known, true);
    await readEverything(world, as, known, false);
    const output = await world.session({ as }).write(operation, input);
    written.add(operation);
    const cached = await readEverything(world, as, known, false);
    const actual = await readEverything(world, as, known, true);
    expect(cached, `after ${operation}`).toEqual(actual);
    upToDate = as;
    return output;
  };
  const pass = (ms: number) => {
    clock.advance(ms);
    upToDate = undefined;
  };
  const id = (value: string | undefined, among: Set<string>) => {
    if (value === undefined) throw new Error('no id');
    among.add(value);
    return value;
  };

  // Organizations and their accounts.
  await write('CreateOrganization', { FeatureSet: 'CONSOLIDATED_BILLING' });
  const { Handshake: allFeatures } = await write('EnableAllFeatures', {});
  await write('AcceptHandshake', { HandshakeId: allFeatures?.Id });
  await write('CreateOrganization', {}, 'customer');
  const { Roots } = await world.session().read('ListRoots', {});
  const RootId = id(Roots?.[0]?.Id, known.parents);
  const created = await write('CreateAccount', { AccountName: 'dev', Email: 'dev@example.com' });
  id(created.CreateAccountStatus?.Id, known.requests);
  pass(10_000);
  const { Accounts } = await world.session({ fresh: true }).read('ListAccounts', {});
  const dev = id(Accounts?.find(({ Name }) => Name === 'dev')?.Id, known.accounts);
  await write('CreateGovCloudAccount', { AccountName: 'gov', Email: 'gov@example.com' });
  pass(10_000);

  // Organizational units.
  const unit = await write('CreateOrganizationalUnit', { ParentId: RootId, Name: 'Workloads' });
  const OrganizationalUnitId = id(unit.OrganizationalUnit?.Id, known.parents);
  await write('UpdateOrganizationalUnit', { OrganizationalUnitId, Name: 'Loads' });
  await write('MoveAccount', { AccountId: dev, SourceParentId: RootId, DestinationParentId: OrganizationalUnitId });
  await write('TagResource', { ResourceId: dev, Tags: [{ Key: 'team', Value: 'a' }] });
  await write('UntagResource', { ResourceId: dev, TagKeys: ['team'] });

  // Policies.
  await write('EnablePolicyType', { RootId, PolicyType: 'SERVICE_CONTROL_POLICY' });
  await write('EnablePolicyType', { RootId, PolicyType: 'TAG_POLICY' });
  const policy = await write('CreatePolicy', {
    Name: 'deny',
    Description: '',
    Type: 'SERVICE_CONTROL_POLICY',
    Content: policyText(1),
  });
  const PolicyId = id(policy.Policy?.PolicySummary?.Id, known.policies);
  const tagging = await write('CreatePolicy', {
    Name: 'tags',
    Description: '',
    Type: 'TAG_POLICY',
    Content: tagPolicy,
  });
  const tagPolicyId = id(tagging.Policy?.PolicySummary?.Id, known.policies);
  await write('AttachPolicy', { PolicyId, TargetId: OrganizationalUnitId });
  await write('AttachPolicy', { PolicyId: tagPolicyId, TargetId: RootId });
  await write('UpdatePolicy', { PolicyId, Name: 'deny more', Content: policyText(2) });
  await write('UpdatePolicy', { PolicyId: tagPolicyId, Content: tagPolicy.replace('Team', 'TEAM') });
  await write('MoveAccount', { AccountId: dev, SourceParentId: OrganizationalUnitId, DestinationParentId: RootId });
  await write('DetachPolicy', { PolicyId, TargetId: OrganizationalUnitId });
  await write('DeletePolicy', { PolicyId });
  await write('DisablePolicyType', { RootId, PolicyType: 'TAG_POLICY' });
  await write('DisablePolicyType', { RootId, PolicyType: 'SERVICE_CONTROL_POLICY' });
  await write('DeleteOrganizationalUnit', { OrganizationalUnitId });
  await write('PutResourcePolicy', { Content: resourcePolicy(dev) });
  await write('DeleteResourcePolicy', {});

  // Services.
  const ServicePrincipal = 'config.amazonaws.com';
  await write('EnableAWSServiceAccess', { ServicePrincipal });
  await write('RegisterDelegatedAdministrator', { AccountId: dev, ServicePrincipal });
  await write('DeregisterDelegatedAdministrator', { AccountId: dev, ServicePrincipal });
  await write('DisableAWSServiceAccess', { ServicePrincipal });

  // Handshakes and transfers.
  const invite = async (target: string) => {
    const { Handshake } = await write('InviteAccountToOrganization', { Target: { Type: 'ACCOUNT', Id: target } });
    return { HandshakeId: id(Handshake?.Id, known.handshakes) };
  };
  await write('CancelHandshake', await invite('444444444444'));
  const declined = await invite('444444444444');
  await write('DeclineHandshake', declined, 'customer');
  const transfer = await write('InviteOrganizationToTransferResponsibility', {
    Type: 'BILLING',
    Target: { Type: 'ACCOUNT', Id: '444444444444' },
    StartTimestamp: new Date('2026-06-01T00:00:00Z'),
    SourceName: 'Customer',
  });
  const HandshakeId = id(transfer.Handshake?.Id, known.handshakes);
  const { ResponsibilityTransfers } = await world
    .session({ fresh: true })
    .read('ListInboundResponsibilityTransfers', { Type: 'BILLING' });
  const Id = id(ResponsibilityTransfers?.[0]?.Id, known.transfers);
  await write('AcceptHandshake', { HandshakeId }, 'customer');
  await write('UpdateResponsibilityTransfer', { Id, Name: 'Renamed' });
  await write('TerminateResponsibilityTransfer', { Id, EndTimestamp: new Date('2026-06-30T23:59:59.999Z') });

  // The customer leaves its organization and joins the partner's.
  pass(60 * dayMs);
  await write('DeleteOrganization', {}, 'customer');
  const joining = await invite('444444444444');
  await write('AcceptHandshake', joining, 'customer');
  await write('LeaveOrganization', {}, 'customer');
  const rejoining = await invite('444444444444');
  await write('AcceptHandshake', rejoining, 'customer');
  await write('RemoveAccountFromOrganization', { AccountId: '444444444444' });
  await write('CloseAccount', { AccountId: dev });

  const writes = operationNames.filter((name) => !/^(Describe|List)/.test(name));
  expect(writes.filter((name) => !written.has(name))).toEqual([]);
}, 60_000);
