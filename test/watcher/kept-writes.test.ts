import * as sdk from '@aws-sdk/client-organizations';
import { beforeAll, describe, expect, it } from 'vitest';
import type { SimulatorOptions } from '../../src/simulator/index.ts';
import { dumpWorld } from '../../src/simulator/worlds/dump-world.ts';
import type { CompletedWrite, Input, UpstreamSession, WriteName } from '../../src/upstream/index.ts';
import { keptKinds, type SweptListName } from '../../src/watcher/kept-kinds.ts';
import { isSwept, keptEffectsOf } from '../../src/watcher/kept-writes.ts';
import type { KeptEffects } from '../../src/watcher/sweep-types.ts';
import { readsOfUncertainWrite } from '../../src/watcher/uncertain-writes.ts';
import { clientOf } from '../simulator/support.ts';
import { startUpstream, type UpstreamWorld } from '../support/upstream.ts';
import { KeptCopy, sweptLists } from './support/kept-copy.ts';
import { expectSimulatedCopy } from './support/simulated-copy.ts';

const accounts = { partner: '111111111111', customer: '444444444444', newcomer: '222222222222' } as const;
const CONFIG = 'config.amazonaws.com';
const GUARDDUTY = 'guardduty.amazonaws.com';
const Tags = [{ Key: 'team', Value: 'platform' }];
const documentOf = (Action: string) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action, Resource: '*' }] });
const delegationTo = (AWS: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS }, Action: ['organizations:DescribePolicy'], Resource: '*' }],
  });

/** A small organization of `partner` with at least one object in each list. `customer` is in no organization. */
let seed: NonNullable<SimulatorOptions['seed']> = 'empty';
const ids = {
  root: '',
  workloads: '',
  production: '',
  spare: '',
  one: '',
  two: '',
  attached: '',
  detached: '',
  tagPolicy: '',
  resourcePolicy: '',
};

beforeAll(async () => {
  await using world = await startUpstream();
  const session = world.session();
  await session.write('CreateOrganization', { FeatureSet: 'ALL' });
  const { items } = await session.page('ListRoots', {});
  const root = items[0]?.Id ?? '';
  const unit = async (Name: string, ParentId: string) => {
    const { OrganizationalUnit } = await session.write('CreateOrganizationalUnit', { Name, ParentId });
    return OrganizationalUnit?.Id ?? '';
  };
  const account = async (AccountName: string) => {
    await session.write('CreateAccount', { AccountName, Email: `${AccountName}@example.com` });
    world.simulator.clock.advance(10_000);
    const { items } = await session.page('ListAccounts', {});
    return items.find(({ Name }) => Name === AccountName)?.Id ?? '';
  };
  const policy = async (Name: string, Type: sdk.PolicyType, Content: string) => {
    const input = { Name, Type, Content, Description: '', Tags };
    return (await session.write('CreatePolicy', input)).Policy?.PolicySummary?.Id ?? '';
  };
  await session.write('EnablePolicyType', { RootId: root, PolicyType: 'SERVICE_CONTROL_POLICY' });
  await session.write('EnablePolicyType', { RootId: root, PolicyType: 'TAG_POLICY' });
  const workloads = await unit('Workloads', root);
  const production = await unit('Production', workloads);
  const one = await account('one');
  Object.assign(ids, { root, workloads, production, one, two: await account('two') });
  Object.assign(ids, { spare: await unit('Spare', root) });
  await session.write('MoveAccount', { AccountId: one, SourceParentId: root, DestinationParentId: production });
  Object.assign(ids, {
    attached: await policy('attached', 'SERVICE_CONTROL_POLICY', documentOf('s3:*')),
    detached: await policy('detached', 'SERVICE_CONTROL_POLICY', documentOf('ec2:*')),
    tagPolicy: await policy('tag policy', 'TAG_POLICY', '{"tags":{"team":{"tag_key":{"@@assign":"team"}}}}'),
  });
  for (const TargetId of [one, workloads]) await session.write('AttachPolicy', { PolicyId: ids.attached, TargetId });
  await session.write('AttachPolicy', { PolicyId: ids.tagPolicy, TargetId: root });
  for (const ServicePrincipal of [CONFIG, GUARDDUTY]) {
    await session.write('EnableAWSServiceAccess', { ServicePrincipal });
    await session.write('RegisterDelegatedAdministrator', { AccountId: one, ServicePrincipal });
  }
  await session.write('TagResource', { ResourceId: one, Tags: [...Tags, { Key: 'stage', Value: 'live' }] });
  const { ResourcePolicy } = await session.write('PutResourcePolicy', { Content: delegationTo(one), Tags });
  Object.assign(ids, { resourcePolicy: ResourcePolicy?.ResourcePolicySummary?.Id });
  for (const { quotas } of world.simulator.world.organizations.values()) Object.assign(quotas, { inboundTransfers: 5 });
  seed = dumpWorld(world.simulator.world);
});

