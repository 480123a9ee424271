// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables
import { describe, expect, test } from 'vitest';
import {
  type AccessRequest,
  ControlPolicyInputError,
  evaluateAccounts,
  evaluateControlPolicies,
  evaluateRequest,
  type OrganizationInput,
  prepareOrganization,
} from '../../src/control-policies/index.ts';

const account = '222222222222';
const management = '111111111111';
const tree = {
  id: 'r-a',
  managementAccount: management,
  children: [{ id: management }, { id: 'ou-a', children: [{ id: account }] }],
};
const base: OrganizationInput = {
  tree,
  policies: {},
  attachments: { 'r-a': ['FullAWSAccess'], 'ou-a': ['FullAWSAccess'], [account]: ['FullAWSAccess'] },
};
const request: AccessRequest = { account, action: 's3:GetObject', context: {} };

type Policy = OrganizationInput['policies'][string];
const scp = (document: Policy['document']): Policy => ({ type: 'SERVICE_CONTROL_POLICY', document });
const rcp = (document: Policy['document']): Policy => ({ type: 'RESOURCE_CONTROL_POLICY', document });
const withPolicy = (policy: Policy, level = 'ou-a'): OrganizationInput => ({
  ...base,
  policies: { p: policy },
  attachments: { ...base.attachments, [level]: ['FullAWSAccess', 'p'] },
});
const decide = (policy: Policy, changes: Partial<AccessRequest> = {}) =>
  evaluateControlPolicies({ ...withPolicy(policy), request: { ...request, ...changes } });

const deny = { Effect: 'Deny', Action: 's3:*', Resource: '*' };

describe('who is bound', () => {
  test.each<[string, Partial<AccessRequest>, string, string]>([
    ['a role', {}, 'BOUND', 'BOUND'],
    [
      'a service-linked role',
      { principal: { kind: 'SERVICE_LINKED_ROLE' } },
      'SERVICE_LINKED_ROLE',
      'SERVICE_LINKED_ROLE',
    ],
    ['an AWS service', { principal: { kind: 'SERVICE' } }, 'SERVICE_PRINCIPAL', 'BOUND'],
    ['an anonymous caller', { principal: { kind: 'ANONYMOUS' } }, 'ANONYMOUS', 'BOUND'],
    ['a caller of another organization', { principal: { account: '999999999999' } }, 'OUTSIDE_ORGANIZATION', 'BOUND'],
    ['a caller of the management account', { principal: { account: management } }, 'MANAGEMENT_ACCOUNT', 'BOUND'],
    [
      'a resource of the management account',
      { account: management, principal: { account } },
      'BOUND',
      'MANAGEMENT_ACCOUNT',
    ],
    ['a resource outside', { account: '999999999999', principal: { account } }, 'BOUND', 'OUTSIDE_ORGANIZATION'],
    ['a service without RCPs', { action: 'ec2:RunInstances' }, 'BOUND', 'UNSUPPORTED_SERVICE'],
    ['kms:RetireGrant', { action: 'KMS:retiregrant' }, 'BOUND', 'UNSUPPORTED_ACTION'],
    ['an AWS managed key', { action: 'kms:Decrypt', isAwsManagedKey: true }, 'BOUND', 'AWS_MANAGED_KEY'],
  ])('%s: SCPs %#', (_, changes, serviceControlPolicies, resourceControlPolicies) => {
    const { bindings } = evaluateControlPolicies({ ...base, request: { ...request, ...changes } });
    expect(bindings).toEqual({ serviceControlPolicies, resourceControlPolicies });
  });

  test('an option adds services that support RCPs', () => {
    const policy = rcp({ Version: '2012-10-17', Statement: { ...deny, Action: 'ec2:*', Principal: '*' } });
    const input = { ...withPolicy(policy), request: { ...request, action: 'ec2:RunInstances' } };
    expect(evaluateControlPolicies(input).decision).toBe('ALLOWED');
    expect(evaluateControlPolicies(input, { additionalRcpServices: ['EC2'] }).decision).toBe('DENIED');
  });
});

