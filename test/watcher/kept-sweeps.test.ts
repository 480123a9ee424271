import { describe, expect, it } from 'vitest';
import { keptKinds, type SweptListName } from '../../src/watcher/kept-kinds.ts';
import type { KeptObjects } from '../../src/watcher/kept-types.ts';
import { startUpstream, type UpstreamWorld } from '../support/upstream.ts';
import { KeptCopy, sweptLists } from './support/kept-copy.ts';
import { expectSimulatedCopy } from './support/simulated-copy.ts';
import { withoutPaths } from './support/without-paths.ts';

const PAYER = '111111111111';

const sum = (a: number, b: number) => a + b;

const sessionOf = ({ session }: UpstreamWorld) => session({ priority: 'background', memoize: false });

const expectEqual = (copy: KeptCopy, { simulator }: UpstreamWorld, lists?: readonly SweptListName[]) =>
  expectSimulatedCopy(copy, simulator, PAYER, lists);

const countsOf = (copy: KeptCopy) => {
  const counts: Record<string, number> = {};
  for (const { operation } of copy.takeCalls()) counts[operation] = (counts[operation] ?? 0) + 1;
  return counts;
};

describe('a sweep', () => {
  it('reads the demo world as the simulator has it, with the fewest calls', async () => {
    await using world = await startUpstream({ simulator: { seed: 'demo' } });
    const copy = new KeptCopy(sessionOf(world));
    await copy.sweep();
    expectEqual(copy, world);
    const sizeOf = (list: SweptListName) => copy.objects(list).size;
    /** The pages of 20 that these objects fill, with at least one page per group. */
    const pages = (sizes: readonly number[]) => sizes.map((size) => Math.max(1, Math.ceil(size / 20))).reduce(sum, 0);
    // A path is "organization/root/unit/…/". AWS allows five levels of units.
    const levelOf = (path = '') => path.split('/').length - 3;
    const mayHaveUnits = Object.values(copy.plain('organizationalUnits')).filter(({ Path }) => levelOf(Path) < 5);
    const parents = [...copy.objects('roots').keys(), ...mayHaveUnits.map(({ Id = '' }) => Id)];
    const sizesIn = (list: SweptListName, member: string, groups: readonly string[]) =>
      groups.map((group) => Object.values(copy.plain(list)).filter((one) => Reflect.get(one, member) === group).length);
    const types = Object.values(copy.plain('roots')).flatMap(({ PolicyTypes = [] }) =>
      PolicyTypes.map(({ Type = '' }) => Type),
    );
    expect(countsOf(copy)).toEqual({
      DescribeOrganization: 1,
      ListRoots: 1,
      ListAccounts: pages([sizeOf('accounts')]),
      ListOrganizationalUnitsForParent: pages(sizesIn('organizationalUnits', 'ParentId', parents)),
      ListPolicies: pages(sizesIn('policies', 'Type', types)),
      ListTargetsForPolicy: pages(sizesIn('policyAttachments', 'PolicyId', [...copy.objects('policies').keys()])),
      DescribePolicy: sizeOf('policies'),
      ListTagsForResource: pages(Object.values(copy.plain('tags')).map(({ Tags }) => Tags.length)),
      ListDelegatedAdministrators: pages([sizeOf('delegatedAdministrators')]),
      ListDelegatedServicesForAccount: pages(
        Object.values(copy.plain('delegatedAdministrators')).map(({ Services }) => Services.length),
      ),
      ListAWSServiceAccessForOrganization: pages([sizeOf('enabledServices')]),
      DescribeResourcePolicy: 1,
    });
    for (const list of sweptLists) expect(sizeOf(list), list).toBeGreaterThan(0);
  });

  it('reads a generated world of several levels, although empty pages come in between', async () => {
    await using world = await startUpstream({ simulator: { seed: 'empty', account: PAYER, accounts: 120 } });
    world.simulator.control.setFaults({ emptyPages: 0.3 });
    const copy = new KeptCopy(sessionOf(world));
    await copy.sweep();
    expectEqual(copy, world);
    expect(copy.objects('accounts').size).toBe(120);
  });

  it('asks no unit of the fifth level for units, as AWS allows no more levels', async () => {
    await using world = await startUpstream({ simulator: { seed: 'empty', account: PAYER, accounts: 1 } });
    const session = sessionOf(world);
    const { Roots = [] } = await session.read('ListRoots', {});
    let ParentId = Roots[0]?.Id;
    for (const Name of ['1', '2', '3', '4', '5']) {
      const { OrganizationalUnit } = await session.write('CreateOrganizationalUnit', { Name, ParentId });
      ParentId = OrganizationalUnit?.Id;
    }
    const copy = new KeptCopy(session);
    await copy.sweep();
    expectEqual(copy, world);
    expect(copy.objects('organizationalUnits').size).toBe(5);
    expect(countsOf(copy)['ListOrganizationalUnitsForParent']).toBe(5);
  });

  it('finds no objects where there is no organization, with one call', async () => {
    await using world = await startUpstream();
    const copy = new KeptCopy(sessionOf(world));
    await copy.sweep();
    expectEqual(copy, world);
    expect(countsOf(copy)).toEqual({ DescribeOrganization: 1 });
  });

  it('does not read what needs all features in an organization with consolidated billing', async () => {
    await using world = await startUpstream();
    const session = sessionOf(world);
    await session.write('CreateOrganization', { FeatureSet: 'CONSOLIDATED_BILLING' });
    const copy = new KeptCopy(session);
    await copy.sweep();
    expectEqual(copy, world);
    expect(Object.keys(countsOf(copy)).sort()).toEqual([
      'DescribeOrganization',
      'ListAccounts',
      'ListOrganizationalUnitsForParent',
      'ListRoots',
      'ListTagsForResource',
    ]);
  });

  it('finds the parents of accounts at an emulator whose replies have no paths, also after a move', async () => {
    await using world = await startUpstream({ simulator: { seed: 'empty', account: PAYER, accounts: 30 } });
    const copy = new KeptCopy(withoutPaths(sessionOf(world)));
    await copy.sweep();
    expectEqual(copy, world, ['accounts']);
    const [moved, other] = world.simulator.world.organizations.values().next().value?.members.values().slice(-2) ?? [];
    const AccountId = moved?.id;
    const SourceParentId = moved?.membership?.parentId;
    const DestinationParentId = other?.membership?.parentId;
    await world.session().write('MoveAccount', { AccountId, SourceParentId, DestinationParentId });
    await copy.sweep();
    expectEqual(copy, world, ['accounts']);
  });

  it('drops policies, attachments, contents and tags with their policy type', async () => {
    await using world = await startUpstream({ simulator: { seed: 'demo', settings: { policyTypeMs: 0 } } });
    const copy = new KeptCopy(sessionOf(world));
    await copy.sweep();
    const before = copy.objects('policyAttachments').size;
    const [RootId] = copy.objects('roots').keys();
    await world.session().write('DisablePolicyType', { RootId, PolicyType: 'SERVICE_CONTROL_POLICY' });
    await copy.sweep();
    expectEqual(copy, world);
    expect(copy.objects('policyAttachments').size).toBeLessThan(before);
  });
});

