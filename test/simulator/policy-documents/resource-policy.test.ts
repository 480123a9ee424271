import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/control-policies/json.ts';
import { operations } from '../../../src/simulator/model/operations.ts';
import {
  checkResourcePolicy,
  delegableActions,
  isDelegated,
  type ResourcePolicyReason,
} from '../../../src/simulator/policy-documents/index.ts';

const member = '222222222222';

const delegatedActions = (policy: string, accountId: string): string[] =>
  delegableActions.filter((action) => isDelegated(policy, { accountId, action }));

const base = {
  Effect: 'Allow',
  Principal: { AWS: member },
  Action: ['organizations:DescribeOrganization', 'organizations:ListAccounts'],
  Resource: '*',
};
const text = (...statements: readonly JsonObject[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements });

/** The example of orgs-policy-delegate.html. */
const backupAdministrator = {
  Sid: 'Fully_manage_backup_policies',
  Effect: 'Allow',
  Principal: { AWS: '135791357913' },
  Action: ['DescribeOrganization', 'ListAccounts', 'CreatePolicy', 'UpdatePolicy', 'AttachPolicy'].map(
    (name) => `organizations:${name}`,
  ),
  Resource: [
    'arn:aws:organizations::246802468024:root/o-abcdef/r-pqrstu',
    'arn:aws:organizations::246802468024:ou/o-abcdef/*',
    'arn:aws:organizations::246802468024:account/o-abcdef/*',
    'arn:aws:organizations::246802468024:policy/o-abcdef/backup_policy/*',
  ],
  Condition: { StringLikeIfExists: { 'organizations:PolicyType': ['BACKUP_POLICY'] } },
};

describe('accepts a delegation policy with', () => {
  test.each<[string, JsonObject]>([
    ["AWS's example", backupAdministrator],
    ["an account's ARN", { ...base, Principal: { AWS: 'arn:aws:iam::222222222222:root' } }],
    [
      'roles and users',
      { ...base, Principal: { AWS: ['arn:aws:iam::222222222222:role/x/y', 'arn:aws-cn:iam::333333333333:user/u'] } },
    ],
    [
      'wildcards that stand for delegable actions',
      { ...base, Action: ['organizations:Describe*', 'Organizations:list*'] },
    ],
    ["AWS's own policies", { ...base, Resource: 'arn:aws:organizations::aws:policy/service_control_policy/*' }],
    ['policies of any type', { ...base, Resource: 'arn:aws:organizations::111111111111:policy/o-abcdefghij/*' }],
    ['tag conditions', { ...base, Condition: { StringEquals: { 'aws:ResourceTag/team': 'x' } } }],
    ['Deny', { ...base, Effect: 'Deny' }],
    ...[
      'organizations:TransferDirection',
      'organizations:TransferType',
      'saml:aud',
      'sts:ExternalId',
      'localhost:8443/realm:sub',
      'https://oidc/realm:sub',
      'oidc.eks.us-east-1.amazonaws.com/id/EXAMPLE:sub',
      'aws:RequestTag/a:b',
    ].map((key): [string, JsonObject] => [key, { ...base, Condition: { StringEquals: { [key]: 'x' } } }]),
  ])('%s', (_, statement) => {
    expect(checkResourcePolicy(text(statement))).toEqual([]);
  });

  test('all actions that can be delegated', () => {
    expect(
      checkResourcePolicy(text({ ...base, Action: delegableActions.map((name) => `organizations:${name}`) })),
    ).toEqual([]);
    expect(delegableActions).toHaveLength(33);
  });
});

