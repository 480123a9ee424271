import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCopy } from '../../src/inventory/index.ts';
import type { SimulatorOptions } from '../../src/simulator/index.ts';
import {
  isReadName,
  type ListName,
  operationNames,
  operations,
  type ReadName,
  type UpstreamSession,
} from '../../src/upstream/index.ts';
import { startUpstream, type UpstreamWorld } from '../support/upstream.ts';
import { copyOf, listAll } from './support/copy-of-simulator.ts';
import { type FakeKept, wall } from './support/fake-kept.ts';

type Request = readonly [operation: ReadName, input: Record<string, unknown>];

const isList = (operation: ReadName): operation is ListName => 'items' in operations[operation];

const idsOf = (kept: FakeKept, list: Parameters<FakeKept['list']>[0]): readonly string[] => [
  ...(kept.list(list).objects?.keys() ?? []),
];

/** Evenly spread ones, with the first and the last: each request is a call. */
const some = (ids: readonly string[], count = 8): readonly string[] =>
  ids.filter((_id, index) => index % Math.ceil(ids.length / count) === 0 || index === ids.length - 1);

/** Requests about the objects of the copy that AWS answers without an error. */
function requestsAbout(kept: FakeKept): readonly Request[] {
  const of = <T>(ids: readonly string[], request: (id: string) => T) => some(ids).map(request);
  const accounts = some(idsOf(kept, 'accounts'));
  const units = some(idsOf(kept, 'organizationalUnits'));
  const roots = idsOf(kept, 'roots');
  const policies = idsOf(kept, 'policies');
  const types = [...new Set([...(kept.lists.policies.objects?.values() ?? [])].map(({ object }) => object.Type))];
  const sent = [...(kept.lists.organizationHandshakes.objects?.values() ?? [])].map(({ object }) => object);
  const parents = sent.flatMap(({ Resources = [] }) =>
    Resources.flatMap(({ Type, Value }) => (Type === 'PARENT_HANDSHAKE' ? Value : [])),
  );
  const filters = [
    {},
    ...[...new Set(sent.map(({ Action }) => Action))].map((ActionType) => ({ Filter: { ActionType } })),
    ...[...new Set(parents)].map((ParentHandshakeId) => ({ Filter: { ParentHandshakeId } })),
  ];
  const resourcePolicies = idsOf(kept, 'resourcePolicy');
  return [
    ['DescribeOrganization', {}],
    ...of(resourcePolicies, (): Request => ['DescribeResourcePolicy', {}]),
    ...of(accounts, (AccountId): Request => ['DescribeAccount', { AccountId }]),
    ...of(units, (OrganizationalUnitId): Request => ['DescribeOrganizationalUnit', { OrganizationalUnitId }]),
    ...of(policies, (PolicyId): Request => ['DescribePolicy', { PolicyId }]),
    ...of(policies, (PolicyId): Request => ['ListTargetsForPolicy', { PolicyId }]),
    ...of(
      [...some(idsOf(kept, 'organizationHandshakes'), 3), ...some(idsOf(kept, 'accountHandshakes'), 3)],
      (HandshakeId): Request => ['DescribeHandshake', { HandshakeId }],
    ),
    ...of(
      [...idsOf(kept, 'inboundResponsibilityTransfers'), ...idsOf(kept, 'outboundResponsibilityTransfers')],
      (Id): Request => ['DescribeResponsibilityTransfer', { Id }],
    ),
    ...of(
      idsOf(kept, 'createAccountStatuses'),
      (CreateAccountRequestId): Request => ['DescribeCreateAccountStatus', { CreateAccountRequestId }],
    ),
    ['ListAccounts', {}],
    ['ListRoots', {}],
    ...[...roots, ...units].flatMap((ParentId): readonly Request[] => [
      ['ListAccountsForParent', { ParentId }],
      ['ListOrganizationalUnitsForParent', { ParentId }],
      ['ListChildren', { ParentId, ChildType: 'ACCOUNT' }],
      ['ListChildren', { ParentId, ChildType: 'ORGANIZATIONAL_UNIT' }],
    ]),
    ...of([...accounts, ...units], (ChildId): Request => ['ListParents', { ChildId }]),
    ...types.map((Filter): Request => ['ListPolicies', { Filter }]),
    ...[...roots, ...units, ...accounts].flatMap((TargetId) =>
      types.map((Filter): Request => ['ListPoliciesForTarget', { TargetId, Filter }]),
    ),
    ...of(idsOf(kept, 'tags'), (ResourceId): Request => ['ListTagsForResource', { ResourceId }]),
    ['ListDelegatedAdministrators', {}],
    ...of(
      idsOf(kept, 'enabledServices'),
      (ServicePrincipal): Request => ['ListDelegatedAdministrators', { ServicePrincipal }],
    ),
    ...of(
      idsOf(kept, 'delegatedAdministrators'),
      (AccountId): Request => ['ListDelegatedServicesForAccount', { AccountId }],
    ),
    ['ListAWSServiceAccessForOrganization', {}],
    ...filters.flatMap((filter): readonly Request[] => [
      ['ListHandshakesForOrganization', filter],
      ['ListHandshakesForAccount', filter],
    ]),
    ['ListInboundResponsibilityTransfers', { Type: 'BILLING' }],
    ...of(
      idsOf(kept, 'inboundResponsibilityTransfers'),
      (Id): Request => ['ListInboundResponsibilityTransfers', { Type: 'BILLING', Id }],
    ),
    ['ListOutboundResponsibilityTransfers', { Type: 'BILLING' }],
    ['ListCreateAccountStatus', {}],
    ...(['IN_PROGRESS', 'SUCCEEDED', 'FAILED'] as const).map(
      (state): Request => ['ListCreateAccountStatus', { States: [state] }],
    ),
    ['ListCreateAccountStatus', { States: ['SUCCEEDED', 'FAILED'] }],
  ];
}

