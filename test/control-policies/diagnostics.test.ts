// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type ControlPolicyType,
  deniedActions,
  diagnosePolicy,
  type JsonObject,
} from '../../src/control-policies/index.ts';

const statement: JsonObject = { Effect: 'Deny', Action: 's3:*', Resource: 'arn:aws:s3:::a' };
const diagnose = (elements: JsonObject, type: ControlPolicyType = 'SERVICE_CONTROL_POLICY', head?: JsonObject) =>
  diagnosePolicy(
    type,
    JSON.stringify({ Version: '2012-10-17', ...head, Statement: [{ ...statement, ...elements }] }, null, 2),
  ).map(({ severity, code, path }) => `${severity} ${code} ${path}`);

const rcp = 'RESOURCE_CONTROL_POLICY';
const condition = 'Statement[0].Condition';

describe('errors are what AWS rejects', () => {
  test.each<[string, string[]]>([['an unknown operator', [`ERROR UNKNOWN_OPERATOR ${condition}.StringIs`]]])(
    '%s',
    (_, expected) => {
      expect(diagnose({ Condition: { StringIs: { 'aws:username': 'a' } } })).toEqual(expected);
    },
  );

  test.each<[string, JsonObject, string[]]>([
    ['an action without a service', { Action: ['s3:*', 'GetObject'] }, ['ERROR INVALID_VALUE Statement[0].Action[1]']],
    ['a Principal in an SCP', { Principal: '*' }, ['ERROR UNKNOWN_ELEMENT Statement[0].Principal']],
    ['an Effect in lower case', { Effect: 'deny' }, ['ERROR INVALID_ELEMENT Statement[0].Effect']],
  ])('%s', (_, elements, expected) => {
    expect(diagnose(elements)).toEqual(expected);
  });

  test('Allow in an RCP, and a missing Principal', () => {
    expect(diagnose({ Effect: 'Allow' }, rcp)).toEqual([
      'ERROR INVALID_ELEMENT Statement[0].Principal',
      'ERROR INVALID_VALUE Statement[0].Effect',
    ]);
  });

  test('a document that is too long', () => {
    const sids = (length: number) => diagnose({ Sid: 'a'.repeat(length) });
    expect(sids(10_000)).toEqual([]);
    expect(sids(10_240)).toEqual(['ERROR TOO_LONG ']);
    expect(diagnosePolicy(rcp, ' '.repeat(1_000_000))).toMatchObject([{ code: 'TOO_LONG', line: 1, column: 1 }]);
  });

  test.each([
    ['{"Version": 1,}', 'INVALID_JSON', 1, 15],
    ['\n\n  []', 'INVALID_ELEMENT', 3, 3],
    ['{\n  "Version": "2012-10-17",\n  "Version": "2012-10-17"\n}', 'INVALID_JSON', 3, 3],
  ])('%j: %s in line %i, column %i', (content, code, line, column) => {
    expect(diagnosePolicy('SERVICE_CONTROL_POLICY', content)).toMatchObject([
      { code, line, column, severity: 'ERROR' },
    ]);
  });
});

