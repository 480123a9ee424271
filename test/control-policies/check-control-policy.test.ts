import { describe, expect, test } from 'vitest';
import { type ControlPolicyType, checkControlPolicy } from '../../src/control-policies/check-control-policy.ts';
import { type JsonObject, type Problem, parseJsonObject } from '../../src/control-policies/json.ts';

function check(type: ControlPolicyType, text: string): readonly Problem[] {
  const parsed = parseJsonObject(text);
  return parsed.ok ? checkControlPolicy(type, parsed.value) : [parsed.problem];
}

const paths = (type: ControlPolicyType, document: unknown): string[] =>
  check(type, JSON.stringify(document)).map(({ path }) => path);

const policy = (...statements: readonly unknown[]): unknown => ({ Version: '2012-10-17', Statement: statements });

describe('service control policies', () => {
  const allow = { Effect: 'Allow', Action: '*', Resource: '*' };
  const scp = (document: unknown): string[] => paths('SERVICE_CONTROL_POLICY', document);

  test.each<[string, unknown]>([
    ['FullAWSAccess', policy(allow)],
    ['one statement outside a list', { Version: '2012-10-17', Statement: allow }],
    ["the language's older version", { Version: '2008-10-17', Statement: [allow] }],
    [
      'NotAction with a condition',
      policy({
        Sid: 'DenyAllOutsideEU',
        Effect: 'Deny',
        NotAction: ['cloudfront:*', 'iam:*'],
        Resource: '*',
        Condition: { StringNotEquals: { 'aws:RequestedRegion': ['eu-central-1', 'eu-west-1'] } },
      }),
    ],
    [
      'ARNs',
      policy({
        Effect: 'Deny',
        Action: 'iam:DeleteRole',
        Resource: ['arn:aws:iam::*:role/admin', 'arn:aws:s3:::logs/*'],
      }),
    ],
    [
      'NotResource',
      policy({
        Effect: 'Deny',
        Action: ['bedrock:InvokeModel'],
        NotResource: ['arn:aws:bedrock:*::foundation-model/m'],
      }),
    ],
    [
      'an Allow for some resources',
      policy({ Effect: 'Allow', Action: ['ec2:Describe*'], Resource: 'arn:aws:ec2:*:*:instance/*' }),
    ],
    [
      'operators with quantifier, suffix and other values than text',
      policy({
        ...allow,
        Condition: {
          'ForAllValues:StringLikeIfExists': { 'aws:TagKeys': ['a*'] },
          Null: { 'aws:TokenIssueTime': true },
          StringEquals: { 'aws:PrincipalTag/team': [] },
          NumericLessThan: { 's3:max-keys': 10 },
        },
      }),
    ],
  ])('may have %s', (_, document) => {
    expect(check('SERVICE_CONTROL_POLICY', JSON.stringify(document))).toEqual([]);
  });

  test.each<[string, unknown, string[]]>([
    ['no Version', { Statement: [allow] }, ['Version']],
    ['an unknown Version', { Version: '2020-01-01', Statement: [allow] }, ['Version']],
    ['no Statement', { Version: '2012-10-17' }, ['Statement']],
    ['no statement', policy(), ['Statement']],
    ['a statement that is text', policy('Allow'), ['Statement[0]']],
    ['an unknown top-level element', { Version: '2012-10-17', Statement: [allow], Comment: 'x' }, ['Comment']],
    ['an unknown element in a statement', policy({ ...allow, Comment: 'x' }), ['Statement[0].Comment']],
    ['a Principal', policy(allow, { ...allow, Principal: '*' }), ['Statement[1].Principal']],
    ['a NotPrincipal', policy({ ...allow, NotPrincipal: '*' }), ['Statement[0].NotPrincipal']],
    ['no Effect', policy({ Action: '*', Resource: '*' }), ['Statement[0].Effect']],
    ['an Effect in lower case', policy({ ...allow, Effect: 'allow' }), ['Statement[0].Effect']],
    ['no Action', policy({ Effect: 'Deny', Resource: '*' }), ['Statement[0]']],
    ['Action and NotAction', policy({ ...allow, NotAction: 's3:*' }), ['Statement[0]']],
    ['an action without a service', policy({ ...allow, Action: 'RunInstances' }), ['Statement[0].Action']],
    ['a wildcard for services', policy({ ...allow, Action: ['s3:*', '*:Describe*'] }), ['Statement[0].Action[1]']],
    ['an empty list of actions', policy({ ...allow, Action: [] }), ['Statement[0].Action']],
    ['an action that is a number', policy({ ...allow, Action: ['s3:*', 1] }), ['Statement[0].Action']],
    ['no Resource', policy({ Effect: 'Deny', Action: '*' }), ['Statement[0]']],
    ['a resource that is not an ARN', policy({ ...allow, Resource: 'my-bucket' }), ['Statement[0].Resource']],
    ['a Sid with a space', policy({ ...allow, Sid: 'Deny all' }), ['Statement[0].Sid']],
    ['the same Sid twice', policy({ ...allow, Sid: 'A' }, { ...allow, Sid: 'A' }), ['Statement[1].Sid']],
    [
      'an unknown condition operator',
      policy({ ...allow, Condition: { StringIs: { 'aws:x': 'y' } } }),
      ['Statement[0].Condition.StringIs'],
    ],
    [
      'a condition key without a prefix',
      policy({ ...allow, Condition: { Bool: { mfa: true } } }),
      ['Statement[0].Condition.Bool.mfa'],
    ],
    [
      'a condition value of null',
      policy({ ...allow, Condition: { Bool: { 'aws:x': null } } }),
      ['Statement[0].Condition.Bool.aws:x'],
    ],
    ['a Condition that is a list', policy({ ...allow, Condition: [] }), ['Statement[0].Condition']],
    [
      'several mistakes',
      policy({ Sid: '?', Effect: 'No', Action: 'x', Resource: 'y' }),
      ['Sid', 'Effect', 'Action', 'Resource'].map((name) => `Statement[0].${name}`),
    ],
  ])('must not have %s', (_, document, expected) => {
    expect(scp(document)).toEqual(expected);
  });
});