interface Stage {
  readonly world: UpstreamWorld;
  readonly session: UpstreamSession;
  /** A client of an account that has no principal. */
  readonly newcomer: sdk.OrganizationsClient;
}

interface Case<O extends WriteName> {
  readonly as?: 'partner' | 'customer';
  /** Runs before the copy is read. Returns an id for `input`. */
  readonly arrange?: (stage: Stage) => Promise<string | undefined>;
  readonly input: (id: string) => Input<O>;
  /** The lists that are right only after the reads. Undefined if the write has no effects. */
  readonly readFirst: readonly SweptListName[] | undefined;
  /** Lists from which the reads of others remove objects, or to which they add parts. */
  readonly dependent?: readonly SweptListName[];
}

const invite = async (session: UpstreamSession, Id: string) => {
  const { Handshake } = await session.write('InviteAccountToOrganization', { Target: { Type: 'ACCOUNT', Id } });
  return Handshake?.Id ?? '';
};

const month = (world: UpstreamWorld, ahead: number) => {
  const date = new Date(world.simulator.clock.now());
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + ahead, 1));
};

const transferInput = (world: UpstreamWorld, Id: string) =>
  ({
    Type: 'BILLING',
    Target: { Type: 'ACCOUNT', Id },
    StartTimestamp: month(world, 2),
    SourceName: 'Bill',
  }) as const;

/** Sends an invitation to transfer the customer's bill to the partner. */
const inviteToTransfer = async ({ world, session }: Stage): Promise<sdk.Handshake | undefined> => {
  await world.session({ as: 'customer' }).write('CreateOrganization', { FeatureSet: 'ALL' });
  const input = transferInput(world, accounts.customer);
  return (await session.write('InviteOrganizationToTransferResponsibility', input)).Handshake;
};

const transferOf = (handshake: sdk.Handshake | undefined) =>
  handshake?.Resources?.find(({ Type }) => Type === 'RESPONSIBILITY_TRANSFER')?.Value;

const acceptedTransfer = async (stage: Stage) => {
  const handshake = await inviteToTransfer(stage);
  await stage.world.session({ as: 'customer' }).write('AcceptHandshake', { HandshakeId: handshake?.Id });
  return transferOf(handshake);
};

/** Creates an organization of `customer` with consolidated billing and a member. */
const createBillingOrganization = async ({ session, newcomer }: Stage) => {
  await session.write('CreateOrganization', { FeatureSet: 'CONSOLIDATED_BILLING' });
  const HandshakeId = await invite(session, accounts.newcomer);
  await newcomer.send(new sdk.AcceptHandshakeCommand({ HandshakeId }));
};

const all = sweptLists;
const none = undefined;

type Cases = { readonly [O in WriteName]: readonly (readonly [string, Case<O>])[] };

