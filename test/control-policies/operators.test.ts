// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables
import { describe, expect, test } from 'vitest';
import {
  type AccessRequest,
  type ControlPolicyDecision,
  evaluateControlPolicies,
  type JsonValue,
} from '../../src/control-policies/index.ts';

const account = '222222222222';
const tree = { id: 'r-a', managementAccount: '111111111111', children: [{ id: account }] };

/** Decides a request beside an SCP that denies everything under a condition. */
function decide(
  condition: JsonValue,
  context: AccessRequest['context'],
  version = '2012-10-17',
): ControlPolicyDecision {
  const statement = { Effect: 'Deny', Action: '*', Resource: '*', Condition: condition };
  return evaluateControlPolicies({
    tree,
    policies: {
      guard: { type: 'SERVICE_CONTROL_POLICY', document: { Version: version, Statement: statement } },
    },
    attachments: { 'r-a': ['FullAWSAccess', 'guard'], [account]: ['FullAWSAccess'] },
    request: { account, action: 's3:GetObject', ...(context && { context }) },
  });
}

type Outcome = 'matches' | 'differs' | 'unknown';
const outcomes = { DENIED: 'matches', ALLOWED: 'differs', DEPENDS: 'unknown' } as const;
const outcome = (condition: JsonValue, value: string | readonly string[] | null, version?: string): Outcome =>
  outcomes[decide(condition, { 'x:key': value, 'x:other': 'red', 'x:none': null, 'x:wild': 'r*' }, version).decision];