describe('rejects a delegation policy with', () => {
  const json = 'INVALID_RESOURCE_POLICY_JSON';
  const action = 'UNSUPPORTED_ACTION_IN_RESOURCE_POLICY';
  const resource = 'UNSUPPORTED_RESOURCE_IN_RESOURCE_POLICY';
  const type = 'UNSUPPORTED_POLICY_TYPE_IN_RESOURCE_POLICY';
  const without = (key: keyof typeof base): JsonObject =>
    Object.fromEntries(Object.entries(base).filter(([name]) => name !== key));

  test.each<[string, string, ResourcePolicyReason]>([
    ['text that is not JSON', '{', json],
    ['a list', '[]', json],
    ['no Version', JSON.stringify({ Statement: base }), json],
    ['no statements', text(), json],
    ['an unknown element', text({ ...base, Comment: 'x' }), json],
    ['a wrong Effect', text({ ...base, Effect: 'Permit' }), json],
    ['no Action', text(without('Action')), json],
    ['no Resource', text(without('Resource')), json],
    ['a condition key of another service', text({ ...base, Condition: { StringEquals: { 's3:prefix': 'x' } } }), json],
    ['no Principal', text(without('Principal')), 'INVALID_PRINCIPAL'],
    ['any principal', text({ ...base, Principal: '*' }), 'INVALID_PRINCIPAL'],
    ['any AWS principal', text({ ...base, Principal: { AWS: '*' } }), 'INVALID_PRINCIPAL'],
    ['a service', text({ ...base, Principal: { Service: 'config.amazonaws.com' } }), 'INVALID_PRINCIPAL'],
    [
      'an account id of 11 digits',
      text({ ...base, Principal: { AWS: ['222222222222', '22222222222'] } }),
      'INVALID_PRINCIPAL',
    ],
    ['NotPrincipal', text({ ...without('Principal'), NotPrincipal: { AWS: member } }), 'INVALID_PRINCIPAL'],
    [
      'an operation that cannot be delegated',
      text({ ...base, Action: ['organizations:ListAccounts', 'organizations:CreateAccount'] }),
      action,
    ],
    ["another service's action", text({ ...base, Action: 's3:GetObject' }), action],
    ['all actions of the service', text({ ...base, Action: 'organizations:*' }), action],
    ['all actions', text({ ...base, Action: '*' }), action],
    [
      'a wildcard that matches no action that can be delegated',
      text({ ...base, Action: 'organizations:Invite*' }),
      action,
    ],
    [
      'NotAction, since June 30, 2026',
      text({ ...without('Action'), NotAction: 'organizations:CreateAccount' }),
      action,
    ],
    ['NotResource, since June 30, 2026', text({ ...without('Resource'), NotResource: '*' }), resource],
    ["another service's resource", text({ ...base, Resource: ['*', 'arn:aws:s3:::bucket'] }), resource],
    [
      'a resource of no kind that there is',
      text({ ...base, Resource: 'arn:aws:organizations::111111111111:team/o-x/y' }),
      resource,
    ],
    [
      'a policy type that there is not, in an ARN',
      text({ ...base, Resource: 'arn:aws:organizations::111111111111:policy/o-x/bucket_policy/*' }),
      type,
    ],
    [
      'a policy type that there is not, in a condition',
      text({ ...base, Condition: { StringEquals: { 'organizations:PolicyType': 'BUCKET_POLICY' } } }),
      type,
    ],
  ])('%s', (_, document, reason) => {
    expect(checkResourcePolicy(document).map((problem) => problem.reason)).toEqual([reason]);
  });

  test('names the invalid value and its path', () => {
    expect(checkResourcePolicy(text(base, { ...base, Action: 'organizations:CreateAccount' }))).toEqual([
      {
        reason: action,
        path: 'Statement[1].Action',
        expected:
          'expected an action that can be delegated, such as organizations:AttachPolicy, found the text "organizations:CreateAccount"',
      },
    ]);
  });

  test('returns problems for any text, without an exception', () => {
    fc.assert(
      fc.property(fc.json(), fc.string(), (anything, noise) => {
        expect(checkResourcePolicy(anything)).not.toEqual([]);
        expect(checkResourcePolicy(noise)).not.toEqual([]);
      }),
    );
  });
});

