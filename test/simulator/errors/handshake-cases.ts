import { DAY_MS } from '../../../src/simulator/world/durations.ts';
import { constraint, handshakeConstraint, invalid, rule } from './case.ts';
import { CUSTOMER, type ErrorCase, PAYER, SEDGE, STANDALONE, type Stage, transferInput } from './stage.ts';

const answers = ['AcceptHandshake', 'DeclineHandshake', 'CancelHandshake'] as const;

const answered: readonly ErrorCase[] = answers.flatMap((operation) => {
  const by = operation === 'CancelHandshake' ? PAYER : STANDALONE;
  const wrong = operation === 'CancelHandshake' ? STANDALONE : PAYER;
  return [
    rule(operation, 'HandshakeNotFoundException', 'no such handshake', (stage) =>
      stage.call(PAYER, operation, { HandshakeId: 'h-00000000' }),
    ),
    rule(operation, 'HandshakeNotFoundException', 'of others', async (stage) =>
      stage.call('333333333333', operation, { HandshakeId: await stage.invite() }),
    ),
    rule(operation, 'AccessDeniedException', 'the other side', async (stage) =>
      stage.call(wrong, operation, { HandshakeId: await stage.invite() }),
    ),
    rule(operation, 'HandshakeAlreadyInStateException', 'twice', async (stage) => {
      const HandshakeId = await stage.invite();
      await stage.id(by, operation, { HandshakeId }, 'Handshake');
      return stage.call(by, operation, { HandshakeId });
    }),
    rule(operation, 'InvalidHandshakeTransitionException', 'expired', async (stage) => {
      const HandshakeId = await stage.invite();
      stage.simulator.clock.advance(15 * DAY_MS);
      return stage.call(by, operation, { HandshakeId });
    }),
  ];
});

const lacking = (
  stage: Stage,
  id: string,
  what: 'PAYMENT_INSTRUMENT' | 'SERVICE_LINKED_ROLE_PERMISSION' | 'COMPLETE_SETUP',
) => stage.account(id).lacks.add(what);