/** Each operator: values of the policy, a value of the request, and whether the positive operator matches. */
const comparisons: readonly (readonly [positive: string, negated: string | undefined, rows: Row[]])[] = [
  [
    'StringEquals',
    'StringNotEquals',
    [
      ['red', 'red', true],
      ['red', 'Red', false],
      ['r*', 'red', false],
      ['r*', 'r*', true],
      ['${x:other}', 'red', true],
      ['${x:other}s', 'reds', true],
      ['${x:none}', 'red', false],
      ["${x:none, 'blue'}", 'blue', true],
      ["${x:other, 'blue'}", 'blue', false],
      ['${*}', '*', true],
      ['${$}{a}', '${a}', true],
      ['', '', true],
    ],
  ],
  [
    'StringEqualsIgnoreCase',
    'StringNotEqualsIgnoreCase',
    [
      ['red', 'RED', true],
      ['red', 'blue', false],
      ['r*', 'red', false],
      ['X${x:other}', 'xRED', true],
    ],
  ],
  [
    'StringLike',
    'StringNotLike',
    [
      ['r*', 'red', true],
      ['r?d', 'red', true],
      ['r?', 'red', false],
      ['R*', 'red', false],
      ['*e*', 'red', true],
      ['r${*}', 'red', false],
      ['r${?}', 'r?', true],
      ['${x:other}*', 'red/a', true],
      ['?', '\u{1F600}', true],
      ['a.c', 'abc', false],
      ['*', '', true],
      ['?*', '', false],
    ],
  ],
  ...(['ArnEquals', 'ArnLike'] as const).map((name): (typeof comparisons)[number] => [
    name,
    name.replace('Arn', 'ArnNot'),
    [
      ['arn:aws:iam::*:role/red', 'arn:aws:iam::222222222222:role/red', true],
      ['arn:aws:iam::*:role/red', 'arn:aws:iam::222222222222:x:role/red', false],
      ['arn:aws:sns:*:*:a:*', 'arn:aws:sns:eu:1:a:b:c', true],
      ['arn:aws:iam::*:role/Red', 'arn:aws:iam::222222222222:role/red', false],
      ['arn:aws:iam::?:role/${x:other}', 'arn:aws:iam::2:role/red', true],
      ['arn:aws:iam::*:role/red', 'red', false],
    ],
  ]),
  [
    'NumericEquals',
    'NumericNotEquals',
    [
      ['10', '10.0', true],
      ['1e1', '10', true],
      ['10', '11', false],
      ['-0.5', '-.5', true],
    ],
  ],
  [
    'NumericLessThan',
    undefined,
    [
      ['10', '9', true],
      ['10', '10', false],
      ['9', '10', false],
      ['-1', '-2', true],
    ],
  ],
  [
    'NumericLessThanEquals',
    undefined,
    [
      ['10', '10', true],
      ['10', '10.1', false],
    ],
  ],
  [
    'NumericGreaterThan',
    undefined,
    [
      ['9', '10', true],
      ['10', '10', false],
    ],
  ],
  [
    'NumericGreaterThanEquals',
    undefined,
    [
      ['10', '10', true],
      ['10', '9.9', false],
    ],
  ],
  [
    'DateEquals',
    'DateNotEquals',
    [
      ['2026-01-01T00:00:00Z', '1767225600', true],
      ['2026-01-01T01:00:00+01:00', '2026-01-01', true],
      ['2026', '2026-01', true],
      ['2024-02-29', '1709164800', true],
      ['2026-01-01T00:00:00.5Z', '1767225600.5', true],
      ['2026-01-01', '2026-01-02', false],
    ],
  ],
  [
    'DateLessThan',
    undefined,
    [
      ['2026-06-01T00:00:00Z', '2026-05-31T23:59:59Z', true],
      ['2026-06-01', '2026-06-01', false],
    ],
  ],
  [
    'DateLessThanEquals',
    undefined,
    [
      ['2026-06-01', '2026-06-01T00:00:00Z', true],
      ['2026-06-01', '2026-06-02', false],
    ],
  ],
  [
    'DateGreaterThan',
    undefined,
    [
      ['2026-06-01', '2026-06-01T00:00:01Z', true],
      ['2026-06-01', '2026-06-01', false],
    ],
  ],
  [
    'DateGreaterThanEquals',
    undefined,
    [
      ['2026-06-01', '2026-06-01', true],
      ['2026-06-01', '2026-05-31', false],
    ],
  ],
  [
    'Bool',
    undefined,
    [
      ['true', 'true', true],
      ['true', 'TRUE', true],
      ['false', 'true', false],
      ['false', 'false', true],
    ],
  ],
  [
    'BinaryEquals',
    undefined,
    [
      ['cmVk', 'cmVk', true],
      ['cmVk', 'Ymx1ZQ==', false],
    ],
  ],
  [
    'IpAddress',
    'NotIpAddress',
    [
      ['10.0.0.0/8', '10.255.0.1', true],
      ['10.0.0.7/8', '10.1.1.1', true],
      ['10.0.0.0/8', '11.0.0.0', false],
      ['192.0.2.128/25', '192.0.2.127', false],
      ['192.0.2.1', '192.0.2.1', true],
      ['192.0.2.1', '192.0.2.2', false],
      ['0.0.0.0/0', '2001:db8::1', false],
      ['::/0', '2001:db8::1', true],
      ['2001:db8::/33', '2001:db8:8000::', false],
      ['2001:DB8:0:0:0:0:0:1', '2001:db8::1', true],
      ['::ffff:192.0.2.1', '::ffff:c000:201', true],
      ['192.0.2.1', '::ffff:192.0.2.1', false],
    ],
  ],
];
type Row = [policy: string, request: string, matches: boolean];

const rows = comparisons.flatMap(([positive, negated, each]) =>
  each.flatMap(([policy, request, matches]) => [
    { name: positive, policy, request, expected: matches ? 'matches' : 'differs' },
    ...(negated ? [{ name: negated, policy, request, expected: matches ? 'differs' : 'matches' }] : []),
  ]),
);

