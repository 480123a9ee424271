import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answer } from '../support/client.ts';
import { type Accepted, COPY_MS, type CopiedDemo, startCopiedDemo } from '../support/copied-demo.ts';
import { type Demo, startDemo } from '../support/gateway.ts';
import { runs } from '../support/runs.ts';

/** Some requests whose decisions differ between the accounts of the demo. */
const requests = [
  { action: 'ec2:RunInstances' },
  { action: 'kms:ScheduleKeyDeletion', resource: 'arn:aws:kms:eu-west-1:111111111111:key/a' },
  { action: 's3:PutBucketPublicAccessBlock' },
  { action: 's3:GetObject', resource: 'arn:aws:s3:::data/a', principal: { accountId: '999988887777' } },
  { action: 's3:GetObject', resource: 'arn:aws:s3:::data/a', principal: { kind: 'ANONYMOUS' } },
  { action: 'iam:CreateUser', principal: { kind: 'SERVICE_LINKED_ROLE' } },
  { action: 'iam:CreateUser' },
];
type Request = Readonly<Record<string, unknown>>;

const COPY: Accepted = { maxAge: 3_600, onlyIfCached: true };
const LIVE: Accepted = { noCache: true };

let demo: CopiedDemo;
let root: string;
let accounts: readonly { readonly id: string; readonly name: string; readonly parent: { readonly id: string } }[];
beforeAll(async () => {
  demo = await startCopiedDemo();
  const query = '{ organization { root { id } accounts(first: 1000) { nodes { id name parent { id } } } } }';
  const { organization } = (await demo.ask(query, COPY)).data;
  root = organization.root.id;
  accounts = organization.accounts.nodes;
}, COPY_MS + 10_000);
afterAll(() => demo.close());

async function ask(query: string, variables: object, orgql?: Accepted, url = demo.url): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables, ...(orgql && { extensions: { orgql } }) }),
  });
  return await response.json();
}

const reason = 'because { reason target { id } policy { id name } sid statementIndex }';
const decisionFields = `decision ${reason} missingContextKeys serviceControlPolicies resourceControlPolicies`;
const groupFields = `requestIndex action decision ${reason} missingContextKeys accountCount accounts(first: 1000) { nodes { id } }`;
const groupsQuery = `query ($requests: [ControlPolicyRequestInput!]!, $filter: AccountFilter) {
  organization { controlPolicyDecisions(requests: $requests, filter: $filter) { ${groupFields} } } }`;
const eachQuery = `query ($action: String!, $resource: String, $context: [ConditionKeyInput!],
  $principal: ControlPolicyPrincipalInput) { organization { accounts(first: 1000) { nodes { id
  controlPolicyDecision(action: $action, resource: $resource, context: $context, principal: $principal) { ${decisionFields} } } } } }`;

interface Decision {
  readonly decision: string;
  readonly because: object | null;
  readonly missingContextKeys: readonly string[];
}
interface Group extends Decision {
  readonly requestIndex: number;
  readonly action: string;
  readonly accountCount: number;
  readonly accounts: { readonly nodes: readonly { readonly id: string }[] };
}

async function groups(given: readonly Request[], orgql: Accepted, filter?: object, url?: string) {
  const { data, errors, extensions } = await ask(groupsQuery, { requests: given, filter }, orgql, url);
  expect(errors).toBeUndefined();
  const found: readonly Group[] = data.organization.controlPolicyDecisions;
  return { found, calls: extensions.upstream.calls };
}

/** The decision of each account, by its id. */
async function decisions(request: Request, orgql: Accepted = COPY): Promise<Map<string, Decision>> {
  const { data, errors } = await ask(eachQuery, request, orgql);
  expect(errors).toBeUndefined();
  return new Map(
    data.organization.accounts.nodes.map((one: { id: string; controlPolicyDecision: Decision }) => [
      one.id,
      one.controlPolicyDecision,
    ]),
  );
}

const byReason = ({ decision, because }: Decision) => JSON.stringify([decision, because]);