describe('resource control policies', () => {
  const deny = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*' };
  const rcp = (statement: JsonObject): string[] => paths('RESOURCE_CONTROL_POLICY', policy(statement));

  test('may deny actions of services to all principals, under conditions', () => {
    expect(rcp({ ...deny, Condition: { BoolIfExists: { 'aws:SecureTransport': 'false' } } })).toEqual([]);
    expect(
      rcp({ Effect: 'Deny', Principal: '*', Action: ['s3:Get*', 'sts:?et*'], NotResource: 'arn:aws:s3:::public/*' }),
    ).toEqual([]);
  });

  test.each<[string, JsonObject, string[]]>([
    ['Allow', { ...deny, Effect: 'Allow' }, ['Statement[0].Effect']],
    ['name a principal', { ...deny, Principal: { AWS: '111111111111' } }, ['Statement[0].Principal']],
    ['omit the principal', { Effect: 'Deny', Action: 's3:*', Resource: '*' }, ['Statement[0].Principal']],
    ['have all actions of all services', { ...deny, Action: '*' }, ['Statement[0].Action']],
    [
      'have NotAction',
      { Effect: 'Deny', Principal: '*', NotAction: 's3:*', Resource: '*' },
      ['Statement[0].NotAction', 'Statement[0]'],
    ],
  ])('must not %s', (_, statement, expected) => {
    expect(rcp(statement)).toEqual(expected);
  });
});

describe('accepts all of AWS’s grammar', () => {
  const statement = { Effect: 'Deny', Action: 's3:*', Resource: '*' };
  const scp = (...statements: readonly object[]) =>
    check('SERVICE_CONTROL_POLICY', JSON.stringify({ Version: '2012-10-17', Statement: statements }));

  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
  test.each([
    'token.actions.githubusercontent.com:sub',
    'accounts.google.com:aud',
    'cognito-identity.amazonaws.com:amr',
    'www.amazon.com:app_id',
    'oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE:sub',
    'idp.example.com:8443/realms/one:sub',
    'aws:RequestTag/Cost Center',
    'aws:ResourceTag/team:owner',
    'saml:aud',
  ])('condition key %s', (key) => {
    expect(scp({ ...statement, Condition: { StringLike: { [key]: 'x' } } })).toEqual([]);
  });

  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html
  test('accepts several empty Sids', () => {
    expect(scp({ ...statement, Sid: '' }, { ...statement, Sid: '' }, { ...statement, Sid: 'A' })).toEqual([]);
  });

  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
  test('accepts *:* for all actions of all services', () => {
    expect(scp({ ...statement, Action: '*:*' })).toEqual([]);
  });
});