const cases: Cases = {
  CreateOrganization: [
    [
      'a new organization',
      { as: 'customer', input: () => ({}), readFirst: all.filter((list) => list !== 'organization') },
    ],
  ],
  DeleteOrganization: [
    [
      'the only account',
      {
        as: 'customer',
        arrange: async ({ session }) => (await session.write('CreateOrganization', {})).Organization?.Id,
        input: () => ({}),
        readFirst: all.filter((list) => list !== 'organization'),
      },
    ],
  ],
  LeaveOrganization: [
    [
      'a member',
      {
        as: 'customer',
        async arrange({ world, session }) {
          const HandshakeId = await invite(world.session(), accounts.customer);
          await session.write('AcceptHandshake', { HandshakeId });
          return undefined;
        },
        input: () => ({}),
        readFirst: all.filter((list) => list !== 'organization'),
      },
    ],
  ],
  EnableAllFeatures: [
    [
      'an organization of one account',
      {
        as: 'customer',
        async arrange({ session }) {
          await session.write('CreateOrganization', { FeatureSet: 'CONSOLIDATED_BILLING' });
          return undefined;
        },
        input: () => ({}),
        readFirst: ['organization', 'roots'],
      },
    ],
  ],
  AcceptHandshake: [
    [
      'all features, after the members have approved',
      {
        as: 'customer',
        async arrange(stage) {
          await createBillingOrganization(stage);
          const { session, newcomer } = stage;
          const { Handshake } = await session.write('EnableAllFeatures', {});
          const { items } = await session.page('ListHandshakesForOrganization', {
            Filter: { ParentHandshakeId: Handshake?.Id },
          });
          await newcomer.send(new sdk.AcceptHandshakeCommand({ HandshakeId: items[0]?.Id }));
          return Handshake?.Id;
        },
        input: (HandshakeId) => ({ HandshakeId }),
        readFirst: ['roots'],
      },
    ],
    [
      'a transfer',
      {
        as: 'customer',
        arrange: async ({ world }) => (await inviteToTransfer({ ...stageOf(world), session: world.session() }))?.Id,
        input: (HandshakeId) => ({ HandshakeId }),
        readFirst: none,
      },
    ],
  ],
  CancelHandshake: [
    [
      'an invitation',
      {
        arrange: ({ session }) => invite(session, accounts.newcomer),
        input: (HandshakeId) => ({ HandshakeId }),
        readFirst: none,
      },
    ],
  ],
  DeclineHandshake: [
    [
      'an invitation',
      {
        as: 'customer',
        arrange: ({ world }) => invite(world.session(), accounts.customer),
        input: (HandshakeId) => ({ HandshakeId }),
        readFirst: none,
      },
    ],
  ],
  InviteAccountToOrganization: [
    ['an account', { input: () => ({ Target: { Type: 'ACCOUNT', Id: accounts.newcomer }, Tags }), readFirst: none }],
  ],
  InviteOrganizationToTransferResponsibility: [
    [
      'an organization',
      {
        async arrange({ world }) {
          await world.session({ as: 'customer' }).write('CreateOrganization', {});
          return month(world, 2).toISOString();
        },
        input: (start) => ({
          Type: 'BILLING',
          Target: { Type: 'ACCOUNT', Id: accounts.customer },
          StartTimestamp: new Date(start),
          SourceName: 'Bill',
        }),
        readFirst: none,
      },
    ],
  ],
  UpdateResponsibilityTransfer: [
    ['a name', { arrange: acceptedTransfer, input: (Id) => ({ Id, Name: 'Another' }), readFirst: none }],
  ],
  TerminateResponsibilityTransfer: [
    ['a transfer', { arrange: acceptedTransfer, input: (Id) => ({ Id }), readFirst: none }],
  ],
  CreateAccount: [
    ['an account', { input: () => ({ Email: 'three@example.com', AccountName: 'three', Tags }), readFirst: none }],
  ],
  CreateGovCloudAccount: [
    [
      'an account',
      {
        async arrange({ world }) {
          Object.assign(world.simulator.world.accounts.get(accounts.partner) ?? {}, {
            govCloudAccountId: '999999999990',
          });
          return undefined;
        },
        input: () => ({ Email: 'three@example.com', AccountName: 'three' }),
        readFirst: none,
      },
    ],
  ],
  CloseAccount: [['a delegated administrator', { input: () => ({ AccountId: ids.one }), readFirst: [] }]],
  MoveAccount: [
    [
      'into a unit',
      {
        input: () => ({ AccountId: ids.two, SourceParentId: ids.root, DestinationParentId: ids.production }),
        readFirst: [],
      },
    ],
    [
      'into the root',
      {
        input: () => ({ AccountId: ids.one, SourceParentId: ids.production, DestinationParentId: ids.root }),
        readFirst: [],
      },
    ],
  ],
  RemoveAccountFromOrganization: [
    [
      'an account with attachments and tags',
      {
        async arrange({ world, session }) {
          for (const ServicePrincipal of [CONFIG, GUARDDUTY]) {
            await session.write('DeregisterDelegatedAdministrator', { AccountId: ids.one, ServicePrincipal });
          }
          world.simulator.clock.advance(30 * 86_400_000);
          return undefined;
        },
        input: () => ({ AccountId: ids.one }),
        readFirst: [],
      },
    ],
  ],
  CreateOrganizationalUnit: [
    ['with tags', { input: () => ({ ParentId: ids.workloads, Name: 'Staging', Tags }), readFirst: [] }],
  ],
  UpdateOrganizationalUnit: [
    ['another name', { input: () => ({ OrganizationalUnitId: ids.production, Name: 'Live' }), readFirst: [] }],
  ],
  DeleteOrganizationalUnit: [['an empty unit', { input: () => ({ OrganizationalUnitId: ids.spare }), readFirst: [] }]],
  CreatePolicy: [
    [
      'of an enabled type',
      {
        input: () => ({
          Type: 'SERVICE_CONTROL_POLICY',
          Name: 'new',
          Description: 'd',
          Content: documentOf('iam:*'),
          Tags,
        }),
        readFirst: [],
      },
    ],
    [
      'of a type that is not enabled',
      {
        input: () => ({
          Type: 'BACKUP_POLICY',
          Name: 'new',
          Description: '',
          Content: '{"plans":{"Daily":{"regions":{"@@assign":["eu-west-1"]}}}}',
        }),
        readFirst: none,
      },
    ],
  ],
  UpdatePolicy: [
    [
      'name, description and content',
      {
        input: () => ({ PolicyId: ids.attached, Name: 'n', Description: 'd', Content: documentOf('iam:*') }),
        readFirst: [],
      },
    ],
  ],
  DeletePolicy: [['with tags', { input: () => ({ PolicyId: ids.detached }), readFirst: [] }]],
  AttachPolicy: [['to a unit', { input: () => ({ PolicyId: ids.detached, TargetId: ids.spare }), readFirst: [] }]],
  DetachPolicy: [['from an account', { input: () => ({ PolicyId: ids.attached, TargetId: ids.one }), readFirst: [] }]],
  EnablePolicyType: [
    [
      'with a policy that AWS attaches everywhere',
      {
        input: () => ({ RootId: ids.root, PolicyType: 'RESOURCE_CONTROL_POLICY' }),
        readFirst: ['roots', 'policies', 'policyAttachments'],
        dependent: ['policyContents'],
      },
    ],
  ],
  DisablePolicyType: [
    [
      'with attachments',
      {
        input: () => ({ RootId: ids.root, PolicyType: 'SERVICE_CONTROL_POLICY' }),
        readFirst: ['roots', 'policyAttachments'],
        dependent: ['policies', 'policyContents', 'tags'],
      },
    ],
  ],
  PutResourcePolicy: [
    ['another content', { input: () => ({ Content: delegationTo(ids.two) }), readFirst: [] }],
    [
      'a new one with tags',
      {
        async arrange({ session }) {
          await session.write('DeleteResourcePolicy', {});
          return undefined;
        },
        input: () => ({ Content: delegationTo(ids.two), Tags }),
        readFirst: [],
      },
    ],
  ],
  DeleteResourcePolicy: [['with tags', { input: () => ({}), readFirst: [] }]],
  TagResource: [
    [
      'a new key and a new value',
      {
        input: () => ({
          ResourceId: ids.one,
          Tags: [
            { Key: 'stage', Value: 'test' },
            { Key: 'owner', Value: 'x' },
          ],
        }),
        readFirst: [],
      },
    ],
    ['a resource policy', { input: () => ({ ResourceId: ids.resourcePolicy, Tags }), readFirst: [] }],
    ['a transfer', { arrange: acceptedTransfer, input: (ResourceId) => ({ ResourceId, Tags }), readFirst: none }],
  ],
  UntagResource: [
    [
      'a key that it has and one that it has not',
      { input: () => ({ ResourceId: ids.one, TagKeys: ['stage', 'x'] }), readFirst: [] },
    ],
  ],
  RegisterDelegatedAdministrator: [
    ['a new administrator', { input: () => ({ AccountId: ids.two, ServicePrincipal: CONFIG }), readFirst: [] }],
    [
      'another service',
      {
        async arrange({ session }) {
          await session.write('DeregisterDelegatedAdministrator', { AccountId: ids.one, ServicePrincipal: CONFIG });
          return undefined;
        },
        input: () => ({ AccountId: ids.one, ServicePrincipal: CONFIG }),
        readFirst: [],
      },
    ],
  ],
  DeregisterDelegatedAdministrator: [
    ['one of two services', { input: () => ({ AccountId: ids.one, ServicePrincipal: CONFIG }), readFirst: [] }],
    [
      'the last service',
      {
        async arrange({ session }) {
          await session.write('DeregisterDelegatedAdministrator', { AccountId: ids.one, ServicePrincipal: CONFIG });
          return undefined;
        },
        input: () => ({ AccountId: ids.one, ServicePrincipal: GUARDDUTY }),
        readFirst: [],
      },
    ],
  ],
  EnableAWSServiceAccess: [['a service', { input: () => ({ ServicePrincipal: 'sso.amazonaws.com' }), readFirst: [] }]],
  DisableAWSServiceAccess: [
    ['a service with an administrator', { input: () => ({ ServicePrincipal: CONFIG }), readFirst: [] }],
  ],
};

