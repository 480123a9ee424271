import { DAY_MS } from '../../../src/simulator/world/durations.ts';
import { constraint, handshakeConstraint, invalid, rule } from './case.ts';
import { CUSTOMER, type ErrorCase, PAYER, SEDGE, STANDALONE, type Stage } from './stage.ts';

const order = { Email: 'new@example.com', AccountName: 'New' };

const creations: readonly ErrorCase[] = (['CreateAccount', 'CreateGovCloudAccount'] as const).flatMap((operation) => {
  const paired = (stage: Stage) => Object.assign(stage.account(PAYER), { govCloudAccountId: '900000000000' });
  return [
    rule(operation, constraint('ACCOUNT_NUMBER_LIMIT_EXCEEDED'), 'quota reached', (stage) => {
      paired(stage);
      stage.organization().quotas.accounts = 10;
      return stage.call(PAYER, operation, order);
    }),
    rule(operation, constraint('ACCOUNT_CREATION_RATE_LIMIT_EXCEEDED'), 'five in progress', async (stage) => {
      paired(stage);
      for (let n = 0; n < 5; n++)
        await stage.id(PAYER, operation, { ...order, Email: `n${n}@example.com` }, 'CreateAccountStatus');
      return stage.call(PAYER, operation, order);
    }),
    rule(
      operation,
      constraint('MASTER_ACCOUNT_MISSING_CONTACT_INFO'),
      'the account lacks the prerequisite',
      (stage) => {
        paired(stage).missingPrerequisites.add('CONTACT_INFO');
        return stage.call(PAYER, operation, order);
      },
    ),
    rule(operation, 'FinalizingOrganizationException', 'the organization is initializing', (stage) => {
      paired(stage);
      stage.simulator.world.settings.initializingMs = 5_000 * DAY_MS;
      return stage.call(PAYER, operation, order);
    }),
    rule(operation, invalid('INVALID_ROLE_NAME'), 'a reserved role name', (stage) => {
      paired(stage);
      return stage.call(PAYER, operation, { ...order, RoleName: 'AWSServiceRoleForMe' });
    }),
    rule(operation, invalid('DUPLICATE_TAG_KEY'), 'a duplicate tag key', (stage) => {
      paired(stage);
      const tag = { Key: 'a', Value: 'b' };
      return stage.call(PAYER, operation, { ...order, Tags: [tag, tag] });
    }),
  ];
});

/** Leaving and removal have the same conditions. */
const departures: readonly ErrorCase[] = (['LeaveOrganization', 'RemoveAccountFromOrganization'] as const).flatMap(
  (operation) => {
    const depart = async (stage: Stage, id: string) => {
      if (operation !== 'LeaveOrganization') return stage.call(PAYER, operation, { AccountId: id });
      const PolicyId = stage.policy('Deny leaving the organization').id;
      await stage.call(PAYER, 'DetachPolicy', { PolicyId, TargetId: stage.root });
      return stage.call(id, operation);
    };
    return [
      rule(operation, 'MasterCannotLeaveOrganizationException', 'the management account', (stage) =>
        depart(stage, PAYER),
      ),
      rule(
        operation,
        constraint('CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG'),
        'a delegated administrator',
        (stage) => depart(stage, stage.member('Log Archive').id),
      ),
      rule(operation, constraint('WAIT_PERIOD_ACTIVE'), 'created less than four days ago', async (stage) => {
        await stage.id(PAYER, 'CreateAccount', order, 'CreateAccountStatus');
        stage.simulator.clock.advance(3 * DAY_MS);
        await stage.call(PAYER, 'ListRoots');
        return depart(stage, stage.member('New').id);
      }),
      ...(
        [
          ['EULA', 'ACCOUNT_CANNOT_LEAVE_WITHOUT_EULA'],
          ['PHONE_VERIFICATION', 'ACCOUNT_CANNOT_LEAVE_WITHOUT_PHONE_VERIFICATION'],
          ['PAYMENT_INSTRUMENT', 'MEMBER_ACCOUNT_PAYMENT_INSTRUMENT_REQUIRED'],
        ] as const
      ).map(([lacking, reason]) =>
        rule(operation, constraint(reason), 'the account lacks the prerequisite', (stage) => {
          const account = stage.member('Checkout');
          account.missingPrerequisites.add(lacking);
          return depart(stage, account.id);
        }),
      ),
    ];
  },
);

const missing = (['DescribeAccount', 'CloseAccount', 'RemoveAccountFromOrganization'] as const).map((operation) =>
  rule(operation, 'AccountNotFoundException', 'not a member', (stage) =>
    stage.call(PAYER, operation, { AccountId: CUSTOMER }),
  ),
);

