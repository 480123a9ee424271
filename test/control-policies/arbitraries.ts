// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables

/** Random organizations, policies and requests from a small vocabulary, so that many of their parts match. */
import fc from 'fast-check';
import type {
  AccessRequest,
  JsonObject,
  OrganizationInput,
  OrganizationNode,
} from '../../src/control-policies/index.ts';

const accounts = ['111111111111', '222222222222', '333333333333', '444444444444'] as const;
const outsideAccount = '999999999999';

/** A management account at random, units of up to three levels, and up to two accounts in each. */
export const tree = fc
  .record({
    management: fc.constantFrom(...accounts),
    places: fc.tuple(...accounts.map(() => fc.nat(3))),
  })
  .map(({ management, places }) => {
    const accountsAt = (depth: number): OrganizationNode[] =>
      accounts.filter((_, index) => places[index] === depth).map((id) => ({ id }));
    const unit = (depth: number): OrganizationNode[] =>
      depth > 3 ? [] : [{ id: `ou-a-${depth}`, children: [...accountsAt(depth), ...unit(depth + 1)] }];
    return { id: 'r-a', managementAccount: management, children: [...accountsAt(0), ...unit(1)] };
  });

const targets = ['r-a', 'ou-a-1', 'ou-a-2', 'ou-a-3', ...accounts];

const actions = ['s3:GetObject', 's3:PutObject', 'sqs:SendMessage', 'ec2:RunInstances', 'kms:RetireGrant'];
const actionPatterns = [
  '*',
  '*:*',
  's3:*',
  'S3:get*',
  's3:?utObject',
  's3:*Object',
  'ec2:*',
  'sqs:Send*',
  '*:Get*',
  'kms:*',
  's?:*',
];
const resources = [
  'arn:aws:s3:::red/a',
  'arn:aws:s3:::red:blue/a',
  'arn:aws:sqs:eu:222222222222:q',
  '*',
  'arn:aws:s3',
  'plain',
];
const resourcePatterns = [
  ...[
    '*',
    'arn:aws:s3:::red/*',
    'arn:aws:s3:::${aws:PrincipalTag/team}/*',
    "arn:aws:s3:::${aws:PrincipalTag/team, 'red'}/?",
  ],
  ...[
    'arn:aws:sqs:*:222222222222:q',
    'arn:aws:s3:*',
    'arn:*:blue/a',
    'arn:aws:s3',
    'arn:aws:s3:::${*}',
    'arn:aws:s3:::RED/*',
  ],
  ...[
    'arn:aws:sqs:eu:${aws:PrincipalAccount}:q',
    'arn:aws:s3:::${broken',
    'arn:aws:s3:::${aws:username}${aws:PrincipalTag/team}/a',
  ],
];

const keys = [
  'aws:PrincipalTag/team',
  'aws:SourceIp',
  'aws:CurrentTime',
  's3:max-keys',
  'aws:TagKeys',
  'aws:PrincipalArn',
] as const;
const texts = [
  'red',
  'Red',
  'r*',
  '${aws:PrincipalTag/team}',
  "${aws:username, 'red'}",
  'r?d',
  '${*}',
  'blue',
  '${',
  'x',
];
const arns = [
  'arn:aws:iam::222222222222:role/red',
  'arn:aws:iam::*:role/*',
  'arn:aws:iam::*',
  'arn:*:role/red',
  '*',
  'arn:aws:iam::222222222222:role/${aws:PrincipalTag/team}',
];
const numbers = ['10', '10.0', '9', '1e1', '-3', 'ten', '${aws:username}'];
const dates = [
  '2026-01-01T00:00:00Z',
  '2026-01-01T01:00:00+01:00',
  '1767225600',
  '2026',
  '2027-06-30',
  '2026-01-01T00:00:00',
  'soon',
];
const addresses = [
  '10.0.0.0/8',
  '10.1.2.3',
  '192.0.2.0/24',
  '2001:db8::/32',
  '2001:db8::1',
  '10.0.0.0/33',
  '0.0.0.0/0',
  'host',
];
const flags = ['true', 'false', 'TRUE', 'yes'];