/** Fails unless the groups are the single decisions, with each account in one of them. */
async function expectSame(given: readonly Request[], found: readonly Group[]) {
  for (const [index, request] of given.entries()) {
    const single = await decisions(request);
    const ofRequest = found.filter(({ requestIndex }) => requestIndex === index);
    expect(new Set(ofRequest.map(byReason)).size).toBe(ofRequest.length);
    const members = ofRequest.flatMap((group) => group.accounts.nodes.map(({ id }) => [id, group] as const));
    expect(members.map(([id]) => id).sort()).toEqual([...single.keys()].sort());
    for (const [id, group] of members) expect(byReason(group)).toBe(byReason(single.get(id) as Decision));
    for (const { accountCount, accounts: ofGroup, missingContextKeys, action } of ofRequest) {
      expect(action).toBe(request['action']);
      expect(accountCount).toBe(ofGroup.nodes.length);
      const keys = ofGroup.nodes.flatMap(({ id }) => single.get(id)?.missingContextKeys ?? []);
      expect(missingContextKeys).toEqual([...new Set(keys)].sort());
    }
  }
}

describe('decisions about accounts', () => {
  test('name the statement that denies, and the level of its policy', async () => {
    const query = `{ organization { organizationalUnits(filter: { nameContains: "Sandbox" }) { nodes { id } } } }`;
    const [{ id: sandbox }] = (await ask(query, {}, COPY)).data.organization.organizationalUnits.nodes;
    const inSandbox = accounts.find(({ parent }) => parent.id === sandbox)?.id ?? '';
    const single = await decisions({ action: 'ec2:RunInstances' });
    expect(single.get(inSandbox)).toMatchObject({
      decision: 'DENIED',
      because: { reason: 'EXPLICIT_DENY', target: { id: sandbox }, sid: 'Nolargeinstances', statementIndex: 0 },
      serviceControlPolicies: 'BOUND',
      resourceControlPolicies: 'UNSUPPORTED_SERVICE',
    });
  });

  test('never restrict the management account, and say so', async () => {
    const single = await decisions({ action: 'organizations:LeaveOrganization' });
    const { decision, because } = single.get('222222222222') ?? [...single.values()].at(-1) ?? {};
    expect([decision, because]).not.toEqual(['ALLOWED', null]);
    expect(single.get('111111111111')).toEqual({
      decision: 'ALLOWED',
      because: null,
      missingContextKeys: [],
      serviceControlPolicies: 'MANAGEMENT_ACCOUNT',
      resourceControlPolicies: 'MANAGEMENT_ACCOUNT',
    });
  });

  test('list every statement of each level, with whether it matches', async () => {
    const [{ id } = { id: '' }] = accounts.filter(({ parent }) => parent.id !== root);
    const levels = 'levels { target { id } type outcome statements { policy { id } statementIndex effect match } }';
    const query = `query ($id: ID!) { account(id: $id) { ancestors { id }
      policyLevels(type: SERVICE_CONTROL_POLICY) { target { id } policies { id } }
      controlPolicyDecision(action: "organizations:LeaveOrganization") { ${levels} } } }`;
    const { account } = (await ask(query, { id }, COPY)).data;
    const ids = ({ target }: { target: { id: string } }) => target.id;
    const found = account.controlPolicyDecision.levels;
    expect(found.map(ids)).toEqual([...account.ancestors.map((one: { id: string }) => one.id), id]);
    for (const [index, level] of found.entries()) {
      const policies = level.statements.map(({ policy }: { policy: { id: string } }) => policy.id);
      const attached = account.policyLevels[index].policies.map((one: { id: string }) => one.id);
      expect([...new Set(policies)].sort()).toEqual(attached.sort());
      expect(level.type).toBe('SERVICE_CONTROL_POLICY');
    }
    expect(found[0].outcome).toBe('DENIED');
    expect(found[0].statements.filter(({ match }: { match: string }) => match === 'MATCHES')).toHaveLength(2);
    expect(found[0].statements.some(({ match }: { match: string }) => match === 'NO_MATCH')).toBe(true);
  });

  test('are the same from the copy, without a call, as from AWS', async () => {
    for (const request of requests) expect(await decisions(request, LIVE)).toEqual(await decisions(request, COPY));
    const before = demo.requests();
    await decisions({ action: 'ec2:RunInstances' });
    expect(demo.requests()).toBe(before);
  });

  test('know the organization of the caller and of the account', async () => {
    const request = { action: 'sqs:SendMessage', resource: 'arn:aws:sqs:eu-west-1:1:q' };
    const count = async (given: Request, wanted: string) =>
      [...(await decisions(given)).values()].filter(({ decision }) => decision === wanted).length;
    expect(await count(request, 'ALLOWED')).toBeGreaterThan(1);
    expect(await count(request, 'DEPENDS')).toBe(0);
    const anonymous = { ...request, principal: { kind: 'ANONYMOUS' } };
    expect(await count(anonymous, 'DENIED')).toBeGreaterThan(1);
    const outside = { ...request, principal: { accountId: '999988887777' } };
    expect(await count(outside, 'DEPENDS')).toBeGreaterThan(1);
    const context = [{ key: 'aws:principalorgid', values: ['o-otherexamp'] }];
    expect(await count({ ...outside, context }, 'DEPENDS')).toBe(0);
    // What the client gives has precedence.
    expect(await count({ ...request, context }, 'DENIED')).toBeGreaterThan(1);
  });
});