describe('operators', () => {
  test.each(rows)('$name $policy: a request with $request $expected', ({ name, policy, request, expected }) => {
    expect(outcome({ [name]: { 'x:key': policy } }, request)).toBe(expected);
    // Operators ignore case, and the suffix changes nothing for a key that is present.
    expect(outcome({ [`${name}IfExists`.toLowerCase()]: { 'X:KEY': [policy] } }, [request])).toBe(expected);
  });

  const names = comparisons.flatMap(([positive, negated]) => [
    { name: positive, isNegated: false },
    ...(negated ? [{ name: negated, isNegated: true }] : []),
  ]);

  test('are all of IAM but Null', () => {
    expect(names.length).toBe(26);
  });

  test.each(names)('$name: an absent key', ({ name, isNegated }) => {
    const absent = (operator: string): Outcome => outcome({ [operator]: { 'x:key': '1' } }, null);
    expect(absent(name)).toBe(isNegated ? 'matches' : 'differs');
    expect(absent(`${name}IfExists`)).toBe('matches');
    expect(absent(`ForAllValues:${name}`)).toBe(isNegated ? 'unknown' : 'matches');
    expect(absent(`ForAnyValue:${name}`)).toBe(isNegated ? 'unknown' : 'differs');
    expect(absent(`ForAnyValue:${name}IfExists`)).toBe('matches');
  });

  test.each(names)('$name: an unknown key is missing, with IfExists and set operators too', ({ name }) => {
    for (const operator of [name, `${name}IfExists`, `ForAllValues:${name}`, `ForAnyValue:${name}`]) {
      expect(decide({ [operator]: { 'x:key': '1' } }, {})).toMatchObject({
        decision: 'DEPENDS',
        missingContextKeys: ['x:key'],
      });
    }
  });

  test.each(names)('$name: an empty list of values matches nothing', ({ name, isNegated }) => {
    expect(outcome({ [name]: { 'x:key': [] } }, '1')).toBe(isNegated ? 'matches' : 'differs');
  });
});

describe('several values', () => {
  test.each<[string, string, string[], Outcome]>([
    ['ForAllValues:StringEquals', 'each is listed', ['a', 'b'], 'matches'],
    ['ForAllValues:StringEquals', 'one is not listed', ['a', 'c'], 'differs'],
    ['ForAllValues:StringEquals', 'there are none', [], 'matches'],
    ['ForAnyValue:StringEquals', 'one is listed', ['c', 'b'], 'matches'],
    ['ForAnyValue:StringEquals', 'none is listed', ['c'], 'differs'],
    ['ForAllValues:StringNotEquals', 'none is listed', ['c', 'd'], 'matches'],
    ['ForAllValues:StringNotEquals', 'one is listed', ['a', 'c'], 'differs'],
    ['ForAnyValue:StringNotEquals', 'one is not listed', ['a', 'c'], 'matches'],
    ['ForAnyValue:StringNotEquals', 'each is listed', ['a', 'b'], 'differs'],
    ['StringEquals', 'each is listed, without a set operator', ['a', 'b'], 'matches'],
    ['StringEquals', 'some are listed, without a set operator', ['a', 'c'], 'unknown'],
  ])('%s: %s', (operator, _, values, expected) => {
    expect(outcome({ [operator]: { 'x:key': ['a', 'b'] } }, values)).toBe(expected);
  });

  test.each<[JsonValue, string | null, Outcome]>([
    ['true', null, 'matches'],
    [true, null, 'matches'],
    ['true', 'x', 'differs'],
    ['false', 'x', 'matches'],
    ['false', null, 'differs'],
    [['true', 'false'], null, 'matches'],
  ])('Null %j for %j', (value, actual, expected) => {
    expect(outcome({ Null: { 'x:key': value } }, actual)).toBe(expected);
  });
});