describe('warnings are what is likely a mistake', () => {
  test.each<[string, JsonObject, string[]]>([
    ['a Deny of everything', { Action: ['*'], Resource: '*' }, ['WARNING DENIES_EVERYTHING Statement[0]']],
    [
      'wildcards that are plain text',
      { Condition: { StringEquals: { 'aws:username': 'a*' } } },
      [`WARNING PLAIN_WILDCARD ${condition}.StringEquals.aws:username`],
    ],
    [
      'a number that is none',
      { Condition: { NumericEquals: { 's3:max-keys': ['1', 'x'] } } },
      [`WARNING INVALID_VALUE ${condition}.NumericEquals.s3:max-keys`],
    ],
    [
      'a range that is none',
      { Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/40' } } },
      [`WARNING INVALID_VALUE ${condition}.IpAddress.aws:SourceIp`],
    ],
    [
      'Null with text',
      { Condition: { Null: { 'aws:username': 'yes' } } },
      [`WARNING INVALID_VALUE ${condition}.Null.aws:username`],
    ],
    [
      'a list of no values',
      { Condition: { StringEquals: { 'aws:username': [] } } },
      [`WARNING NO_VALUES ${condition}.StringEquals.aws:username`],
    ],
    [
      'a key with several values',
      { Condition: { StringEquals: { 'AWS:TagKeys': 'a' } } },
      [`WARNING MULTIVALUED_KEY ${condition}.StringEquals.AWS:TagKeys`],
    ],
    [
      'an ARN pattern of few parts',
      { Condition: { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*' } } },
      [`WARNING UNDOCUMENTED_RULE ${condition}.ArnLike.aws:PrincipalArn`],
    ],
    [
      'a variable outside the resource part',
      { Resource: 'arn:aws:sqs:*:${aws:PrincipalAccount}:a' },
      ['WARNING UNDOCUMENTED_RULE Statement[0].Resource'],
    ],
    [
      'a variable that does not end',
      { Resource: 'arn:aws:s3:::${aws:username' },
      ['WARNING INVALID_VALUE Statement[0].Resource'],
    ],
  ])('%s', (_, elements, expected) => {
    expect(diagnose(elements)).toEqual(expected);
  });

  test('an Allow that ForAllValues extends to requests without the key', () => {
    const allow = { Effect: 'Allow', Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': 'a' } } };
    expect(diagnose(allow)).toEqual([`WARNING ALLOWS_ABSENT_KEY ${condition}.ForAllValues:StringEquals.aws:TagKeys`]);
    const guarded = { ...allow, Condition: { ...allow.Condition, Null: { 'aws:TagKeys': 'false' } } };
    expect(diagnose(guarded)).toEqual([]);
  });

  test('variables in a document of the older version', () => {
    const elements = {
      Resource: 'arn:aws:s3:::${aws:username}',
      Condition: { StringLike: { 'aws:username': '${a:b}' } },
    };
    expect(diagnose(elements, 'SERVICE_CONTROL_POLICY', { Version: '2008-10-17' })).toEqual([
      'WARNING PLAIN_VARIABLE Statement[0].Resource',
      `WARNING PLAIN_VARIABLE ${condition}.StringLike.aws:username`,
    ]);
  });

  test('an RCP for a service that does not support RCPs', () => {
    expect(diagnose({ Principal: '*', Action: ['s3:*', 'ec2:RunInstances'] }, rcp)).toEqual([
      'WARNING UNSUPPORTED_SERVICE Statement[0].Action',
    ]);
  });
});

test('has the line and column of members, list items and keys with dots', () => {
  const content = `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Deny", "Action": ["s3:*",
        "GetObject"], "Resource": "*",
      "Condition": { "StringEquals": { "idp.example.com:sub": {} } }
    }
  ]
}`;
  expect(diagnosePolicy('SERVICE_CONTROL_POLICY', content)).toMatchObject([
    { path: 'Statement[0].Action[1]', line: 6, column: 9 },
    { path: `${condition}.StringEquals.idp.example.com:sub`, line: 7, column: 40 },
  ]);
});

test('bounds what a hostile document costs', () => {
  const many = JSON.stringify({ Version: '2012-10-17', Statement: Array.from({ length: 4_000 }, () => ({})) });
  expect(diagnosePolicy('SERVICE_CONTROL_POLICY', many).length).toBe(100);
  fc.assert(
    fc.property(fc.json(), (content) => {
      for (const { line, column } of diagnosePolicy('RESOURCE_CONTROL_POLICY', content)) {
        expect(line).toBeGreaterThan(0);
        expect(column).toBeGreaterThan(0);
      }
      deniedActions(content);
    }),
    { numRuns: 100 },
  );
});

describe('deniedActions', () => {
  const document = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Deny', Action: ['s3:*', 'ec2:Run*'], Resource: 'arn:aws:s3:::a' },
      { Effect: 'Deny', Action: 's3:*', Resource: '*', Condition: { Null: { 'aws:username': 'true' } } },
      { Effect: 'Deny', NotAction: ['iam:*', 'sts:*'], Resource: '*' },
      { Effect: 'Allow', Action: 'sqs:*', Resource: '*' },
    ],
  };

  test('lists the patterns of Deny statements, sorted, each once', () => {
    const expected = ['* except iam:*, sts:*', 'ec2:Run*', 's3:*'];
    expect(deniedActions(document)).toEqual(expected);
    expect(deniedActions(JSON.stringify(document))).toEqual(expected);
  });

  test.each(['', '[]', '{}', '{"Statement": 1}'])('%j has none', (content) => {
    expect(deniedActions(content)).toEqual([]);
  });
});