describe('grouped decisions', () => {
  test('are the single ones, without a call from the copy, and the same from AWS', async () => {
    const { found, calls } = await groups(requests, COPY);
    expect(calls).toBe(0);
    await expectSame(requests, found);
    const live = await groups(requests, LIVE);
    expect(live.calls).toBeGreaterThan(5);
    expect(live.found).toEqual(found);
    expect(found.map(({ requestIndex }) => requestIndex)).toEqual(
      found.map(({ requestIndex }) => requestIndex).sort((one, other) => one - other),
    );
  });

  const patterns = ['ec2:RunInstances', 's3:GetObject', 'kms:DeleteAlias', 'iam:CreateAccessKey', 'savingsplans:Buy'];
  const randomRequest = fc.record(
    {
      action: fc.constantFrom(...patterns),
      resource: fc.constantFrom('arn:aws:s3:::data/a', '*'),
      principal: fc.record(
        {
          kind: fc.constantFrom('ROLE', 'USER', 'ROOT', 'SERVICE', 'ANONYMOUS', 'SERVICE_LINKED_ROLE'),
          accountId: fc.constantFrom('111111111111', '999988887777'),
        },
        { requiredKeys: [] },
      ),
      context: fc.constantFrom(
        [],
        [{ key: 'aws:PrincipalOrgID', values: null }],
        [{ key: 'aws:RequestedRegion', values: ['x'] }],
      ),
    },
    { requiredKeys: ['action'] },
  );
  test('are the single ones for random requests', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(randomRequest, { minLength: 1, maxLength: 4 }), async (given) => {
        await expectSame(given, (await groups(given, COPY)).found);
      }),
      { numRuns: runs(100) },
    );
  });

  test('are those of the accounts of a filter', async () => {
    const ids = accounts.slice(0, 5).map(({ id }) => id);
    const unit = accounts.find(({ parent }) => parent.id !== root)?.parent.id;
    for (const orgql of [COPY, LIVE]) {
      const { found } = await groups([{ action: 'iam:CreateUser' }], orgql, { ids });
      expect(found.flatMap((group) => group.accounts.nodes.map(({ id }) => id)).sort()).toEqual([...ids].sort());
      const under = await groups([{ action: 'iam:CreateUser' }], orgql, { under: unit });
      expect(under.found.reduce((sum, { accountCount }) => sum + accountCount, 0)).toBeGreaterThan(0);
      const none = await groups([{ action: 'iam:CreateUser' }], orgql, { ids: ['999988887777'] });
      expect(none.found).toEqual([]);
    }
  });

  test('have accounts that continue behind a cursor, of the same group only', async () => {
    const page = `query ($requests: [ControlPolicyRequestInput!]!, $after: String) { organization {
      controlPolicyDecisions(requests: $requests) { accountCount accounts(first: 7, after: $after) {
        totalCount nodes { id } pageInfo { endCursor hasNextPage } } } } }`;
    for (const orgql of [COPY, LIVE]) {
      const given = [{ action: 'xray:GetTraceSummaries', principal: { kind: 'SERVICE_LINKED_ROLE' } }];
      const found: string[] = [];
      let after: string | null = null;
      for (let isLast = false; !isLast; ) {
        const { data, errors }: Answer = await ask(page, { requests: given, after }, orgql);
        expect(errors).toBeUndefined();
        const [{ accountCount, accounts: ofGroup }] = data.organization.controlPolicyDecisions;
        expect([accountCount, ofGroup.totalCount]).toEqual([accounts.length, accounts.length]);
        found.push(...ofGroup.nodes.map(({ id }: { id: string }) => id));
        const { endCursor, hasNextPage } = ofGroup.pageInfo;
        after = hasNextPage ? endCursor : after;
        isLast = !hasNextPage;
      }
      expect(found).toEqual(accounts.map(({ id }) => id).sort());
      const other = [{ action: 'xray:PutTraceSegments', principal: { kind: 'SERVICE_LINKED_ROLE' } }];
      const { errors } = await ask(page, { requests: other, after }, orgql);
      expect(errors?.[0]?.extensions?.['code']).toBe('INVALID_CURSOR');
    }
  });
});

