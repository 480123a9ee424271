import { constraint, invalid, rule } from './case.ts';
import { CUSTOMER, type ErrorCase, PAYER, type Stage } from './stage.ts';

const register = (stage: Stage, AccountId: string, ServicePrincipal: string) =>
  stage.call(PAYER, 'RegisterDelegatedAdministrator', { AccountId, ServicePrincipal });

const registering: readonly ErrorCase[] = [
  rule('RegisterDelegatedAdministrator', 'AccountNotFoundException', 'not a member', (stage) =>
    register(stage, CUSTOMER, 'config.amazonaws.com'),
  ),
  rule('RegisterDelegatedAdministrator', 'AccountAlreadyRegisteredException', 'a second time', (stage) =>
    register(stage, stage.member('Log Archive').id, 'cloudtrail.amazonaws.com'),
  ),
  rule(
    'RegisterDelegatedAdministrator',
    invalid('UNRECOGNIZED_SERVICE_PRINCIPAL'),
    'a service without delegated administrators',
    (stage) => register(stage, stage.member('Checkout').id, 'ram.amazonaws.com'),
  ),
  rule(
    'RegisterDelegatedAdministrator',
    constraint('CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR'),
    'the management account',
    (stage) => register(stage, PAYER, 'config.amazonaws.com'),
  ),
  rule(
    'RegisterDelegatedAdministrator',
    constraint('CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR'),
    'a suspended account',
    (stage) => register(stage, stage.member('Old Data Lake').id, 'config.amazonaws.com'),
  ),
  rule(
    'RegisterDelegatedAdministrator',
    constraint('SERVICE_ACCESS_NOT_ENABLED'),
    'the service has no access',
    (stage) => register(stage, stage.member('Checkout').id, 'securitylake.amazonaws.com'),
  ),
  rule(
    'RegisterDelegatedAdministrator',
    constraint('DELEGATED_ADMINISTRATOR_EXISTS_FOR_THIS_SERVICE'),
    'one is there',
    (stage) => register(stage, stage.member('Checkout').id, 'guardduty.amazonaws.com'),
  ),
  rule(
    'RegisterDelegatedAdministrator',
    constraint('MAX_DELEGATED_ADMINISTRATORS_FOR_SERVICE_LIMIT_EXCEEDED'),
    'three are there',
    async (stage) => {
      for (const name of ['Checkout', 'Catalog']) {
        const { error } = await register(stage, stage.member(name).id, 'cloudtrail.amazonaws.com');
        if (error) throw new Error(error);
      }
      return register(stage, stage.member('Search').id, 'cloudtrail.amazonaws.com');
    },
  ),
  rule('DeregisterDelegatedAdministrator', 'AccountNotFoundException', 'not a member', (stage) =>
    stage.call(PAYER, 'DeregisterDelegatedAdministrator', {
      AccountId: CUSTOMER,
      ServicePrincipal: 'config.amazonaws.com',
    }),
  ),
  rule('DeregisterDelegatedAdministrator', 'AccountNotRegisteredException', 'not registered', (stage) =>
    stage.call(PAYER, 'DeregisterDelegatedAdministrator', {
      AccountId: stage.member('Checkout').id,
      ServicePrincipal: 'config.amazonaws.com',
    }),
  ),
  rule('ListDelegatedServicesForAccount', 'AccountNotFoundException', 'not a member', (stage) =>
    stage.call(PAYER, 'ListDelegatedServicesForAccount', { AccountId: CUSTOMER }),
  ),
  rule('ListDelegatedServicesForAccount', 'AccountNotRegisteredException', 'not registered', (stage) =>
    stage.call(PAYER, 'ListDelegatedServicesForAccount', { AccountId: stage.member('Checkout').id }),
  ),
  rule('ListDelegatedServicesForAccount', invalid('INVALID_NEXT_TOKEN'), 'an invalid token', (stage) => {
    const AccountId = stage.member('Log Archive').id;
    return stage.call(PAYER, 'ListDelegatedServicesForAccount', { AccountId, NextToken: 'x' });
  }),
  ...(['EnableAWSServiceAccess', 'DisableAWSServiceAccess', 'ListDelegatedAdministrators'] as const).map((operation) =>
    rule(operation, invalid('UNRECOGNIZED_SERVICE_PRINCIPAL'), 'not a service principal', (stage) =>
      stage.call(PAYER, operation, { ServicePrincipal: 'nope.example.com' }),
    ),
  ),
  rule(
    'DisableAWSServiceAccess',
    constraint('POLICY_TYPE_ENABLED_FOR_THIS_SERVICE'),
    'a policy type of it is enabled',
    async (stage) => {
      await stage.id(PAYER, 'EnablePolicyType', { RootId: stage.root, PolicyType: 'GUARDDUTY_POLICY' }, 'Root');
      return stage.call(PAYER, 'DisableAWSServiceAccess', { ServicePrincipal: 'guardduty.amazonaws.com' });
    },
  ),
];

const statement = (changes: object) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: '333333333333' },
        Action: 'organizations:DescribePolicy',
        Resource: '*',
        ...changes,
      },
    ],
  });
const put = (reason: string, when: string, Content: string) =>
  rule('PutResourcePolicy', invalid(reason), when, (stage) => stage.call(PAYER, 'PutResourcePolicy', { Content }));

const resourcePolicies: readonly ErrorCase[] = [
  put('INVALID_RESOURCE_POLICY_JSON', 'not JSON', '{'),
  put('INVALID_PRINCIPAL', 'everybody', statement({ Principal: '*' })),
  put(
    'UNSUPPORTED_ACTION_IN_RESOURCE_POLICY',
    'cannot be delegated',
    statement({ Action: 'organizations:CloseAccount' }),
  ),
  put('UNSUPPORTED_RESOURCE_IN_RESOURCE_POLICY', 'a bucket', statement({ Resource: 'arn:aws:s3:::bucket' })),
  put(
    'UNSUPPORTED_POLICY_TYPE_IN_RESOURCE_POLICY',
    'no such type',
    statement({ Condition: { StringEquals: { 'organizations:PolicyType': 'NOPE' } } }),
  ),
  rule('PutResourcePolicy', constraint('MAX_TAG_LIMIT_EXCEEDED'), '51 tags', (stage) =>
    stage.call(PAYER, 'PutResourcePolicy', {
      Content: statement({}),
      Tags: Array.from({ length: 51 }, (_, n) => ({ Key: `key-${n}`, Value: '' })),
    }),
  ),
  ...(['DescribeResourcePolicy', 'DeleteResourcePolicy'] as const).map((operation) =>
    rule(operation, 'ResourcePolicyNotFoundException', 'no resource policy', (stage) =>
      stage.call(CUSTOMER, operation),
    ),
  ),
];

export const delegationCases: readonly ErrorCase[] = [...registering, ...resourcePolicies];