describe('levels', () => {
  test('go from the root down, first the SCPs of the principal, then the RCPs of the owner', () => {
    const { levels } = decide(
      scp({
        Version: '2012-10-17',
        Statement: [
          { ...deny, Sid: 'No' },
          { ...deny, Action: 'x:*' },
        ],
      }),
    );
    expect(levels.map(({ level, type, decision }) => `${type.slice(0, 1)} ${level} ${decision}`)).toEqual([
      'S r-a ALLOWED',
      'S ou-a DENIED',
      `S ${account} ALLOWED`,
      'R r-a ALLOWED',
      'R ou-a ALLOWED',
      `R ${account} ALLOWED`,
    ]);
    expect(levels[1]?.statements).toEqual([
      { policy: 'FullAWSAccess', index: 0, sid: null, effect: 'Allow', matches: 'YES' },
      { policy: 'p', index: 0, sid: 'No', effect: 'Deny', matches: 'YES' },
    ]);
  });

  test('several denials have no single reason', () => {
    const result = decide(scp({ Version: '2012-10-17', Statement: [deny, { ...deny, Sid: 'Too' }] }));
    expect(result.decision).toBe('DENIED');
    expect(result).not.toHaveProperty('because');
  });
});

describe('documents that AWS would reject make a decision depend on them', () => {
  test.each<[string, Policy['document'], string, string]>([
    ['text that is not JSON', '{', 'INVALID_ELEMENT', 'line 1, column 2'],
    ['a list', '[]', 'INVALID_ELEMENT', ''],
    ['no Statement', { Version: '2012-10-17' }, 'INVALID_ELEMENT', 'Statement'],
    ['a statement that is text', { Version: '2012-10-17', Statement: ['x'] }, 'INVALID_ELEMENT', 'Statement[0]'],
    ['an unknown Version', { Version: '2020-01-01', Statement: deny }, 'INVALID_ELEMENT', 'Version'],
    [
      'an unknown element',
      { Version: '2012-10-17', Id: 'x', Comment: 'x', Statement: deny },
      'UNKNOWN_ELEMENT',
      'Comment',
    ],
    [
      'an element named like a path',
      { Version: '2012-10-17', 'Statement.x': 1, Statement: deny },
      'UNKNOWN_ELEMENT',
      'Statement.x',
    ],
    [
      'a Principal',
      { Version: '2012-10-17', Statement: { ...deny, Principal: '*' } },
      'UNKNOWN_ELEMENT',
      'Statement.Principal',
    ],
    [
      '__proto__',
      '{"Version":"2012-10-17","Statement":{"__proto__":{},"Effect":"Deny","Action":"*","Resource":"*"}}',
      'UNKNOWN_ELEMENT',
      'Statement.__proto__',
    ],
    [
      'an Effect in lower case',
      { Version: '2012-10-17', Statement: { ...deny, Effect: 'deny' } },
      'INVALID_ELEMENT',
      'Statement.Effect',
    ],
    [
      'no Action',
      { Version: '2012-10-17', Statement: { Effect: 'Deny', Resource: '*' } },
      'INVALID_ELEMENT',
      'Statement',
    ],
    [
      'an Action that is a number',
      { Version: '2012-10-17', Statement: { ...deny, Action: 1 } },
      'INVALID_ELEMENT',
      'Statement.Action',
    ],
    [
      'Action and NotAction',
      { Version: '2012-10-17', Statement: { ...deny, NotAction: 'x:*' } },
      'INVALID_ELEMENT',
      'Statement',
    ],
    [
      'a wildcard in the service prefix',
      { Version: '2012-10-17', Statement: { ...deny, Action: '*:Get*' } },
      'UNDOCUMENTED_RULE',
      'Statement.Action',
    ],
  ])('%s', (_, document, reason, path) => {
    expect(decide(scp(document))).toMatchObject({
      decision: 'DEPENDS',
      missingContextKeys: [],
      unresolved: [{ level: 'ou-a', policy: 'p', reason, path }],
    });
  });

  test('in an RCP: another Principal', () => {
    const document = { Version: '2012-10-17', Statement: { ...deny, Principal: { AWS: account } } };
    expect(decide(rcp(document)).decision).toBe('DEPENDS');
    expect(decide(rcp(document), { action: 'sqs:SendMessage' }).decision).toBe('ALLOWED');
  });

  test('in the place of an Allow too', () => {
    const attachments = { ...base.attachments, 'ou-a': ['p'] };
    const input = { ...base, policies: { p: scp('{') }, attachments, request };
    expect(evaluateControlPolicies(input).decision).toBe('DEPENDS');
  });
});