describe('a preview', () => {
  const previewQuery = `query ($changes: [PolicyChangeInput!]!, $decisions: [ControlPolicyRequestInput!]) { organization {
    policyPreview(changes: $changes, decisions: $decisions) { accounts(first: 1000) { nodes { account { id }
      decisions { action before { ${decisionFields} } after { ${decisionFields} } } } } } } }`;

  /** The changed decisions of each account. */
  async function preview(changes: readonly object[], given: readonly Request[], orgql: Accepted) {
    const { data, errors, extensions } = await ask(previewQuery, { changes, decisions: given }, orgql);
    expect(errors).toBeUndefined();
    const nodes: readonly { account: { id: string }; decisions: readonly object[] }[] =
      data.organization.policyPreview.accounts.nodes;
    const byId = Object.fromEntries(
      nodes.flatMap(({ account, decisions: ofAccount }) => (ofAccount.length > 0 ? [[account.id, ofAccount]] : [])),
    );
    return { byId, calls: extensions.upstream.calls };
  }

  async function write(field: string, input: object): Promise<Answer['data']> {
    const type = `${field.charAt(0).toUpperCase()}${field.slice(1)}`;
    const selection = `... on Error { message } ${field === 'createPolicy' ? '... on CreatePolicyPayload { policy { id } }' : ''}`;
    const mutation = `mutation ($input: ${type}Input!) { ${field}(input: $input) { __typename ${selection} } }`;
    const { data, errors } = await ask(mutation, { input });
    expect(errors).toBeUndefined();
    expect(data[field].message).toBeUndefined();
    return data[field];
  }

  const deny = (action: string) =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Sid: 'Deny', Effect: 'Deny', Action: action, Resource: '*' }],
    });

  test('has the decisions that the writes then change, without a call, and AWS has the same ones', async () => {
    const create = async (name: string, action: string): Promise<string> => {
      const input = { name, description: '', type: 'SERVICE_CONTROL_POLICY', content: deny(action) };
      return (await write('createPolicy', input)).policy.id;
    };
    const [edited, attached] = [await create('edited', 'sns:*'), await create('attached', 'sqs:*')];
    const units = [...new Set(accounts.map(({ parent }) => parent.id))].filter((id) => id.startsWith('ou-'));
    const [first = '', second = '', third = ''] = units;
    await write('attachPolicy', { policyId: edited, targetId: first });
    const moved = accounts.find(({ parent }) => parent.id === third);
    const changes = [
      { updateContent: { policyId: edited, content: deny('dynamodb:*') } },
      { attach: { policyId: attached, targetId: second } },
      { moveAccount: { accountId: moved?.id, destinationParentId: first } },
      { detach: { policyId: 'p-FullAWSAccess', targetId: second } },
    ];
    const given = [
      { action: 'sns:Publish' },
      { action: 'sqs:SendMessage' },
      { action: 'dynamodb:GetItem' },
      { action: 'xray:GetTraceSummaries', context: [] },
      { action: 'iam:CreateUser', principal: { kind: 'SERVICE_LINKED_ROLE' } },
    ];
    const before = await Promise.all(given.map((request) => decisions(request)));
    const { byId, calls } = await preview(changes, given, COPY);
    expect(calls).toBe(0);
    expect((await preview(changes, given, LIVE)).byId).toEqual(byId);

    await write('updatePolicy', changes[0]?.updateContent ?? {});
    await write('attachPolicy', changes[1]?.attach ?? {});
    await write('moveAccount', { ...changes[2]?.moveAccount, sourceParentId: third });
    await write('detachPolicy', changes[3]?.detach ?? {});
    const after = await Promise.all(given.map((request) => decisions(request)));
    const expected = Object.fromEntries(
      accounts.flatMap(({ id }) => {
        const changed = given.flatMap(({ action }, index) => {
          const [old, next] = [before[index]?.get(id), after[index]?.get(id)];
          return old?.decision === next?.decision ? [] : [{ action, before: old, after: next }];
        });
        return changed.length > 0 ? [[id, changed]] : [];
      }),
    );
    expect(Object.keys(expected)).toContain(moved?.id);
    expect(Object.keys(expected).length).toBeGreaterThan(3);
    expect(byId).toEqual(expected);
  });

  test('without requests has no decisions', async () => {
    const query = '{ organization { policies(type: SERVICE_CONTROL_POLICY, first: 100) { nodes { id name } } } }';
    const policies: { id: string; name: string }[] = (await ask(query, {}, COPY)).data.organization.policies.nodes;
    const policyId = policies.find(({ name }) => name === 'No Lightsail')?.id;
    const changes = [{ attach: { policyId, targetId: root } }];
    const { data, errors } = await ask(previewQuery, { changes }, COPY);
    expect(errors).toBeUndefined();
    const { nodes } = data.organization.policyPreview.accounts;
    expect(nodes).toHaveLength(accounts.length);
    for (const { decisions: ofAccount } of nodes) expect(ofAccount).toEqual([]);
  });
});