const stageOf = (world: UpstreamWorld, as: 'partner' | 'customer' = 'partner'): Stage => ({
  world,
  session: world.session({ as, priority: 'background', memoize: false }),
  newcomer: clientOf(world.simulator, accounts.newcomer),
});

const apply = (copy: KeptCopy, { puts, deletes }: KeptEffects) => {
  for (const { list, id } of deletes) copy.delete(list, id);
  for (const { list, object } of puts) {
    const id = keptKinds[list as SweptListName].id(object as never);
    if (id === undefined) throw new Error(`a put of ${list} has no id`);
    copy.put(list, id, object);
  }
};

/** The lists that may not be used before they are read. */
const unknownLists = ({ puts, deletes, reads }: KeptEffects): readonly string[] => {
  const known = new Set([...puts, ...deletes].map(({ list }) => list));
  return [...new Set(reads.map(({ list }) => list))].filter((list) => !known.has(list));
};

/** Lists with nothing but objects of a new object, which no read can name before its id is known. */
const ofNewObject: { readonly [O in WriteName]?: readonly SweptListName[] } = {
  CreatePolicy: ['policyContents', 'tags'],
  CreateOrganizationalUnit: ['tags'],
  PutResourcePolicy: ['tags'],
};

/** The reads after a write whose reply is lost show all that it has changed, and their lists are all that it may change. */
const expectReadsToShow = async (
  write: Pick<CompletedWrite, 'operation' | 'input'>,
  copy: KeptCopy,
  dependent: readonly SweptListName[],
  compare: (lists: readonly SweptListName[]) => void,
) => {
  const reads = readsOfUncertainWrite(write, copy).filter(isSwept);
  const changed = new Set([...reads.map(({ list }) => list), ...dependent, ...(ofNewObject[write.operation] ?? [])]);
  compare(sweptLists.filter((list) => !changed.has(list)));
  for (const read of reads) await copy.read(read);
  await copy.readNewParts();
  copy.dropOrphans();
  compare(sweptLists);
};