const invitation: readonly ErrorCase[] = [
  rule('AcceptHandshake', 'MasterCannotLeaveOrganizationException', 'by a management account', async (stage) =>
    stage.call(CUSTOMER, 'AcceptHandshake', { HandshakeId: await stage.invite(CUSTOMER) }),
  ),
  rule('AcceptHandshake', handshakeConstraint('PAYMENT_INSTRUMENT_REQUIRED'), 'the account lacks it', async (stage) => {
    lacking(stage, STANDALONE, 'PAYMENT_INSTRUMENT');
    return stage.call(STANDALONE, 'AcceptHandshake', { HandshakeId: await stage.invite() });
  }),
  rule(
    'AcceptHandshake',
    handshakeConstraint('ORGANIZATION_FROM_DIFFERENT_SELLER_OF_RECORD'),
    'another seller',
    async (stage) => {
      Object.assign(stage.account(STANDALONE), { sellerOfRecord: 'AWS India' });
      return stage.call(STANDALONE, 'AcceptHandshake', { HandshakeId: await stage.invite() });
    },
  ),
  rule(
    'AcceptHandshake',
    handshakeConstraint('ORGANIZATION_MEMBERSHIP_CHANGE_RATE_LIMIT_EXCEEDED'),
    'changed a moment ago',
    async (stage) => {
      stage.simulator.world.settings.membershipChangeMs = DAY_MS;
      stage.account(STANDALONE).membershipChangedAt = stage.simulator.clock.now();
      return stage.call(STANDALONE, 'AcceptHandshake', { HandshakeId: await stage.invite() });
    },
  ),
  rule('AcceptHandshake', handshakeConstraint('ALREADY_IN_AN_ORGANIZATION'), 'joined by another way', async (stage) => {
    const first = await stage.id(
      PAYER,
      'InviteAccountToOrganization',
      { Target: { Type: 'EMAIL', Id: 'late@example.com' } },
      'Handshake',
    );
    await stage.id(PAYER, 'CreateAccount', { Email: 'late@example.com', AccountName: 'Late' }, 'CreateAccountStatus');
    stage.simulator.clock.advance(60_000);
    await stage.call(PAYER, 'ListRoots');
    return stage.call(stage.member('Late').id, 'AcceptHandshake', { HandshakeId: first });
  }),
  rule('AcceptHandshake', handshakeConstraint('ACCOUNT_NUMBER_LIMIT_EXCEEDED'), 'quota lowered', async (stage) => {
    const HandshakeId = await stage.invite();
    stage.organization().quotas.accounts = 10;
    return stage.call(STANDALONE, 'AcceptHandshake', { HandshakeId });
  }),
  rule(
    'AcceptHandshake',
    'AccessDeniedForDependencyException ACCESS_DENIED_DURING_CREATE_SERVICE_LINKED_ROLE',
    'may not create the role',
    async (stage) => {
      lacking(stage, STANDALONE, 'SERVICE_LINKED_ROLE_PERMISSION');
      return stage.call(STANDALONE, 'AcceptHandshake', { HandshakeId: await stage.invite() });
    },
  ),
  rule('AcceptHandshake', constraint('WAIT_PERIOD_ACTIVE'), 'created elsewhere a moment ago', async (stage) => {
    await stage.id(CUSTOMER, 'CreateAccount', { Email: 'new@example.com', AccountName: 'New' }, 'CreateAccountStatus');
    stage.simulator.clock.advance(60_000);
    await stage.call(PAYER, 'ListRoots');
    const { id } = stage.member('New', CUSTOMER);
    return stage.call(id, 'AcceptHandshake', { HandshakeId: await stage.invite(id) });
  }),
  rule('AcceptHandshake', 'InvalidHandshakeTransitionException', 'not every member has approved', async (stage) => {
    const HandshakeId = await stage.id(SEDGE, 'EnableAllFeatures', {}, 'Handshake');
    return stage.call(SEDGE, 'AcceptHandshake', { HandshakeId });
  }),
  rule('DescribeHandshake', 'HandshakeNotFoundException', 'forgotten after 30 days', async (stage) => {
    const HandshakeId = await stage.invite();
    await stage.id(STANDALONE, 'DeclineHandshake', { HandshakeId }, 'Handshake');
    stage.simulator.clock.advance(30 * DAY_MS);
    return stage.call(STANDALONE, 'DescribeHandshake', { HandshakeId });
  }),
  rule('DescribeHandshake', 'AccessDeniedException', "a member of the sender's organization", async (stage) =>
    stage.call(stage.member('Checkout').id, 'DescribeHandshake', { HandshakeId: await stage.invite() }),
  ),
  ...(['ListHandshakesForAccount', 'ListHandshakesForOrganization'] as const).map((operation) =>
    rule(operation, invalid('MAX_LIMIT_EXCEEDED_FILTER'), 'two filters', (stage) =>
      stage.call(PAYER, operation, { Filter: { ActionType: 'INVITE', ParentHandshakeId: 'h-00000000' } }),
    ),
  ),
];

