import { DAY_MS } from '../../../src/simulator/world/durations.ts';
import { constraint, handshakeConstraint, invalid, rule } from './case.ts';
import { CUSTOMER, type ErrorCase, PAYER, SEDGE, STANDALONE, type Stage } from './stage.ts';

const answers = ['AcceptHandshake', 'DeclineHandshake', 'CancelHandshake'] as const;

const answered: readonly ErrorCase[] = answers.flatMap((operation) => {
  const by = operation === 'CancelHandshake' ? PAYER : STANDALONE;
  const wrong = operation === 'CancelHandshake' ? STANDALONE : PAYER;
  return [
    rule(operation, 'HandshakeNotFoundException', 'no such handshake', (stage) =>
      stage.call(PAYER, operation, { HandshakeId: 'h-00000000' }),
    ),
    rule(operation, 'HandshakeNotFoundException', 'a handshake of others', async (stage) =>
      stage.call('333333333333', operation, { HandshakeId: await stage.invite() }),
    ),
    rule(operation, 'AccessDeniedException', 'the caller is on the other side', async (stage) =>
      stage.call(wrong, operation, { HandshakeId: await stage.invite() }),
    ),
    rule(operation, 'HandshakeAlreadyInStateException', 'a second time', async (stage) => {
      const HandshakeId = await stage.invite();
      await stage.id(by, operation, { HandshakeId }, 'Handshake');
      return stage.call(by, operation, { HandshakeId });
    }),
    rule(operation, 'InvalidHandshakeTransitionException', 'the handshake is expired', async (stage) => {
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
) => stage.account(id).missingPrerequisites.add(what);

const invitation: readonly ErrorCase[] = [
  rule('AcceptHandshake', 'MasterCannotLeaveOrganizationException', 'by a management account', async (stage) =>
    stage.call(CUSTOMER, 'AcceptHandshake', { HandshakeId: await stage.invite(CUSTOMER) }),
  ),
  rule(
    'AcceptHandshake',
    handshakeConstraint('PAYMENT_INSTRUMENT_REQUIRED'),
    'the account lacks the prerequisite',
    async (stage) => {
      lacking(stage, STANDALONE, 'PAYMENT_INSTRUMENT');
      return stage.call(STANDALONE, 'AcceptHandshake', { HandshakeId: await stage.invite() });
    },
  ),
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
  rule(
    'AcceptHandshake',
    handshakeConstraint('ALREADY_IN_AN_ORGANIZATION'),
    'joined another organization',
    async (stage) => {
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
    },
  ),
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
  rule('AcceptHandshake', constraint('WAIT_PERIOD_ACTIVE'), 'changed its organization recently', async (stage) => {
    await stage.id(CUSTOMER, 'CreateAccount', { Email: 'new@example.com', AccountName: 'New' }, 'CreateAccountStatus');
    stage.simulator.clock.advance(60_000);
    await stage.call(PAYER, 'ListRoots');
    const { id } = stage.member('New', CUSTOMER);
    return stage.call(id, 'AcceptHandshake', { HandshakeId: await stage.invite(id) });
  }),
  rule('AcceptHandshake', 'InvalidHandshakeTransitionException', 'approvals are missing', async (stage) => {
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

const invite = 'InviteAccountToOrganization';
const to = (Id: string, Type = 'ACCOUNT') => ({ Target: { Type, Id } });

const inviting: readonly ErrorCase[] = [
  rule(invite, invalid('INVALID_PARTY_TYPE_TARGET'), 'the target is an organization', (stage) =>
    stage.call(PAYER, invite, to('o-contosoorg1', 'ORGANIZATION')),
  ),
  rule(invite, invalid('INVALID_EMAIL_ADDRESS_TARGET'), 'not an e-mail address', (stage) =>
    stage.call(PAYER, invite, to('invalid', 'EMAIL')),
  ),
  rule(invite, invalid('INVALID_PATTERN'), 'not an account id', (stage) => stage.call(PAYER, invite, to('invalid'))),
  rule(invite, invalid('TARGET_NOT_SUPPORTED'), 'a closed account', (stage) => {
    stage.account(STANDALONE).state = 'SUSPENDED';
    return stage.call(PAYER, invite, to(STANDALONE));
  }),
  rule(invite, invalid('INVALID_SYSTEM_TAGS_PARAMETER'), 'a reserved tag key', (stage) =>
    stage.call(PAYER, invite, { ...to(STANDALONE), Tags: [{ Key: 'aws:me', Value: '' }] }),
  ),
  rule(invite, constraint('MAX_TAG_LIMIT_EXCEEDED'), '51 tags', (stage) =>
    stage.call(PAYER, invite, {
      ...to(STANDALONE),
      Tags: Array.from({ length: 51 }, (_, n) => ({ Key: `key-${n}`, Value: '' })),
    }),
  ),
  rule(invite, 'AccountOwnerNotVerifiedException', 'e-mail address not verified', (stage) => {
    stage.account(PAYER).missingPrerequisites.add('EMAIL_VERIFICATION');
    return stage.call(PAYER, invite, to(STANDALONE));
  }),
  rule(invite, 'FinalizingOrganizationException', 'the organization is initializing', (stage) => {
    stage.simulator.world.settings.initializingMs = 5_000 * DAY_MS;
    return stage.call(PAYER, invite, to(STANDALONE));
  }),
  rule(invite, 'DuplicateHandshakeException', 'by id, then by e-mail address', async (stage) => {
    await stage.invite();
    return stage.call(PAYER, invite, to(stage.account(STANDALONE).email, 'EMAIL'));
  }),
  rule(invite, handshakeConstraint('ALREADY_IN_AN_ORGANIZATION'), 'the target is a member', (stage) =>
    stage.call(PAYER, invite, to(stage.member('Checkout').id)),
  ),
  rule(invite, handshakeConstraint('ACCOUNT_NUMBER_LIMIT_EXCEEDED'), 'quota reached', (stage) => {
    stage.organization().quotas.accounts = 10;
    return stage.call(PAYER, invite, to(STANDALONE));
  }),
  rule(invite, handshakeConstraint('HANDSHAKE_RATE_LIMIT_EXCEEDED'), 'above the limit per 24 hours', (stage) => {
    const organization = stage.organization();
    organization.quotas.accounts = 200;
    organization.invitationTimes = Array.from({ length: 220 }, () => stage.simulator.clock.now());
    return stage.call(PAYER, invite, to(STANDALONE));
  }),
];

export const handshakeCases: readonly ErrorCase[] = [...answered, ...invitation, ...inviting];