describe.each(Object.keys(cases) as WriteName[])('%s', (operation) => {
  it.each(cases[operation] as readonly [string, Case<WriteName>][])('%s', async (_name, test) => {
    const { as = 'partner', arrange, input, readFirst, dependent = [] } = test;
    await using world = await startUpstream({ simulator: { seed } });
    const stage = stageOf(world, as);
    const id = (await arrange?.(stage)) ?? '';
    const copy = new KeptCopy(stage.session);
    const isMember = operation === 'LeaveOrganization';
    await copy.sweep(isMember ? ['organization'] : sweptLists);
    const uncertain = copy.clone();
    const writes: CompletedWrite[] = [];
    world.upstream.onWrite((write) => write.output && writes.push(write));
    await stage.session.write(operation, input(id));
    await expectReadsToShow({ operation, input: input(id) }, uncertain, dependent, (lists) =>
      expectSimulatedCopy(uncertain, world.simulator, accounts[as], lists),
    );
    const [write] = writes;
    const effects = write && keptEffectsOf(write, copy);
    const compare = (lists: readonly SweptListName[]) =>
      expectSimulatedCopy(copy, world.simulator, accounts[as], lists);

    if (readFirst === undefined || effects === undefined) {
      expect([effects, readFirst]).toEqual([undefined, undefined]);
      compare(sweptLists);
      return;
    }
    expect([...unknownLists(effects)].sort()).toEqual([...readFirst].sort());
    apply(copy, effects);
    compare(sweptLists.filter((list) => !readFirst.includes(list) && !dependent.includes(list)));
    for (const read of effects.reads) await copy.read(read);
    await copy.readNewParts();
    copy.dropOrphans();
    compare(sweptLists);
  });
});