const transfer: readonly ErrorCase[] = [
  rule('AcceptHandshake', 'AWSOrganizationsNotInUseException', 'a transfer, by a standalone account', async (stage) =>
    stage.call(STANDALONE, 'AcceptHandshake', { HandshakeId: await stage.inviteToTransfer(STANDALONE) }),
  ),
  rule(
    'AcceptHandshake',
    constraint('ORGANIZATION_NOT_IN_ALL_FEATURES_MODE'),
    'a transfer, with billing only',
    async (stage) => stage.call(SEDGE, 'AcceptHandshake', { HandshakeId: await stage.inviteToTransfer(SEDGE) }),
  ),
  rule(
    'AcceptHandshake',
    constraint('ACCOUNT_NOT_ACTIVE_FOR_TRANSFER_RESPONSIBILITY'),
    'setup not complete',
    async (stage) => {
      lacking(stage, CUSTOMER, 'COMPLETE_SETUP');
      return stage.call(CUSTOMER, 'AcceptHandshake', { HandshakeId: await stage.inviteToTransfer() });
    },
  ),
  rule(
    'AcceptHandshake',
    constraint('RESPONSIBILITY_TRANSFER_MAX_OUTBOUND_QUOTA_VIOLATION'),
    'a second transfer',
    async (stage) => {
      const other = companyOf(stage);
      const second = await stage.inviteToTransfer(CUSTOMER, other);
      await stage.acceptedTransfer();
      return stage.call(CUSTOMER, 'AcceptHandshake', { HandshakeId: second });
    },
  ),
  rule(
    'AcceptHandshake',
    constraint('RESPONSIBILITY_TRANSFER_MAX_LEVEL_VIOLATION'),
    'it pays for others itself',
    async (stage) => {
      stage.organization(CUSTOMER).quotas.inboundTransfers = 1;
      const inbound = await stage.inviteToTransfer(companyOf(stage), CUSTOMER);
      await stage.id(companyOf(stage), 'AcceptHandshake', { HandshakeId: inbound }, 'Handshake');
      return stage.call(CUSTOMER, 'AcceptHandshake', { HandshakeId: await stage.inviteToTransfer() });
    },
  ),
  rule(
    'AcceptHandshake',
    constraint('RESPONSIBILITY_TRANSFER_MAX_TRANSFERS_QUOTA_VIOLATION'),
    'too many in all',
    async (stage) => {
      stage.organization().quotas.aggregateTransfers = 1;
      return stage.call(CUSTOMER, 'AcceptHandshake', { HandshakeId: await stage.inviteToTransfer() });
    },
  ),
];

/** The management account of an organization that hands its bill to nobody. */
function companyOf(stage: Stage): string {
  const { world } = stage.simulator;
  for (const organization of world.organizations.values()) {
    const account = world.accounts.get(organization.managementAccountId);
    if (!account || [PAYER, CUSTOMER, SEDGE].includes(account.id) || organization.featureSet !== 'ALL') continue;
    const handed = [...world.transfersFrom(account, 0)].some(
      ([, { status, source }]) => status === 'ACCEPTED' && source.organizationId === organization.id,
    );
    if (!handed) return account.id;
  }
  throw new Error('every company hands its bill over');
}

const invite = 'InviteAccountToOrganization';
const to = (Id: string, Type = 'ACCOUNT') => ({ Target: { Type, Id } });