/** AWS's items in the order of the copy: AWS documents none. */
function sorted(items: readonly object[]): readonly object[] {
  const keyOf = (item: object) => {
    const members = new Map(Object.entries(item));
    return String(['Id', 'TargetId', 'Key', 'ServicePrincipal'].map((name) => members.get(name)).find(Boolean));
  };
  return [...items].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

async function replyOfAws(session: UpstreamSession, [operation, input]: Request): Promise<object> {
  if (!isList(operation)) return await session.read(operation, input as never);
  const items: readonly unknown[] = await listAll(session, operation, input as never);
  return { [operations[operation].items]: sorted(items as readonly object[]) };
}

const generated: SimulatorOptions = { seed: 'empty', account: '111111111111', accounts: 45 };

describe.each([
  ['the demo', { seed: 'demo' } satisfies SimulatorOptions, 'partner'],
  ['the customer of the demo', { seed: 'demo' } satisfies SimulatorOptions, 'customer'],
  ['a generated organization', generated, 'partner'],
] as const)('in %s', (_name, simulator, as) => {
  let world: UpstreamWorld;
  let session: UpstreamSession;
  let kept: FakeKept;
  beforeAll(async () => {
    world = await startUpstream({ simulator });
    session = world.session({ as, memoize: false, deadlineMs: Number.POSITIVE_INFINITY });
    kept = await copyOf(session);
  });
  afterAll(async () => await world[Symbol.asyncDispose]());

  test('each reply of the copy equals that of AWS', async () => {
    using copy = createCopy(kept);
    const reader = copy.reader(wall(1_000));
    for (const request of requestsAbout(kept)) {
      const [operation, input] = request;
      const reply = reader.reply(operation, input as never);
      expect(reply, request.join(' ')).toEqual({ value: await replyOfAws(session, request), asOf: 1_000 });
    }
  });

  test('only reads of effective policies are missing', () => {
    // The demo's partner has objects of every kind.
    if (as !== 'partner' || simulator.seed !== 'demo') return;
    const requested = new Set<string>(requestsAbout(kept).map(([operation]) => operation));
    expect(operationNames.filter((name) => isReadName(name) && !requested.has(name))).toEqual([
      'DescribeEffectivePolicy',
      'ListAccountsWithInvalidEffectivePolicy',
      'ListEffectivePolicyValidationErrors',
    ]);
  });

  test('each list of the copy has the items of the reply', () => {
    using copy = createCopy(kept);
    const reader = copy.reader(wall(1_000));
    for (const [operation, input] of requestsAbout(kept)) {
      if (!isList(operation)) continue;
      const items: unknown = Reflect.get(
        reader.reply(operation, input as never)?.value ?? {},
        operations[operation].items,
      );
      const list = reader.list(operation, input as never);
      expect(list?.after(undefined, Number.POSITIVE_INFINITY), `${operation} ${JSON.stringify(input)}`).toEqual(items);
    }
  });

  test('while an attached policy is missing, the policies and levels of its target go to AWS', () => {
    using copy = createCopy(kept);
    const [attachment] = kept.lists.policyAttachments.objects?.values() ?? [];
    const { PolicyId = '', TargetId = '' } = attachment?.object ?? {};
    const policy = kept.lists.policies.objects?.get(PolicyId)?.object;
    // A customer may have no policies.
    if (policy?.Type === undefined) return expect(as).toBe('customer');
    const { Type } = policy;
    const answers = () => {
      const reader = copy.reader(wall(1_000));
      const reply = reader.reply('ListPoliciesForTarget', { TargetId, Filter: Type });
      return [reply, reader.policyLevels(TargetId, Type)].map((answer) => answer !== undefined);
    };
    expect(answers()).toEqual([true, true]);
    kept.change('policies', [[PolicyId, undefined]]);
    expect(answers()).toEqual([false, false]);
    kept.change('policies', [[PolicyId, policy]]);
    expect(answers()).toEqual([true, true]);
  });

  test('a request for a page after the first, or about an unknown object, goes to AWS', () => {
    using copy = createCopy(kept);
    const reader = copy.reader(wall(1_000));
    for (const [operation, input] of requestsAbout(kept)) {
      const unknown = Object.entries(input).map(([name, value]) => [name, name.endsWith('Id') ? 'unknown' : value]);
      if (isList(operation)) expect(reader.reply(operation, { ...input, NextToken: 'next' } as never)).toBeUndefined();
      if (Object.keys(input).some((name) => name.endsWith('Id')))
        expect(reader.reply(operation, Object.fromEntries(unknown) as never), operation).toBeUndefined();
    }
  });
});