describe('the estimate', () => {
  const estimated = async (query: string, variables: object, orgql: Accepted): Promise<number> =>
    ((await ask(query, variables, { ...orgql, estimate: true })).extensions.upstream as never)['estimate']['calls'];
  const single = `query ($id: ID!) { account(id: $id) { controlPolicyDecision(action: "s3:GetObject") { decision } } }`;

  test('is no call with the copy, and otherwise at least what levels and texts take', async () => {
    const [{ id } = { id: '' }] = accounts.filter(({ parent }) => parent.id !== root);
    for (const [query, variables] of [
      [single, { id }],
      [groupsQuery, { requests }],
      [groupsQuery, { requests, filter: { ids: [id] } }],
    ] as const) {
      expect(await estimated(query, variables, COPY)).toBe(0);
      const estimate = await estimated(query, variables, LIVE);
      const { extensions, errors } = await ask(query, variables, LIVE);
      expect(errors).toBeUndefined();
      expect(extensions.upstream.calls).toBeGreaterThan(3);
      expect(estimate).toBeGreaterThanOrEqual(extensions.upstream.calls);
      // The default of graph.maxCalls.
      expect(estimate).toBeLessThan(10_000);
    }
  });
});

describe('without a copy', () => {
  let plain: Demo;
  beforeAll(async () => {
    plain = await startDemo({ config: { upstream: { cacheMs: 0 }, graph: { maxCalls: 10_000 } } });
  });
  afterAll(() => plain.close());

  test('all decisions are read from AWS, with the default limits', async () => {
    const { found, calls } = await groups([{ action: 'ec2:RunInstances' }], LIVE, undefined, plain.url);
    expect(found[0]).toMatchObject({ decision: 'DENIED', because: { sid: 'Nolargeinstances' } });
    expect(calls).toBeGreaterThan(10);
  });

  test('a setting adds services that support resource control policies', async () => {
    const query =
      '{ account(id: "111111111111") { controlPolicyDecision(action: "NewService:Do") { resourceControlPolicies } } }';
    await using other = await startDemo({ config: { graph: { additionalRcpServices: ['newservice'] } } });
    const found = async (url: string, id: string) =>
      (await ask(query.replace('111111111111', id), {}, LIVE, url)).data.account.controlPolicyDecision;
    const id = accounts.find(({ parent }) => parent.id !== root)?.id ?? '';
    expect(await found(plain.url, id)).toEqual({ resourceControlPolicies: 'UNSUPPORTED_SERVICE' });
    expect(await found(other.url, id)).toEqual({ resourceControlPolicies: 'BOUND' });
  });

  test.each([
    ['a decision', '{ account(id: "111111111111") { controlPolicyDecision(action: "s3:GetObject") { decision } } }'],
    [
      'grouped decisions',
      '{ organization { controlPolicyDecisions(requests: [{ action: "s3:GetObject" }]) { decision } } }',
    ],
  ])('%s is an error if AWS must not be called', async (_case, query) => {
    const { errors } = await ask(query, {}, COPY, plain.url);
    expect(errors?.[0]?.extensions?.['code']).toBe('NOT_IN_INVENTORY');
  });
});

