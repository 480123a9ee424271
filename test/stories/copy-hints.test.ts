import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Simulator } from '../../src/simulator/index.ts';
import { accountIdOf, CopyGateway, copySettings, organizationOf, unitId } from '../support/copied-organization.ts';
import { startUpstream, type UpstreamWorld } from '../support/upstream.ts';

const KEY = 'a key that is hard to guess';
const management = '111111111111';
const account = accountIdOf(3);

let simulator: Simulator;
let gateway: CopyGateway;
let aws: UpstreamWorld;

/** The pollers of the watched lists make no call while a test runs. */
beforeAll(async () => {
  aws = await startUpstream({ simulator: { seed: organizationOf(30) } });
  simulator = aws.simulator;
  gateway = await CopyGateway.start(
    copySettings(simulator.url, {
      hints: { eventbridge: { apiKey: KEY } },
      watch: { minIntervalMs: 600_000, maxIntervalMs: 600_000 },
    }),
  );
  await gateway.untilReady();
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await aws[Symbol.asyncDispose]();
});
beforeEach(() => simulator.control.resetRequests());

/** An event as EventBridge sends it. */
const event = (eventName: string, detail: object, more: object = {}) => ({
  source: 'aws.organizations',
  'detail-type': 'AWS API Call via CloudTrail',
  account: management,
  resources: [],
  detail: { eventName, recipientAccountId: management, ...detail },
  ...more,
});