export const accountCases: readonly ErrorCase[] = [
  ...creations,
  ...departures,
  ...missing,
  rule('LeaveOrganization', 'AccessDeniedException', 'a service control policy denies it', (stage) =>
    stage.call(stage.member('Checkout').id, 'LeaveOrganization'),
  ),
  rule('CreateGovCloudAccount', constraint('MASTER_ACCOUNT_NOT_GOVCLOUD_ENABLED'), 'no paired account', (stage) =>
    stage.call(PAYER, 'CreateGovCloudAccount', order),
  ),
  rule('DescribeCreateAccountStatus', 'CreateAccountStatusNotFoundException', 'no such request', (stage) =>
    stage.call(PAYER, 'DescribeCreateAccountStatus', { CreateAccountRequestId: 'car-00000000' }),
  ),
  rule('ListCreateAccountStatus', invalid('INVALID_LIST_MEMBER'), 'an unknown state', (stage) =>
    stage.call(PAYER, 'ListCreateAccountStatus', { States: ['NOPE'] }),
  ),
  rule('CloseAccount', constraint('CANNOT_CLOSE_MANAGEMENT_ACCOUNT'), 'the management account', (stage) =>
    stage.call(PAYER, 'CloseAccount', { AccountId: PAYER }),
  ),
  rule('CloseAccount', 'AccountAlreadyClosedException', 'a closed account', (stage) =>
    stage.call(PAYER, 'CloseAccount', { AccountId: stage.member('Old Data Lake').id }),
  ),
  rule('CloseAccount', 'ConflictException', 'the account is being closed', async (stage) => {
    const AccountId = stage.member('Checkout').id;
    await stage.id(PAYER, 'CloseAccount', { AccountId }, '');
    return stage.call(PAYER, 'CloseAccount', { AccountId });
  }),
  rule('CloseAccount', constraint('CLOSE_ACCOUNT_REQUESTS_LIMIT_EXCEEDED'), 'three being closed', async (stage) => {
    for (const name of ['Checkout', 'Catalog', 'Search']) {
      await stage.id(PAYER, 'CloseAccount', { AccountId: stage.member(name).id }, '');
    }
    return stage.call(PAYER, 'CloseAccount', { AccountId: stage.member('Retail API').id });
  }),
  rule('CloseAccount', constraint('CLOSE_ACCOUNT_QUOTA_EXCEEDED'), '250 closed within 30 days', (stage) => {
    stage.organization().closureTimes = Array.from({ length: 250 }, () => stage.simulator.clock.now() - DAY_MS);
    return stage.call(PAYER, 'CloseAccount', { AccountId: stage.member('Checkout').id });
  }),
  rule('CreateOrganization', 'AlreadyInOrganizationException', 'in an organization', (stage) =>
    stage.call(PAYER, 'CreateOrganization'),
  ),
  ...(
    [
      ['COMPLETE_SETUP', 'ACCOUNT_CREATION_NOT_COMPLETE'],
      ['PAYMENT_INSTRUMENT', 'MASTER_ACCOUNT_PAYMENT_INSTRUMENT_REQUIRED'],
      ['CONTACT_INFO', 'MASTER_ACCOUNT_MISSING_CONTACT_INFO'],
    ] as const
  ).map(([lacking, reason]) =>
    rule('CreateOrganization', constraint(reason), 'the account lacks the prerequisite', (stage) => {
      stage.account(STANDALONE).missingPrerequisites.add(lacking);
      return stage.call(STANDALONE, 'CreateOrganization');
    }),
  ),
  rule('CreateOrganization', constraint('MASTER_ACCOUNT_MISSING_BUSINESS_LICENSE'), 'in aws-cn', (stage) => {
    stage.account(STANDALONE).missingPrerequisites.add('BUSINESS_LICENSE');
    return stage.call(STANDALONE, 'CreateOrganization', {}, 'cn-north-1');
  }),
  rule(
    'CreateOrganization',
    constraint('CREATE_ORGANIZATION_IN_BILLING_MODE_UNSUPPORTED_REGION'),
    'in aws-cn',
    (stage) => stage.call(STANDALONE, 'CreateOrganization', { FeatureSet: 'CONSOLIDATED_BILLING' }, 'cn-north-1'),
  ),
  rule(
    'CreateOrganization',
    'AccessDeniedForDependencyException ACCESS_DENIED_DURING_CREATE_SERVICE_LINKED_ROLE',
    'may not create the role',
    (stage) => {
      stage.account(STANDALONE).missingPrerequisites.add('SERVICE_LINKED_ROLE_PERMISSION');
      return stage.call(STANDALONE, 'CreateOrganization');
    },
  ),
  rule('DeleteOrganization', 'OrganizationNotEmptyException', 'it has members', (stage) =>
    stage.call(PAYER, 'DeleteOrganization'),
  ),
  rule(
    'DeleteOrganization',
    constraint('ACTIVE_RESPONSIBILITY_TRANSFER_PROCESS'),
    'a transfer is in place',
    async (stage) => {
      await stage.acceptedTransfer();
      for (const { id } of stage
        .organization(CUSTOMER)
        .members.values()
        .filter(({ id }) => id !== CUSTOMER)) {
        await stage.id(CUSTOMER, 'RemoveAccountFromOrganization', { AccountId: id }, '');
      }
      return stage.call(CUSTOMER, 'DeleteOrganization');
    },
  ),
  rule(
    'EnableAllFeatures',
    handshakeConstraint('ORGANIZATION_ALREADY_HAS_ALL_FEATURES'),
    'it has all features',
    (stage) => stage.call(PAYER, 'EnableAllFeatures'),
  ),
  rule(
    'EnableAllFeatures',
    handshakeConstraint('ORGANIZATION_IS_ALREADY_PENDING_ALL_FEATURES_MIGRATION'),
    'already started',
    async (stage) => {
      await stage.id(SEDGE, 'EnableAllFeatures', {}, 'Handshake');
      return stage.call(SEDGE, 'EnableAllFeatures');
    },
  ),
  rule(
    'EnableAllFeatures',
    constraint('ALL_FEATURES_MIGRATION_ORGANIZATION_SIZE_LIMIT_EXCEEDED'),
    'over 5,000 accounts',
    (stage) => {
      const { members } = stage.organization(SEDGE);
      const account = stage.account(STANDALONE);
      for (let n = 0; n < 5_000; n++) members.add(`filler ${n}`, 1_000_000 + n, account);
      return stage.call(SEDGE, 'EnableAllFeatures');
    },
  ),
];