const operators: readonly (readonly [name: string, values: readonly string[]])[] = [
  ...[
    'StringEquals',
    'StringNotEquals',
    'StringEqualsIgnoreCase',
    'StringNotEqualsIgnoreCase',
    'StringLike',
    'StringNotLike',
  ].map((name) => [name, texts] as const),
  ...['ArnEquals', 'ArnNotEquals', 'ArnLike', 'ArnNotLike'].map((name) => [name, arns] as const),
  ...['Equals', 'NotEquals', 'LessThan', 'LessThanEquals', 'GreaterThan', 'GreaterThanEquals'].flatMap((order) => [
    [`Numeric${order}`, numbers] as const,
    [`Date${order}`, dates] as const,
  ]),
  ...['IpAddress', 'NotIpAddress'].map((name) => [name, addresses] as const),
  ['Bool', flags],
  ['BinaryEquals', ['cmVk', 'Ymx1ZQ==']],
];
export const operatorNames = operators.map(([name]) => name);

const oneOrMany = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | Value[]> =>
  fc.oneof({ weight: 3, arbitrary: value }, { weight: 2, arbitrary: fc.array(value, { minLength: 1, maxLength: 3 }) });

const keyOf = (values: readonly string[]): fc.Arbitrary<string> => {
  const usual =
    values === addresses
      ? 'aws:SourceIp'
      : values === dates
        ? 'aws:CurrentTime'
        : values === numbers
          ? 's3:max-keys'
          : values === arns
            ? 'aws:PrincipalArn'
            : 'aws:PrincipalTag/team';
  return fc.constantFrom(usual, usual, usual, usual.toUpperCase(), ...keys);
};

const operatorTest = fc.constantFrom(...operators).chain(([name, values]) =>
  fc.record({
    name: fc.constantFrom(
      name,
      name,
      `${name}IfExists`,
      `ForAllValues:${name}`,
      `ForAnyValue:${name}`,
      `ForAllValues:${name}IfExists`,
    ),
    key: keyOf(values),
    value: oneOrMany(fc.constantFrom(...values)),
  }),
);
const presenceTest = fc.record({
  name: fc.constant('Null'),
  key: fc.constantFrom(...keys),
  value: oneOrMany(fc.constantFrom('true', 'false')),
});
const unknownTest = fc.record({
  name: fc.constantFrom('StringIs', 'NullIfExists'),
  key: fc.constantFrom(...keys),
  value: fc.constant('red'),
});

const condition = fc
  .array(
    fc.oneof(
      { weight: 20, arbitrary: operatorTest },
      { weight: 3, arbitrary: presenceTest },
      { weight: 1, arbitrary: unknownTest },
    ),
    { maxLength: 3 },
  )
  .map((tests) => {
    const result: Record<string, Record<string, string | string[]>> = {};
    for (const { name, key, value } of tests) result[name] = { ...result[name], [key]: value };
    return result;
  });

/** @param isOdd whether the statement may have elements that AWS rejects */
const statementOf = (effect: 'Allow' | 'Deny', isRcp: boolean, isOdd: boolean): fc.Arbitrary<JsonObject> =>
  fc
    .record({
      sid: fc.option(fc.constantFrom('A', 'B'), { nil: undefined }),
      action: fc.tuple(
        fc.constantFrom('Action', isRcp ? 'Action' : 'NotAction', 'Action'),
        oneOrMany(fc.constantFrom(...actionPatterns)),
      ),
      resource: fc.tuple(
        fc.constantFrom('Resource', 'NotResource', 'Resource'),
        fc.oneof(fc.constant('*'), oneOrMany(fc.constantFrom(...resourcePatterns))),
      ),
      condition: fc.option(condition, { nil: undefined }),
      odd: isOdd
        ? fc.constantFrom<JsonObject>(
            {},
            {},
            {},
            {},
            {},
            {},
            { Comment: 'x' },
            { Effect: 'allow' },
            { NotPrincipal: '*' },
          )
        : fc.constant({}),
    })
    .map(({ sid, action, resource, condition: conditions, odd }) => ({
      ...(sid !== undefined && { Sid: sid }),
      Effect: effect,
      ...(isRcp && { Principal: '*' }),
      [action[0]]: action[1],
      [resource[0]]: resource[1],
      ...(conditions !== undefined && { Condition: conditions }),
      ...odd,
    }));

const version = fc.constantFrom<JsonObject>(
  ...Array.from({ length: 8 }, () => ({ Version: '2012-10-17' })),
  { Version: '2008-10-17' },
  {},
  { Version: '2099-01-01' },
  { Version: '2012-10-17', Comment: 'x' },
);