const post = async (body: object | string) => {
  const { status } = await fetch(new URL('/hints/eventbridge', gateway.gateway.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': KEY },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return status;
};

const calls = () =>
  Object.fromEntries(simulator.control.requests().map(({ operation, count }) => [operation, count] as const));

/** Waits until the copy has a value, then returns the calls that were made since the start of the test. */
async function readsUntil<T>(value: () => Promise<T>, expected: T) {
  await expect.poll(value).toEqual(expected);
  return calls();
}

const copied = async (query: string) => (await gateway.copied(query)).data;
const session = () => aws.session({ memoize: false });

describe('an event', () => {
  it('with an id in requestParameters reads one account', async () => {
    await session().write('MoveAccount', {
      AccountId: account,
      SourceParentId: 'r-root',
      DestinationParentId: unitId,
    });
    simulator.control.resetRequests();
    expect(await post(event('MoveAccount', { requestParameters: { accountId: account } }))).toBe(202);
    const parent = async () => (await copied(`{ account(id: "${account}") { parent { id } } }`)).account.parent.id;
    expect(await readsUntil(parent, unitId)).toEqual({ DescribeAccount: 1 });
  });

  it('with an id in responseElements reads a new unit with its policies and tags', async () => {
    const { OrganizationalUnit: unit } = await session().write('CreateOrganizationalUnit', {
      ...{ ParentId: unitId, Name: 'New', Tags: [{ Key: 'stage', Value: 'test' }] },
    });
    simulator.control.resetRequests();
    const id = unit?.Id ?? '';
    const detail = {
      requestParameters: { parentId: unitId, name: 'New' },
      responseElements: { organizationalUnit: { id } },
    };
    expect(await post(event('CreateOrganizationalUnit', detail))).toBe(202);
    const tags = async () => {
      const { data } = await gateway.ask(`{ organizationalUnit(id: "${id}") { name tags { nodes { key value } } } }`, {
        ...{ maxAge: 600, onlyIfCached: true },
      });
      return data?.organizationalUnit?.tags?.nodes;
    };
    await expect.poll(tags).toEqual([{ key: 'stage', value: 'test' }]);
    await expect.poll(calls).toMatchObject({ DescribeOrganizationalUnit: 1, ListPoliciesForTarget: 1 });
    // The copy reads what belongs to an object that it did not know, too: units below it, and tags again.
    const { DescribeOrganizationalUnit, ListPoliciesForTarget, ListTagsForResource, ...others } = calls();
    expect(ListTagsForResource).toBeLessThanOrEqual(2);
    expect(others).toEqual(
      others['ListOrganizationalUnitsForParent'] === 1 ? { ListOrganizationalUnitsForParent: 1 } : {},
    );
  });

  it('with an id in serviceEventDetails reads an account that has closed', async () => {
    await session().write('CloseAccount', { AccountId: account });
    simulator.clock.advance(600_000);
    simulator.control.resetRequests();
    const detail = { serviceEventDetails: { closeAccountStatus: { accountId: account, state: 'SUCCEEDED' } } };
    expect(await post(event('CloseAccountResult', detail))).toBe(202);
    const state = async () => (await copied(`{ account(id: "${account}") { state } }`)).account.state;
    await expect.poll(state).not.toBe('ACTIVE');
    expect(calls()).toEqual({ DescribeAccount: 1 });
  });

  it('with an ARN in resources reads the tags of one resource', async () => {
    const id = accountIdOf(5);
    await session().write('TagResource', { ResourceId: id, Tags: [{ Key: 'team', Value: 'blue' }] });
    simulator.control.resetRequests();
    const resources = [`arn:aws:organizations::${management}:account/o-exampleorgid/${id}`];
    const change = { source: 'aws.tag', 'detail-type': 'Tag Change on Resource', account: management, resources };
    expect(await post({ ...change, detail: { 'changed-tag-keys': ['team'] } })).toBe(202);
    const tags = async () => (await copied(`{ account(id: "${id}") { tags { nodes { value } } } }`)).account.tags.nodes;
    expect(await readsUntil(tags, [{ value: 'blue' }])).toEqual({ ListTagsForResource: 1 });
  });

  it('of an account in no organization of a copy makes no call', async () => {
    const other = { account: '999999999999' };
    const detail = { recipientAccountId: '999999999999', requestParameters: { accountId: '999999999999' } };
    expect(await post(event('MoveAccount', detail, other))).toBe(202);
    // Hints are handled in their order.
    expect(await post(event('CloseAccount', { requestParameters: { accountId: accountIdOf(6) } }))).toBe(202);
    await expect.poll(calls).toEqual({ DescribeAccount: 1 });
  });
});

describe('a burst of events', () => {
  it('about one resource makes one call, and another one if the first was sent already', async () => {
    const id = accountIdOf(7);
    await session().write('TagResource', { ResourceId: id, Tags: [{ Key: 'n', Value: 'last' }] });
    simulator.control.resetRequests();
    simulator.control.setFaults({ latencyByOperation: { ListTagsForResource: 300 } });
    const tagged = event('TagResource', { requestParameters: { resourceId: id } });
    const answers = await Promise.all(Array.from({ length: 100 }, () => post(tagged)));
    expect(new Set(answers)).toEqual(new Set([202]));
    const tags = async () => (await copied(`{ account(id: "${id}") { tags { nodes { value } } } }`)).account.tags.nodes;
    await expect.poll(tags).toEqual([{ value: 'last' }]);
    simulator.control.clearFaults();
    // The next event's read is the last.
    const other = accountIdOf(8);
    await session().write('TagResource', { ResourceId: other, Tags: [{ Key: 'n', Value: 'other' }] });
    await post(event('TagResource', { requestParameters: { resourceId: other } }));
    const others = async () =>
      (await copied(`{ account(id: "${other}") { tags { nodes { value } } } }`)).account.tags.nodes;
    await expect.poll(others).toEqual([{ value: 'other' }]);
    expect(simulator.control.requestCount('ListTagsForResource')).toBeLessThanOrEqual(6);
  });

  it('of hostile events makes few calls, and each is answered', async () => {
    const many = Array.from({ length: 5_000 }, (_, number) => String(700_000_000_000 + number));
    const statuses = await Promise.all([
      post(event('AccountJoinedOrganization', { serviceEventDetails: { many } })),
      post(event('TagResource', { requestParameters: { resourceId: many } })),
      post(event('TagResource', { requestParameters: { resourceId: '../../r-root' } })),
      post(event('DisablePolicyType', { requestParameters: { policyType: '__proto__', rootId: {} } })),
      post(event('constructor', {})),
      post(JSON.stringify(event('MoveAccount', { requestParameters: { accountId: 'x'.repeat(300_000) } }))),
      post('{"source":'),
    ]);
    expect(statuses).toEqual([202, 202, 202, 202, 202, 413, 400]);
    const id = accountIdOf(9);
    await session().write('TagResource', { ResourceId: id, Tags: [{ Key: 'n', Value: 'end' }] });
    await post(event('TagResource', { requestParameters: { resourceId: id } }));
    const tags = async () => (await copied(`{ account(id: "${id}") { tags { nodes { value } } } }`)).account.tags.nodes;
    await expect.poll(tags).toEqual([{ value: 'end' }]);
    // At most 20 ids of the first event are read: the account, its policies and tags.
    expect(simulator.control.requestCount('DescribeAccount')).toBeLessThanOrEqual(20);
    expect(simulator.control.requestCount()).toBeLessThanOrEqual(80);
  });
});