/** Two versions of an object: whether the second is a change. */
const versions: {
  readonly [L in SweptListName]?: readonly (readonly [string, KeptObjects[L], KeptObjects[L], boolean])[];
} = {
  accounts: [
    ['a reply without Status', { Id: '1', State: 'ACTIVE', Status: 'ACTIVE' }, { Id: '1', State: 'ACTIVE' }, false],
    ['another State', { Id: '1', State: 'ACTIVE' }, { Id: '1', State: 'PENDING_CLOSURE' }, true],
    ['another Status', { Id: '1', Status: 'ACTIVE' }, { Id: '1', Status: 'SUSPENDED' }, true],
    ['another name', { Id: '1', Name: 'a' }, { Id: '1', Name: 'b' }, true],
    ['another parent', { Id: '1', Paths: ['o/r/1/'] }, { Id: '1', Paths: ['o/r/ou/1/'] }, true],
    ['paths in another order', { Id: '1', Paths: ['a', 'b'] }, { Id: '1', Paths: ['b', 'a'] }, false],
  ],
  roots: [
    [
      'policy types in another order',
      { PolicyTypes: [{ Type: 'TAG_POLICY', Status: 'ENABLED' }, { Type: 'BACKUP_POLICY' }] },
      { PolicyTypes: [{ Type: 'BACKUP_POLICY' }, { Type: 'TAG_POLICY', Status: 'ENABLED' }] },
      false,
    ],
    [
      'another status of a policy type',
      { PolicyTypes: [{ Type: 'TAG_POLICY', Status: 'PENDING_ENABLE' }] },
      { PolicyTypes: [{ Type: 'TAG_POLICY', Status: 'ENABLED' }] },
      true,
    ],
  ],
  tags: [
    [
      'tags in another order',
      {
        ResourceId: '1',
        Tags: [
          { Key: 'a', Value: '1' },
          { Key: 'b', Value: '2' },
        ],
      },
      {
        ResourceId: '1',
        Tags: [
          { Key: 'b', Value: '2' },
          { Key: 'a', Value: '1' },
        ],
      },
      false,
    ],
    ['a tag less', { ResourceId: '1', Tags: [{ Key: 'a', Value: '1' }] }, { ResourceId: '1', Tags: [] }, true],
  ],
  delegatedAdministrators: [
    [
      'a date that an own write did not return',
      { Id: '1', Services: [{ ServicePrincipal: 'a' }] },
      { Id: '1', Services: [{ ServicePrincipal: 'a', DelegationEnabledDate: new Date(0) }] },
      false,
    ],
    [
      'another service',
      { Id: '1', Services: [{ ServicePrincipal: 'a' }] },
      { Id: '1', Services: [{ ServicePrincipal: 'b' }] },
      true,
    ],
    [
      'a service that was registered anew',
      { Id: '1', Services: [{ ServicePrincipal: 'a', DelegationEnabledDate: new Date(0) }] },
      { Id: '1', Services: [{ ServicePrincipal: 'a', DelegationEnabledDate: new Date(1) }] },
      true,
    ],
  ],
  policyContents: [['another content', { PolicyId: 'p-1', Content: '{}' }, { PolicyId: 'p-1', Content: '{ }' }, true]],
};