describe('input that is refused, with its place and what is expected', () => {
  const long = 'x'.repeat(3_000);
  test.each<[string, Request, string, string]>([
    ['an action without a service', { action: 'GetObject' }, 'action', 'service:Name'],
    ['an action with a wildcard', { action: 's3:Get*' }, 'action', 's3:Get*'],
    ['a resource that is no ARN', { action: 's3:GetObject', resource: 'my-bucket' }, 'resource', 'my-bucket'],
    ['an ARN with too few parts', { action: 's3:GetObject', resource: 'arn:aws:s3:bucket' }, 'resource', 'arn:aws:s3'],
    ['a long resource', { action: 's3:GetObject', resource: `arn:aws:s3:::${long}` }, 'resource', '2048'],
    [
      'a condition key without a prefix',
      { action: 's3:GetObject', context: [{ key: 'SourceIp', values: ['1.2.3.4'] }] },
      'context[0].key',
      'SourceIp',
    ],
    [
      'a condition key twice',
      {
        action: 's3:GetObject',
        context: [
          { key: 'aws:SourceIp', values: null },
          { key: 'AWS:sourceip', values: ['1.2.3.4'] },
        ],
      },
      'context[1].key',
      'listed twice',
    ],
    [
      'a long value',
      { action: 's3:GetObject', context: [{ key: 'aws:SourceIp', values: [long] }] },
      'context[0].values',
      '2048',
    ],
    [
      'too many values',
      {
        action: 's3:GetObject',
        context: [{ key: 'aws:TagKeys', values: Array.from({ length: 40 }, () => 'x'.repeat(1_000)) }],
      },
      'context',
      '32768',
    ],
    [
      'a caller that is no account',
      { action: 's3:GetObject', principal: { accountId: 'r-abcd' } },
      'principal.accountId',
      'r-abcd',
    ],
  ])('%s', async (_case, request, place, text) => {
    for (const [query, variables, argument] of [
      [eachQuery, request, place],
      [groupsQuery, { requests: [{ action: 's3:GetObject' }, request] }, `requests[1].${place}`],
    ] as const) {
      const { errors } = await ask(query, variables, COPY);
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument });
      expect(errors?.[0]?.message).toContain(`${argument}: `);
      expect(errors?.[0]?.message).toContain(text);
    }
    const changes = [{ detach: { policyId: 'p-FullAWSAccess', targetId: root } }];
    const preview = `query ($changes: [PolicyChangeInput!]!, $decisions: [ControlPolicyRequestInput!]) { organization {
      policyPreview(changes: $changes, decisions: $decisions) { accounts { totalCount } } } }`;
    const { errors } = await ask(preview, { changes, decisions: [request] }, COPY);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: `decisions[0].${place}` });
  });

  test.each<[string, readonly Request[], object | undefined, string, string]>([
    ['no request', [], undefined, 'requests', 'empty'],
    ['too many requests', Array.from({ length: 51 }, () => ({ action: 's3:GetObject' })), undefined, 'requests', '50'],
    ['an invalid filter', [{ action: 's3:GetObject' }], { under: '111111111111' }, 'filter.under', '111111111111'],
  ])('%s', async (_case, given, filter, argument, text) => {
    const { errors } = await ask(groupsQuery, { requests: given, filter }, COPY);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument });
    expect(errors?.[0]?.message).toContain(text);
  });

  test('an account of another organization, with the code of policyLevels', async () => {
    const of = (field: string) =>
      `{ organization { handshakes(first: 200) { nodes { recipient { account { ${field} } } } } } }`;
    const codes = async (field: string) => {
      const { errors } = await ask(of(field), {});
      return (errors ?? []).map(({ path, extensions }) => [path?.at(-1), extensions?.['code']]);
    };
    const levels = await codes('policyLevels(type: SERVICE_CONTROL_POLICY) { target { id } }');
    expect(levels).toContainEqual(['policyLevels', 'TargetNotFoundException']);
    const found = await codes('controlPolicyDecision(action: "s3:GetObject") { decision }');
    expect(found).toEqual(levels.map(([, code]) => ['controlPolicyDecision', code]));
  });
});