describe('a delegation policy allows a member', () => {
  test('the actions in statements for its account', () => {
    const policy = text(base, {
      ...base,
      Principal: { AWS: `arn:aws:iam::333333333333:root` },
      Action: 'organizations:Describe*',
    });
    expect(delegatedActions(policy, member).sort()).toEqual(['DescribeOrganization', 'ListAccounts']);
    expect(delegatedActions(policy, '333333333333')).toEqual(
      delegableActions.filter((name) => name.startsWith('Describe')),
    );
    expect(delegatedActions(policy, '444444444444')).toEqual([]);
    expect(delegatedActions('not a policy', member)).toEqual([]);
  });

  test('no action that a statement denies on all resources', () => {
    const deny = { ...base, Effect: 'Deny', Action: 'organizations:ListAccounts' };
    expect(delegatedActions(text(base, deny), member)).toEqual(['DescribeOrganization']);
    expect(isDelegated(text(base, deny), { accountId: member, action: 'ListAccounts' })).toBe(false);
    const elsewhere = { ...deny, Resource: 'arn:aws:organizations::1*:ou/*' };
    expect(delegatedActions(text(base, elsewhere), member).sort()).toEqual(['DescribeOrganization', 'ListAccounts']);
  });

  test('no action that cannot be delegated', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('*', 'organizations:*', 'organizations:Create*', 'Organizations:?????Policy'),
        (pattern) => {
          const policy = text({ ...base, Action: pattern });
          for (const action of Object.keys(operations).filter(
            (name) => !delegableActions.some((each) => each === name),
          ))
            expect(isDelegated(policy, { accountId: member, action }), action).toBe(false);
        },
      ),
    );
  });

  describe("as in AWS's example,", () => {
    const policy = text(backupAdministrator);
    const accountId = '135791357913';
    const backup = 'arn:aws:organizations::246802468024:policy/o-abcdef/backup_policy/p-1234567890';
    const tag = 'arn:aws:organizations::246802468024:policy/o-abcdef/tag_policy/p-1234567890';
    const account = 'arn:aws:organizations::246802468024:account/o-abcdef/333333333333';

    test('to attach a backup policy to an account', () => {
      const conditionKeys = { 'organizations:PolicyType': 'BACKUP_POLICY' };
      expect(
        isDelegated(policy, { accountId, action: 'AttachPolicy', resourceArns: [backup, account], conditionKeys }),
      ).toBe(true);
    });

    test('not to attach a tag policy, because of its ARN and its type', () => {
      expect(isDelegated(policy, { accountId, action: 'AttachPolicy', resourceArns: [tag, account] })).toBe(false);
      const conditionKeys = { 'organizations:PolicyType': 'TAG_POLICY' };
      expect(
        isDelegated(policy, { accountId, action: 'AttachPolicy', resourceArns: [backup, account], conditionKeys }),
      ).toBe(false);
      expect(isDelegated(policy, { accountId, action: 'CreatePolicy', conditionKeys })).toBe(false);
    });

    test('to list accounts, which has no resource or type', () => {
      expect(isDelegated(policy, { accountId, action: 'ListAccounts' })).toBe(true);
    });

    test('no other action, and no other account', () => {
      expect(isDelegated(policy, { accountId, action: 'DetachPolicy', resourceArns: [backup, account] })).toBe(false);
      expect(isDelegated(policy, { accountId: member, action: 'ListAccounts' })).toBe(false);
    });
  });

  test.each<[string, JsonObject, Record<string, string | string[]>, boolean]>([
    [
      'StringEquals',
      { StringEquals: { 'organizations:PolicyType': ['TAG_POLICY', 'S3_POLICY'] } },
      { 'organizations:PolicyType': 'S3_POLICY' },
      true,
    ],
    [
      'StringEquals, other case',
      { StringEquals: { 'ORGANIZATIONS:policytype': 'TAG_POLICY' } },
      { 'organizations:PolicyType': 'tag_policy' },
      false,
    ],
    [
      'StringEqualsIgnoreCase',
      { StringEqualsIgnoreCase: { 'organizations:PolicyType': 'TAG_POLICY' } },
      { 'organizations:PolicyType': 'tag_policy' },
      true,
    ],
    [
      'StringLike',
      { StringLike: { 'organizations:PolicyType': '*_CONTROL_POLIC?' } },
      { 'organizations:PolicyType': 'SERVICE_CONTROL_POLICY' },
      true,
    ],
    [
      'StringNotEquals',
      { StringNotEquals: { 'organizations:PolicyType': 'TAG_POLICY' } },
      { 'organizations:PolicyType': 'TAG_POLICY' },
      false,
    ],
    [
      'StringNotLike',
      { StringNotLike: { 'organizations:PolicyType': 'TAG*' } },
      { 'organizations:PolicyType': 'S3_POLICY' },
      true,
    ],
    ['a missing key', { StringEquals: { 'organizations:PolicyType': 'TAG_POLICY' } }, {}, false],
    ['a missing key, IfExists', { StringEqualsIfExists: { 'organizations:PolicyType': 'TAG_POLICY' } }, {}, true],
    ['a missing key, negated', { StringNotEquals: { 'organizations:PolicyType': 'TAG_POLICY' } }, {}, true],
    ['Null for a missing key', { Null: { 'aws:TagKeys': 'true' } }, {}, true],
    ['Null for a present key', { Null: { 'aws:TagKeys': true } }, { 'aws:TagKeys': ['a'] }, false],
    [
      'ForAllValues',
      { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a', 'b'] } },
      { 'aws:TagKeys': ['a', 'c'] },
      false,
    ],
    ['ForAnyValue', { 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['a', 'b'] } }, { 'aws:TagKeys': ['a', 'c'] }, true],
    [
      'two operators of which one is not met',
      { StringEquals: { 'aws:a': '1' }, StringLike: { 'aws:b': 'x*' } },
      { 'aws:a': '1', 'aws:b': 'y' },
      false,
    ],
    ['IpAddress', { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }, { 'aws:SourceIp': '10.0.0.1' }, true],
    [
      'a key that each request has and whose value is not known',
      { NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
      {},
      false,
    ],
  ])('condition: %s', (_, Condition, conditionKeys, expected) => {
    expect(
      isDelegated(text({ ...base, Condition }), { accountId: member, action: 'ListAccounts', conditionKeys }),
    ).toBe(expected);
  });

  test('a Deny applies if its condition cannot be evaluated', () => {
    const deny = {
      ...base,
      Effect: 'Deny',
      Condition: { DateGreaterThan: { 'aws:CurrentTime': '2030-01-01T00:00:00Z' } },
    };
    expect(isDelegated(text(base, deny), { accountId: member, action: 'ListAccounts' })).toBe(false);
  });
});

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsorganizations.html and
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
test.each([
  'arn:aws:organizations::111111111111:transfer/o-example/billing/inbound/rt-12345678',
  'arn:aws-eusc:organizations::111111111111:account/o-example/*',
  'arn:aws-iso-b:organizations::111111111111:policy/o-example/backup_policy/*',
  'arn:aws*:organizations::*:ou/o-example/*',
  'arn:*:organizations::11111111????:root/o-example/r-abcd',
  ['arn:aws:organizations::$', '{aws:PrincipalAccount}:account/o-example/*'].join(''),
])('accepts the resource %s', (Resource) => {
  expect(checkResourcePolicy(text({ ...base, Resource }))).toEqual([]);
});

test('accepts condition keys of identity providers, and empty Sids', () => {
  const Condition = { StringEquals: { 'accounts.google.com:aud': 'x' } };
  expect(checkResourcePolicy(text({ ...base, Sid: '', Condition }, { ...base, Sid: '' }))).toEqual([]);
});