describe.each(Object.keys(versions) as SweptListName[])('in %s', (list) => {
  it.each((versions[list] ?? []) as [string, never, never, boolean][])('%s: %#', (_name, before, after, isChange) => {
    expect(keptKinds[list].isSameVersion(before, after)).toBe(!isChange);
    expect(keptKinds[list].isSameVersion(after, before)).toBe(!isChange);
  });
});

it('roots and accounts are pending while AWS changes them', () => {
  const { roots, accounts } = keptKinds;
  const stateOf = (Status: 'ENABLED' | 'PENDING_ENABLE' | 'PENDING_DISABLE') =>
    roots.state({
      PolicyTypes: [
        { Type: 'TAG_POLICY', Status: 'ENABLED' },
        { Type: 'BACKUP_POLICY', Status },
      ],
    });
  expect(roots.isPending(stateOf('PENDING_ENABLE'))).toBe(true);
  expect(roots.isPending(stateOf('PENDING_DISABLE'))).toBe(true);
  expect(roots.isPending(stateOf('ENABLED'))).toBe(false);
  expect(accounts.isPending(accounts.state({ State: 'PENDING_CLOSURE' }))).toBe(true);
  expect(accounts.isPending(accounts.state({ Status: 'ACTIVE' }))).toBe(false);
});