describe('reports what it cannot interpret', () => {
  test.each<[string, JsonValue, string, string, string]>([
    ['an unknown operator', { StringIs: { 'x:key': 'a' } }, 'a', 'UNKNOWN_OPERATOR', '.StringIs'],
    ['NullIfExists', { NullIfExists: { 'x:key': 'true' } }, 'a', 'UNKNOWN_OPERATOR', '.NullIfExists'],
    [
      'a set operator with Null',
      { 'ForAnyValue:Null': { 'x:key': 'true' } },
      'a',
      'UNDOCUMENTED_RULE',
      '.ForAnyValue:Null.x:key',
    ],
    ['an operator without keys', { StringEquals: 'x' }, 'a', 'INVALID_ELEMENT', '.StringEquals'],
    ['a Condition that is a list', [], 'a', 'INVALID_ELEMENT', ''],
    ['a value that is an object', { StringEquals: { 'x:key': {} } }, 'a', 'INVALID_ELEMENT', '.StringEquals.x:key'],
    ['text for a number', { NumericEquals: { 'x:key': 'ten' } }, '10', 'INVALID_VALUE', '.NumericEquals.x:key'],
    [
      'a request with text for a number',
      { NumericEquals: { 'x:key': '10' } },
      'ten',
      'INVALID_VALUE',
      '.NumericEquals.x:key',
    ],
    [
      'a date that does not exist',
      { DateEquals: { 'x:key': '2026-02-30' } },
      '2026',
      'INVALID_VALUE',
      '.DateEquals.x:key',
    ],
    [
      'a prefix that is too long',
      { IpAddress: { 'x:key': '10.0.0.0/33' } },
      '10.0.0.1',
      'INVALID_VALUE',
      '.IpAddress.x:key',
    ],
    [
      'an address with leading zeros',
      { IpAddress: { 'x:key': '010.0.0.1' } },
      '10.0.0.1',
      'INVALID_VALUE',
      '.IpAddress.x:key',
    ],
    ['Base64 that is none', { BinaryEquals: { 'x:key': 'a' } }, 'cmVk', 'INVALID_VALUE', '.BinaryEquals.x:key'],
    ['a flag that is none', { Bool: { 'x:key': 'yes' } }, 'true', 'INVALID_VALUE', '.Bool.x:key'],
    ['Null with text', { Null: { 'x:key': 'yes' } }, 'a', 'INVALID_VALUE', '.Null.x:key'],
    [
      'a variable that does not end',
      { StringEquals: { 'x:key': '${x:other' } },
      'a',
      'INVALID_VALUE',
      '.StringEquals.x:key',
    ],
    ['a variable for a flag', { Bool: { 'x:key': '${x:other}' } }, 'true', 'UNDOCUMENTED_RULE', '.Bool.x:key'],
    [
      'an ARN of few parts',
      { ArnLike: { 'x:key': 'arn:aws:iam::*' } },
      'arn:aws:iam::2:role/a',
      'UNDOCUMENTED_RULE',
      '.ArnLike.x:key',
    ],
    [
      'wildcards in the value of a variable',
      { StringLike: { 'x:key': '${x:wild}' } },
      'red',
      'UNDOCUMENTED_RULE',
      '.StringLike.x:key',
    ],
  ])('%s', (_, condition, actual, reason, path) => {
    const result = decide(condition, { 'x:key': actual, 'x:other': 'red', 'x:wild': 'r*' });
    expect(result).toMatchObject({
      decision: 'DEPENDS',
      missingContextKeys: [],
      unresolved: [{ level: 'r-a', policy: 'guard', sid: null, reason, path: `Statement.Condition${path}` }],
    });
  });

  test('only if it can change the decision', () => {
    const condition = { StringIs: { 'x:key': 'a' }, StringEquals: { 'x:key': 'b' } };
    expect(decide(condition, { 'x:key': 'a' }).decision).toBe('ALLOWED');
  });
});

test('variables are plain text in documents of the older version', () => {
  const condition = { StringEquals: { 'x:key': '${x:other}' } };
  expect(outcome(condition, 'red', '2008-10-17')).toBe('differs');
  expect(outcome(condition, '${x:other}', '2008-10-17')).toBe('matches');
});