const policy = fc
  .constantFrom<OrganizationInput['policies'][string]['type']>(
    'SERVICE_CONTROL_POLICY',
    'SERVICE_CONTROL_POLICY',
    'RESOURCE_CONTROL_POLICY',
  )
  .chain((type) => {
    const isRcp = type === 'RESOURCE_CONTROL_POLICY';
    const statement = fc.oneof(
      { weight: 10, arbitrary: statementOf('Deny', isRcp, true) },
      { weight: isRcp ? 1 : 10, arbitrary: statementOf('Allow', isRcp, true) },
      { weight: 1, arbitrary: fc.constant('text') },
    );
    return fc.record({
      type: fc.constant(type),
      document: fc
        .tuple(version, fc.oneof(statement, fc.array(statement, { minLength: 1, maxLength: 3 })))
        .map(([head, statements]): JsonObject => ({ ...head, Statement: statements })),
    });
  });

const names = ['p0', 'p1', 'p2', 'p3'] as const;

export const organization: fc.Arbitrary<OrganizationInput> = fc
  .record({
    tree,
    policies: fc.tuple(policy, policy, policy, policy),
    attached: fc.tuple(
      ...targets.map(() => fc.uniqueArray(fc.constantFrom('FullAWSAccess', ...names), { maxLength: 3 })),
    ),
    hasFullAccess: fc.tuple(...targets.map(() => fc.integer({ min: 0, max: 9 }))),
    types: fc.constantFrom<OrganizationInput['enabledPolicyTypes']>(
      undefined,
      undefined,
      undefined,
      ['SERVICE_CONTROL_POLICY'],
      ['RESOURCE_CONTROL_POLICY'],
    ),
  })
  .map(({ tree: root, policies, attached, hasFullAccess, types }) => ({
    tree: root,
    policies: Object.fromEntries(names.map((name, index) => [name, policies[index] ?? policies[0]])),
    attachments: Object.fromEntries(
      targets.map((target, index) => {
        const own = (attached[index] ?? []).filter((name) => name !== 'FullAWSAccess');
        return [target, (hasFullAccess[index] ?? 0) > 0 ? ['FullAWSAccess', ...own] : own];
      }),
    ),
    ...(types && { enabledPolicyTypes: types }),
  }));

const plain = (...values: string[]) => fc.constantFrom<string | string[] | null>(null, ...values, ...values, ...values);
const contextValues = {
  'aws:PrincipalTag/team': plain('red', 'Red', 'blue', 'r*', 'true', 'cmVk'),
  'aws:SourceIp': plain('10.1.2.3', '192.0.2.7', '2001:db8::1', 'AWS'),
  'aws:CurrentTime': plain('2026-01-01T00:00:00Z', '2026-06-01T12:00:00Z', '1767225600', 'later'),
  's3:max-keys': plain('10', '9', '11.5', 'many'),
  'aws:TagKeys': fc.constantFrom<string | string[] | null>(null, [], ['red'], ['red', 'blue'], ['red', 'red'], 'red'),
  'aws:PrincipalArn': plain('arn:aws:iam::222222222222:role/red', 'arn:aws:iam::333333333333:user/a', 'red'),
  'aws:username': plain('red', 'ann'),
  'aws:principalaccount': plain('222222222222'),
};
/** Keys that policies test or name in variables, with values for them. */
export const contextKey = fc
  .constantFrom(...(Object.keys(contextValues) as (keyof typeof contextValues)[]))
  .chain((key) => contextValues[key].map((value) => ({ key, value })));

export const request: fc.Arbitrary<AccessRequest> = fc
  .record({
    account: fc.constantFrom(...accounts, outsideAccount),
    principal: fc.option(
      fc.record(
        {
          kind: fc.constantFrom<NonNullable<NonNullable<AccessRequest['principal']>['kind']>>(
            'ROLE',
            'ROLE',
            'USER',
            'ROOT',
            'SERVICE_LINKED_ROLE',
            'SERVICE',
            'ANONYMOUS',
          ),
          account: fc.constantFrom(...accounts, outsideAccount),
        },
        { requiredKeys: [] },
      ),
      { nil: undefined },
    ),
    action: fc.constantFrom(...actions),
    resource: fc.option(fc.constantFrom(...resources), { nil: undefined }),
    context: fc.record(contextValues, { requiredKeys: [] }),
  })
  .map(({ principal, resource, ...rest }) => ({
    ...rest,
    ...(principal && { principal }),
    ...(resource !== undefined && { resource }),
  }));

/** A policy of one statement without elements that AWS rejects. */
export const policyWith = (effect: 'Allow' | 'Deny') =>
  statementOf(effect, false, false).map((statement) => ({
    type: 'SERVICE_CONTROL_POLICY' as const,
    document: { Version: '2012-10-17', Statement: statement },
  }));
export const target = fc.constantFrom(...targets);