describe('invalid input', () => {
  const evaluate = (changes: object, access: object = {}) =>
    evaluateControlPolicies({ ...base, ...changes, request: { ...request, ...access } });
  test.each<[string, object, object, string]>([
    [
      'an attachment to an unknown target',
      { attachments: { 'ou-x': [] } },
      {},
      'attachments: expected ids of the tree, found the text "ou-x".',
    ],
    [
      'an unknown policy',
      { attachments: { 'ou-a': ['toString'] } },
      {},
      'attachments["ou-a"]: expected names of policies, found the text "toString".',
    ],
    [
      'an account twice',
      { tree: { ...tree, children: [{ id: account }, { id: account }] } },
      {},
      `tree: expected each id once, found the text "${account}".`,
    ],
    [
      'an account with children',
      { tree: { ...tree, children: [{ id: account, children: [{ id: 'ou-a' }] }] } },
      {},
      `tree: expected accounts without children, found the text "${account}".`,
    ],
    [
      'another policy type',
      { policies: { p: { type: 'TAG_POLICY', document: {} } } },
      {},
      'policies["p"].type: expected SERVICE_CONTROL_POLICY or RESOURCE_CONTROL_POLICY, found the text "TAG_POLICY".',
    ],
    [
      'a document that is a list',
      { policies: { p: scp([] as never) } },
      {},
      'policies["p"].document: expected JSON text or an object, found an empty list.',
    ],
    [
      'an action without a service',
      {},
      { action: 'GetObject' },
      'request.action: expected service:Name, such as s3:GetObject, found the text "GetObject".',
    ],
    [
      'an account that is none',
      {},
      { account: '1' },
      'request.account: expected an account id of 12 digits, found the text "1".',
    ],
    [
      'an unknown kind of principal',
      {},
      { principal: { kind: 'USERS' } },
      'request.principal.kind: expected ROLE, USER, ROOT, SERVICE_LINKED_ROLE, SERVICE, ANONYMOUS, found the text "USERS".',
    ],
    [
      'a key in two spellings',
      {},
      { context: { 'a:b': 'x', 'A:B': 'y' } },
      'request.context["A:B"]: expected each key once, as keys ignore case, found the text "A:B".',
    ],
    [
      'a value that is a number',
      {},
      { context: { 'a:b': 1 } },
      'request.context["a:b"]: expected text, a list of texts or null, found 1.',
    ],
  ])('%s', (_, changes, access, message) => {
    expect(() => evaluate(changes, access)).toThrow(new ControlPolicyInputError(...split(message)));
  });

  const split = (message: string): [string, string] => {
    const [path = '', ...rest] = message.replace(/\.$/, '').split(': ');
    return [path, rest.join(': ')];
  };

  test.each<[string, object]>([
    ['a long resource', { resource: 'a'.repeat(2_049) }],
    ['a long value', { context: { 'a:b': 'a'.repeat(2_049) } }],
    ['many values', { context: { 'a:b': Array.from({ length: 40_000 }, () => '') } }],
  ])('%s', (_, access) => {
    expect(() => evaluate({}, access)).toThrow(/expected (text of|at most)/);
  });
});

test('evaluates some accounts of an organization, or all', () => {
  const organization = prepareOrganization(withPolicy(scp({ Version: '2012-10-17', Statement: deny })));
  const { account: _, ...details } = request;
  const all = evaluateAccounts(organization, details);
  expect([...all].map(([id, { decision }]) => [id, decision])).toEqual(
    expect.arrayContaining([
      [management, 'ALLOWED'],
      [account, 'DENIED'],
    ]),
  );
  expect(evaluateAccounts(organization, details, ['999999999999']).get('999999999999')?.decision).toBe('ALLOWED');
  expect(all.get(account)).toEqual(evaluateRequest(organization, request));
});

test('compares hostile patterns with a request in bounded time', () => {
  const pattern = `arn:aws:s3:::${'*a'.repeat(2_500)}b`;
  const values = Array.from({ length: 15 }, () => 'a'.repeat(2_000));
  const document = {
    Version: '2012-10-17',
    Statement: {
      ...deny,
      Resource: pattern,
      Condition: { 'ForAllValues:StringLike': { 'x:y': `${'*a'.repeat(2_000)}b` } },
    },
  };
  const started = performance.now();
  const resource = `arn:aws:s3:::${'a'.repeat(2_000)}`;
  expect(decide(scp(document), { resource, context: { 'x:y': values } }).decision).toBe('ALLOWED');
  decide(scp({ Version: '2012-10-17', Statement: { ...deny, Resource: '${'.repeat(5_000) } }), { resource });
  expect(performance.now() - started).toBeLessThan(5_000);
});