const inviting: readonly ErrorCase[] = [
  rule(invite, invalid('INVALID_PARTY_TYPE_TARGET'), 'an organization', (stage) =>
    stage.call(PAYER, invite, to('o-contosoorg1', 'ORGANIZATION')),
  ),
  rule(invite, invalid('INVALID_EMAIL_ADDRESS_TARGET'), 'not an address', (stage) =>
    stage.call(PAYER, invite, to('nobody', 'EMAIL')),
  ),
  rule(invite, invalid('INVALID_PATTERN'), 'not an account id', (stage) => stage.call(PAYER, invite, to('nobody'))),
  rule(invite, invalid('TARGET_NOT_SUPPORTED'), 'a closed account', (stage) => {
    stage.account(STANDALONE).state = 'SUSPENDED';
    return stage.call(PAYER, invite, to(STANDALONE));
  }),
  rule(invite, invalid('INVALID_SYSTEM_TAGS_PARAMETER'), 'a tag of AWS', (stage) =>
    stage.call(PAYER, invite, { ...to(STANDALONE), Tags: [{ Key: 'aws:me', Value: '' }] }),
  ),
  rule(invite, constraint('MAX_TAG_LIMIT_EXCEEDED'), '51 tags', (stage) =>
    stage.call(PAYER, invite, {
      ...to(STANDALONE),
      Tags: Array.from({ length: 51 }, (_, n) => ({ Key: `key-${n}`, Value: '' })),
    }),
  ),
  rule(invite, 'AccountOwnerNotVerifiedException', 'address not verified', (stage) => {
    stage.account(PAYER).lacks.add('EMAIL_VERIFICATION');
    return stage.call(PAYER, invite, to(STANDALONE));
  }),
  rule(invite, 'FinalizingOrganizationException', 'the organization is initializing', (stage) => {
    stage.simulator.world.settings.initializingMs = 5_000 * DAY_MS;
    return stage.call(PAYER, invite, to(STANDALONE));
  }),
  rule(invite, 'DuplicateHandshakeException', 'by id, then by address', async (stage) => {
    await stage.invite();
    return stage.call(PAYER, invite, to(stage.account(STANDALONE).email, 'EMAIL'));
  }),
  rule(invite, handshakeConstraint('ALREADY_IN_AN_ORGANIZATION'), 'a member', (stage) =>
    stage.call(PAYER, invite, to(stage.member('Checkout').id)),
  ),
  rule(invite, handshakeConstraint('ACCOUNT_NUMBER_LIMIT_EXCEEDED'), 'quota reached', (stage) => {
    stage.organization().quotas.accounts = 10;
    return stage.call(PAYER, invite, to(STANDALONE));
  }),
  rule(invite, handshakeConstraint('HANDSHAKE_RATE_LIMIT_EXCEEDED'), 'too many in 24 hours', (stage) => {
    const organization = stage.organization();
    organization.quotas.accounts = 200;
    organization.invitationTimes = Array.from({ length: 220 }, () => stage.simulator.clock.now());
    return stage.call(PAYER, invite, to(STANDALONE));
  }),
];

const transferring = 'InviteOrganizationToTransferResponsibility';
const startingAt = (reason: string, when: string, start: number) =>
  rule(transferring, invalid(reason), when, (stage) => stage.call(PAYER, transferring, transferInput(CUSTOMER, start)));