it('an accepted invitation makes all lists unknown, as the principal is in another organization', async () => {
  await using world = await startUpstream({ simulator: { seed } });
  const HandshakeId = await invite(world.session(), accounts.customer);
  const session = world.session({ as: 'customer' });
  const copy = new KeptCopy(session);
  await copy.sweep();
  const input = { HandshakeId };
  const output = await session.write('AcceptHandshake', input);
  const effects = keptEffectsOf({ operation: 'AcceptHandshake', input, output }, copy);
  expect(effects && [...unknownLists(effects)].sort()).toEqual([...sweptLists].sort());
});

it('changes tags, administrators and parents only if they are known, and reads them', async () => {
  await using world = await startUpstream({ simulator: { seed } });
  const copy = new KeptCopy(world.session());
  for (const write of [
    { operation: 'TagResource', input: { ResourceId: ids.one, Tags } },
    { operation: 'UntagResource', input: { ResourceId: ids.one, TagKeys: ['team'] } },
    { operation: 'RegisterDelegatedAdministrator', input: { AccountId: ids.one, ServicePrincipal: CONFIG } },
    { operation: 'DeregisterDelegatedAdministrator', input: { AccountId: ids.one, ServicePrincipal: CONFIG } },
    { operation: 'MoveAccount', input: { AccountId: ids.one, DestinationParentId: ids.root } },
    { operation: 'CloseAccount', input: { AccountId: ids.one } },
  ] as const) {
    const effects = keptEffectsOf({ ...write, output: {} } as never, copy);
    expect(effects, write.operation).toMatchObject({ puts: [], deletes: [], reads: [{ part: expect.anything() }] });
  }
});
