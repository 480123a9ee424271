import { constraint, handshakeConstraint, invalid, rule } from './case.ts';
import { CUSTOMER, type ErrorCase, PAYER, SEDGE, STANDALONE, type Stage, transferInput } from './stage.ts';

const accepting: readonly ErrorCase[] = [
  rule(
    'AcceptHandshake',
    'AWSOrganizationsNotInUseException',
    'a transfer, accepted by a standalone account',
    async (stage) =>
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
      stage.account(CUSTOMER).missingPrerequisites.add('COMPLETE_SETUP');
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
    handshakeConstraint('RESPONSIBILITY_TRANSFER_ALREADY_EXISTS'),
    'it pays for the inviting side',
    async (stage) => {
      stage.organization(CUSTOMER).quotas.inboundTransfers = 1;
      const back = await stage.inviteToTransfer(PAYER, CUSTOMER);
      await stage.acceptedTransfer();
      return stage.call(PAYER, 'AcceptHandshake', { HandshakeId: back });
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

/** The management account of an organization without an outbound transfer. */
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

const transferring = 'InviteOrganizationToTransferResponsibility';
const startingAt = (reason: string, when: string, start: number) =>
  rule(transferring, invalid(reason), when, (stage) => stage.call(PAYER, transferring, transferInput(CUSTOMER, start)));

const invitingToTransfer: readonly ErrorCase[] = [
  startingAt('START_DATE_NOT_BEGINNING_OF_DAY', 'at one in the morning', Date.UTC(2026, 5, 1, 1)),
  startingAt('START_DATE_NOT_BEGINNING_OF_MONTH', 'on the second', Date.UTC(2026, 5, 2)),
  startingAt('START_DATE_TOO_EARLY', 'this month', Date.UTC(2026, 4, 1)),
  startingAt('START_DATE_TOO_LATE', 'in three months', Date.UTC(2026, 7, 1)),
  startingAt('INVALID_START_DATE', 'after all dates', 8.64e15 + 1_000_000),
  rule(transferring, invalid('INVALID_PARTY_TYPE_TARGET'), 'the target is an organization', (stage) =>
    stage.call(PAYER, transferring, transferInput('o-contosoorg1', Date.UTC(2026, 5, 1), 'ORGANIZATION')),
  ),
  rule(transferring, invalid('TARGET_NOT_SUPPORTED'), 'a member account', (stage) =>
    stage.call(PAYER, transferring, transferInput(stage.member('Contoso Web', CUSTOMER).id)),
  ),
  rule(transferring, handshakeConstraint('SOURCE_AND_TARGET_CANNOT_MATCH'), 'its own account', (stage) =>
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
  rule(
    transferring,
    handshakeConstraint('RESPONSIBILITY_TRANSFER_ALREADY_EXISTS'),
    'who pays for it',
    async (stage) => {
      await stage.acceptedTransfer();
      return stage.call(CUSTOMER, transferring, transferInput(PAYER));
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
    rule(operation, 'ResponsibilityTransferNotFoundException', 'a handshake of others', async (stage) =>
      stage.call(companyOf(stage), operation, { Id: await stage.acceptedTransfer() }),
    ),
  ),
  rule('UpdateResponsibilityTransfer', 'ResponsibilityTransferNotFoundException', 'no such transfer', (stage) =>
    stage.call(PAYER, 'UpdateResponsibilityTransfer', { Id: 'rt-00000000', Name: 'New' }),
  ),
  rule('UpdateResponsibilityTransfer', 'AccessDeniedException', 'the caller is the source', async (stage) =>
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
  rule(
    'TerminateResponsibilityTransfer',
    'ResponsibilityTransferAlreadyInStatusException',
    'a second time',
    async (stage) => {
      const Id = await stage.acceptedTransfer();
      await stage.id(CUSTOMER, 'TerminateResponsibilityTransfer', { Id }, 'ResponsibilityTransfer');
      return stage.call(PAYER, 'TerminateResponsibilityTransfer', { Id });
    },
  ),
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
    rule('TerminateResponsibilityTransfer', invalid(reason), 'with that date', async (stage) =>
      stage.call(PAYER, 'TerminateResponsibilityTransfer', {
        Id: await stage.acceptedTransfer(),
        EndTimestamp: end / 1000,
      }),
    ),
  ),
];

export const transferCases: readonly ErrorCase[] = [...accepting, ...invitingToTransfer];