const invitingToTransfer: readonly ErrorCase[] = [
  startingAt('START_DATE_NOT_BEGINNING_OF_DAY', 'at one in the morning', Date.UTC(2026, 5, 1, 1)),
  startingAt('START_DATE_NOT_BEGINNING_OF_MONTH', 'on the second', Date.UTC(2026, 5, 2)),
  startingAt('START_DATE_TOO_EARLY', 'this month', Date.UTC(2026, 4, 1)),
  startingAt('START_DATE_TOO_LATE', 'in three months', Date.UTC(2026, 7, 1)),
  startingAt('INVALID_START_DATE', 'after all dates', 8.64e15 + 1_000_000),
  rule(transferring, invalid('INVALID_PARTY_TYPE_TARGET'), 'an organization', (stage) =>
    stage.call(PAYER, transferring, transferInput('o-contosoorg1', Date.UTC(2026, 5, 1), 'ORGANIZATION')),
  ),
  rule(transferring, invalid('TARGET_NOT_SUPPORTED'), 'a member account', (stage) =>
    stage.call(PAYER, transferring, transferInput(stage.member('Contoso Web', CUSTOMER).id)),
  ),
  rule(transferring, handshakeConstraint('SOURCE_AND_TARGET_CANNOT_MATCH'), 'itself', (stage) =>
    stage.call(PAYER, transferring, transferInput(PAYER)),
  ),
  rule(
    transferring,
    handshakeConstraint('RESPONSIBILITY_TRANSFER_ALREADY_EXISTS'),
    'already accepted',
    async (stage) => {
      await stage.acceptedTransfer();
      return stage.call(PAYER, transferring, transferInput(CUSTOMER));
    },
  ),
  rule(transferring, 'DuplicateHandshakeException', 'still open', async (stage) => {
    await stage.inviteToTransfer();
    return stage.call(PAYER, transferring, transferInput(CUSTOMER));
  }),
  rule(transferring, constraint('RESPONSIBILITY_TRANSFER_MAX_INBOUND_QUOTA_VIOLATION'), 'quota reached', (stage) => {
    stage.organization().quotas.inboundTransfers = 1;
    return stage.call(PAYER, transferring, transferInput(CUSTOMER));
  }),
  rule(
    transferring,
    constraint('RESPONSIBILITY_TRANSFER_MAX_LEVEL_VIOLATION'),
    'it is paid for itself',
    async (stage) => {
      await stage.acceptedTransfer();
      stage.organization(CUSTOMER).quotas.inboundTransfers = 5;
      return stage.call(CUSTOMER, transferring, transferInput(companyOf(stage)));
    },
  ),
  ...(['DescribeResponsibilityTransfer', 'TerminateResponsibilityTransfer'] as const).map((operation) =>
    rule(operation, 'ResponsibilityTransferNotFoundException', 'of others', async (stage) =>
      stage.call(companyOf(stage), operation, { Id: await stage.acceptedTransfer() }),
    ),
  ),
  rule('UpdateResponsibilityTransfer', 'ResponsibilityTransferNotFoundException', 'no such transfer', (stage) =>
    stage.call(PAYER, 'UpdateResponsibilityTransfer', { Id: 'rt-00000000', Name: 'New' }),
  ),
  rule('UpdateResponsibilityTransfer', 'AccessDeniedException', 'by the side whose bill it is', async (stage) =>
    stage.call(CUSTOMER, 'UpdateResponsibilityTransfer', { Id: await stage.acceptedTransfer(), Name: 'New' }),
  ),
  rule(
    'UpdateResponsibilityTransfer',
    constraint('TRANSFER_RESPONSIBILITY_UPDATE_NOT_ALLOWED'),
    'withdrawn',
    async (stage) => {
      const Id = await stage.acceptedTransfer();
      await stage.id(PAYER, 'TerminateResponsibilityTransfer', { Id }, 'ResponsibilityTransfer');
      return stage.call(PAYER, 'UpdateResponsibilityTransfer', { Id, Name: 'New' });
    },
  ),
  rule('ListInboundResponsibilityTransfers', 'ResponsibilityTransferNotFoundException', 'no such transfer', (stage) =>
    stage.call(PAYER, 'ListInboundResponsibilityTransfers', { Type: 'BILLING', Id: 'rt-00000000' }),
  ),
  rule('TerminateResponsibilityTransfer', 'ResponsibilityTransferAlreadyInStatusException', 'twice', async (stage) => {
    const Id = await stage.acceptedTransfer();
    await stage.id(CUSTOMER, 'TerminateResponsibilityTransfer', { Id }, 'ResponsibilityTransfer');
    return stage.call(PAYER, 'TerminateResponsibilityTransfer', { Id });
  }),
  rule(
    'TerminateResponsibilityTransfer',
    'InvalidResponsibilityTransferTransitionException',
    'an invitation',
    async (stage) => {
      const Id = stage.simulator.world.handshakes.get(await stage.inviteToTransfer())?.transferId;
      return stage.call(PAYER, 'TerminateResponsibilityTransfer', { Id });
    },
  ),
  ...(
    [
      ['END_DATE_NOT_END_OF_MONTH', Date.UTC(2026, 5, 1)],
      ['END_DATE_TOO_EARLY', Date.UTC(2026, 4, 1) - 1],
      ['END_DATE_TOO_LATE', Date.UTC(2026, 8, 1) - 1],
      ['INVALID_END_DATE', 8.64e15 + 1_000_000],
    ] as const
  ).map(([reason, end]) =>
    rule('TerminateResponsibilityTransfer', invalid(reason), 'at that time', async (stage) =>
      stage.call(PAYER, 'TerminateResponsibilityTransfer', {
        Id: await stage.acceptedTransfer(),
        EndTimestamp: end / 1000,
      }),
    ),
  ),
];

export const handshakeCases: readonly ErrorCase[] = [
  ...answered,
  ...invitation,
  ...transfer,
  ...inviting,
  ...invitingToTransfer,
];