describe('diagnostics of a policy', () => {
  const query = `query ($type: PolicyType!, $content: String!) {
    policyDiagnostics(type: $type, content: $content) { severity code message path line column } }`;
  const diagnose = async (type: string, content: string) => {
    const { data, errors, extensions } = await ask(query, { type, content });
    expect(errors).toBeUndefined();
    expect(extensions.upstream.calls).toBe(0);
    return data.policyDiagnostics;
  };

  test('have the place of each error and warning', async () => {
    const content =
      '{\n  "Version": "2012-10-17",\n  "Statement": [{ "Effect": "Deny", "Action": "*", "Resource": "*", "Condition": { "StringIs": {} } }]\n}';
    const [first] = await diagnose('SERVICE_CONTROL_POLICY', content);
    expect(first).toMatchObject({
      severity: 'ERROR',
      code: 'UNKNOWN_OPERATOR',
      path: 'Statement[0].Condition.StringIs',
      line: 3,
    });
    const everything = '{ "Version": "2012-10-17", "Statement": { "Effect": "Deny", "Action": "*", "Resource": "*" } }';
    expect(await diagnose('SERVICE_CONTROL_POLICY', everything)).toMatchObject([
      { severity: 'WARNING', code: 'DENIES_EVERYTHING' },
    ]);
    expect(await diagnose('SERVICE_CONTROL_POLICY', everything.replace('"Action": "*"', '"Action": "s3:*"'))).toEqual(
      [],
    );
  });

  test('of other types are their JSON and size', async () => {
    expect(await diagnose('TAG_POLICY', '{ "tags": {} }')).toEqual([]);
    expect(await diagnose('TAG_POLICY', '{\n "tags": }')).toMatchObject([
      { severity: 'ERROR', code: 'INVALID_JSON', path: null, line: 2, column: 10 },
    ]);
    expect(await diagnose('TAG_POLICY', '[]')).toMatchObject([{ severity: 'ERROR', code: 'INVALID_ELEMENT' }]);
    expect(await diagnose('TAG_POLICY', `{ "tags": "${'x'.repeat(10_000)}" }`)).toMatchObject([
      { severity: 'ERROR', code: 'TOO_LONG', line: null },
    ]);
  });
});
