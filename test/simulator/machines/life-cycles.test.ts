import { expect, test } from 'vitest';
import type { OperationName } from '../../../src/simulator/model/operations.ts';
import { DAY_MS } from '../../../src/simulator/world/durations.ts';
import { type Driver, idIn, verdict, withWorld } from './driver.ts';

const PAYER = '111111111111';
const OTHER = '222222222222';
const guide = 'https://docs.aws.amazon.com/organizations/latest/userguide';
const reference = 'https://docs.aws.amazon.com/organizations/latest/APIReference';
const CREATION_MS = 2_000;
const CLOSURE_MS = 2_000;

interface LifeCycle {
  readonly of: string;
  /** The page of AWS's documentation. */
  readonly source: string;
  /** The state after each step. */
  readonly states: readonly string[];
  readonly run: (driver: Driver, see: (state: string) => void) => Promise<void>;
}

async function createMember(driver: Driver, email = 'new@example.com'): Promise<string> {
  await driver.call(PAYER, 'CreateAccount', { Email: email, AccountName: 'New' });
  driver.advance(CREATION_MS);
  driver.simulator.world.now();
  return driver.simulator.world.accountByEmail(email)?.id ?? '';
}

async function moveToUnit(driver: Driver, AccountId: string): Promise<string> {
  const { output } = await driver.call(PAYER, 'ListRoots');
  const [root] = output['Roots'] as readonly { readonly Id: string }[];
  const SourceParentId = root?.Id;
  const created = await driver.call(PAYER, 'CreateOrganizationalUnit', { ParentId: SourceParentId, Name: 'Closed' });
  const DestinationParentId = idIn(created, 'OrganizationalUnit');
  await driver.call(PAYER, 'MoveAccount', { AccountId, SourceParentId, DestinationParentId });
  return DestinationParentId;
}

async function accountState(driver: Driver, AccountId: string): Promise<string> {
  const outcome = await driver.call(PAYER, 'DescribeAccount', { AccountId });
  if (outcome.error) return outcome.error;
  const { State, Status } = outcome.output['Account'] as { readonly State: string; readonly Status: string };
  return `State ${State}, Status ${Status}`;
}

const handshakeState = async (driver: Driver, HandshakeId: string): Promise<string> => {
  const outcome = await driver.call(PAYER, 'DescribeHandshake', { HandshakeId });
  return outcome.error ?? (outcome.output['Handshake'] as { readonly State: string }).State;
};

async function invite(driver: Driver): Promise<string> {
  await driver.call(PAYER, 'CreateOrganization');
  const Target = { Type: 'ACCOUNT', Id: OTHER };
  return idIn(await driver.call(PAYER, 'InviteAccountToOrganization', { Target }), 'Handshake');
}

/** Invites to a transfer that starts on April 1. The clock starts on March 10, 2026. */
async function inviteToTransfer(driver: Driver): Promise<{ readonly handshake: string; readonly transfer: string }> {
  await driver.call(PAYER, 'CreateOrganization');
  await driver.call(OTHER, 'CreateOrganization');
  const outcome = await driver.call(PAYER, 'InviteOrganizationToTransferResponsibility', {
    Type: 'BILLING',
    Target: { Type: 'ACCOUNT', Id: OTHER },
    StartTimestamp: Date.UTC(2026, 3, 1) / 1000,
    SourceName: 'Bill',
  });
  const handshake = idIn(outcome, 'Handshake');
  return { handshake, transfer: driver.simulator.world.handshakes.get(handshake)?.transferId ?? '' };
}

const transferStatus = async (driver: Driver, Id: string): Promise<string> => {
  const outcome = await driver.call(PAYER, 'DescribeResponsibilityTransfer', { Id });
  return outcome.error ?? (outcome.output['ResponsibilityTransfer'] as { readonly Status: string }).Status;
};

const ended = (operation: 'AcceptHandshake' | 'DeclineHandshake' | 'CancelHandshake', state: string): LifeCycle => ({
  of: `an invitation after ${operation}`,
  source: `${guide}/orgs_reference_limits.html#min-max-handshakes`,
  states: ['OPEN', state, state, 'HandshakeNotFoundException'],
  run: async (driver, see) => {
    const id = await invite(driver);
    see(await handshakeState(driver, id));
    await driver.call(operation === 'CancelHandshake' ? PAYER : OTHER, operation, { HandshakeId: id });
    see(await handshakeState(driver, id));
    driver.advance(30 * DAY_MS - 1);
    see(await handshakeState(driver, id));
    driver.advance(1);
    see(await handshakeState(driver, id));
  },
});

const lifeCycles: readonly LifeCycle[] = [
  {
    of: 'an account that is closed',
    source: `${guide}/orgs_manage_accounts_account_state.html`,
    states: [
      'State ACTIVE, Status ACTIVE',
      'State PENDING_CLOSURE, Status PENDING_CLOSURE',
      'the account: done',
      'again: ConflictException',
      'State CLOSED, Status SUSPENDED',
      'the account: AccessDeniedException',
      'again: AccountAlreadyClosedException',
      'State CLOSED, Status SUSPENDED',
      'OU: OrganizationalUnitNotEmptyException',
      'AccountNotFoundException',
      'OU: done',
      'creation with its address: EMAIL_ALREADY_EXISTS',
    ],
    run: async (driver, see) => {
      await driver.call(PAYER, 'CreateOrganization');
      const AccountId = await createMember(driver);
      const OrganizationalUnitId = await moveToUnit(driver, AccountId);
      const deleteUnit = async () =>
        verdict(await driver.call(PAYER, 'DeleteOrganizationalUnit', { OrganizationalUnitId }));
      const own = async () => verdict(await driver.call(AccountId, 'DescribeOrganization'));
      const close = async () => verdict(await driver.call(PAYER, 'CloseAccount', { AccountId }));
      see(await accountState(driver, AccountId));
      await close();
      see(await accountState(driver, AccountId));
      see(`the account: ${await own()}`);
      see(`again: ${await close()}`);
      driver.advance(CLOSURE_MS);
      see(await accountState(driver, AccountId));
      see(`the account: ${await own()}`);
      see(`again: ${await close()}`);
      driver.advance(90 * DAY_MS - CLOSURE_MS - 1);
      see(await accountState(driver, AccountId));
      see(`OU: ${await deleteUnit()}`);
      driver.advance(1);
      see(await accountState(driver, AccountId));
      see(`OU: ${await deleteUnit()}`);
      await createMember(driver);
      const { output } = await driver.call(PAYER, 'ListCreateAccountStatus', { States: ['FAILED'] });
      const [failed] = output['CreateAccountStatuses'] as readonly { readonly FailureReason: string }[];
      see(`creation with its address: ${failed?.FailureReason}`);
    },
  },
  {
    of: 'an account that AWS has suspended: only AWS lifts that',
    source: `${guide}/orgs_manage_accounts_account_state.html`,
    states: ['State SUSPENDED, Status SUSPENDED', 'close: ConflictException', 'State SUSPENDED, Status SUSPENDED'],
    run: async (driver, see) => {
      await driver.call(PAYER, 'CreateOrganization');
      const AccountId = await createMember(driver);
      const account = driver.simulator.world.accounts.get(AccountId);
      if (account) account.state = 'SUSPENDED';
      see(await accountState(driver, AccountId));
      see(`close: ${verdict(await driver.call(PAYER, 'CloseAccount', { AccountId }))}`);
      driver.advance(365 * DAY_MS);
      see(await accountState(driver, AccountId));
    },
  },
  {
    of: 'a closed account and the account quota',
    source: `${guide}/orgs_reference_limits.html`,
    states: ['ConstraintViolationException ACCOUNT_NUMBER_LIMIT_EXCEEDED', 'done'],
    run: async (driver, see) => {
      driver.simulator.world.settings.quotas.accounts = 2;
      await driver.call(PAYER, 'CreateOrganization');
      const AccountId = await createMember(driver);
      await driver.call(PAYER, 'CloseAccount', { AccountId });
      driver.advance(90 * DAY_MS - 1);
      const create = () => driver.call(PAYER, 'CreateAccount', { Email: 'next@example.com', AccountName: 'Next' });
      see(verdict(await create()));
      driver.advance(1);
      see(verdict(await create()));
    },
  },
  {
    of: 'the close-account quota: 250 in 30 days, or a fifth of the members where that is more',
    source: `${guide}/orgs_reference_limits.html`,
    states: ['ConstraintViolationException CLOSE_ACCOUNT_QUOTA_EXCEEDED', 'done'],
    run: async (driver, see) => {
      await driver.call(PAYER, 'CreateOrganization');
      const AccountId = await createMember(driver);
      const [organization] = driver.simulator.world.organizations.values();
      organization?.closureTimes.push(...Array.from({ length: 250 }, () => driver.now));
      see(verdict(await driver.call(PAYER, 'CloseAccount', { AccountId })));
      driver.advance(30 * DAY_MS);
      see(verdict(await driver.call(PAYER, 'CloseAccount', { AccountId })));
    },
  },
  {
    of: 'an account creation',
    source: `${reference}/API_CreateAccountStatus.html`,
    states: ['IN_PROGRESS', 'SUCCEEDED', 'SUCCEEDED'],
    run: async (driver, see) => {
      await driver.call(PAYER, 'CreateOrganization');
      const created = await driver.call(PAYER, 'CreateAccount', { Email: 'new@example.com', AccountName: 'New' });
      const CreateAccountRequestId = idIn(created, 'CreateAccountStatus');
      const look = async () => {
        const { output } = await driver.call(PAYER, 'DescribeCreateAccountStatus', { CreateAccountRequestId });
        see((output['CreateAccountStatus'] as { readonly State: string }).State);
      };
      await look();
      driver.advance(CREATION_MS);
      await look();
      // AWS documents no time after which creations are deleted.
      driver.advance(365 * DAY_MS);
      await look();
    },
  },
  ended('AcceptHandshake', 'ACCEPTED'),
  ended('DeclineHandshake', 'DECLINED'),
  ended('CancelHandshake', 'CANCELED'),
  {
    of: 'an invitation without an answer',
    source: `${guide}/orgs_reference_limits.html#min-max-handshakes`,
    states: ['OPEN', 'EXPIRED', 'EXPIRED', 'HandshakeNotFoundException'],
    run: async (driver, see) => {
      const id = await invite(driver);
      driver.advance(15 * DAY_MS - 1);
      see(await handshakeState(driver, id));
      driver.advance(1);
      see(await handshakeState(driver, id));
      driver.advance(30 * DAY_MS - 1);
      see(await handshakeState(driver, id));
      driver.advance(1);
      see(await handshakeState(driver, id));
    },
  },
  {
    of: 'enabling all features without an answer',
    source: `${guide}/manage-begin-all-features-standard-migration.html`,
    states: ['REQUESTED', 'EXPIRED', 'HandshakeNotFoundException'],
    run: async (driver, see) => {
      await driver.call(PAYER, 'CreateOrganization', { FeatureSet: 'CONSOLIDATED_BILLING' });
      const Target = { Type: 'ACCOUNT', Id: OTHER };
      const invited = idIn(await driver.call(PAYER, 'InviteAccountToOrganization', { Target }), 'Handshake');
      await driver.call(OTHER, 'AcceptHandshake', { HandshakeId: invited });
      const id = idIn(await driver.call(PAYER, 'EnableAllFeatures'), 'Handshake');
      driver.advance(90 * DAY_MS - 1);
      see(await handshakeState(driver, id));
      driver.advance(1);
      see(await handshakeState(driver, id));
      driver.advance(30 * DAY_MS);
      see(await handshakeState(driver, id));
    },
  },
  {
    of: 'an invitation to transfer a bill without an answer: it ends 24 hours before the transfer starts',
    source: 'https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/orgs_transfer_billing-view-invitation.html',
    states: ['REQUESTED', 'EXPIRED', 'ResponsibilityTransferNotFoundException'],
    run: async (driver, see) => {
      const { transfer } = await inviteToTransfer(driver);
      driver.advance(21 * DAY_MS - 1);
      see(await transferStatus(driver, transfer));
      driver.advance(1);
      see(await transferStatus(driver, transfer));
      driver.advance(30 * DAY_MS);
      see(await transferStatus(driver, transfer));
    },
  },
  {
    of: 'an accepted transfer that is withdrawn: both outlive the handshake',
    source: 'https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/orgs_transfer_billing-view-invitation.html',
    states: ['ACCEPTED', 'ACCEPTED', 'HandshakeNotFoundException', 'WITHDRAWN', 'WITHDRAWN'],
    run: async (driver, see) => {
      const { handshake, transfer } = await inviteToTransfer(driver);
      await driver.call(OTHER, 'AcceptHandshake', { HandshakeId: handshake });
      see(await transferStatus(driver, transfer));
      driver.advance(60 * DAY_MS);
      see(await transferStatus(driver, transfer));
      see(await handshakeState(driver, handshake));
      await driver.call(OTHER, 'TerminateResponsibilityTransfer', { Id: transfer });
      see(await transferStatus(driver, transfer));
      driver.advance(365 * DAY_MS);
      see(await transferStatus(driver, transfer));
    },
  },
  {
    of: 'a policy type',
    source: `${reference}/API_PolicyTypeSummary.html`,
    states: ['[]', 'PENDING_ENABLE', 'ENABLED', 'PENDING_DISABLE', '[]', 'attachments: 0'],
    run: async (driver, see) => {
      driver.simulator.world.settings.policyTypeMs = 5_000;
      await driver.call(PAYER, 'CreateOrganization');
      const [organization] = driver.simulator.world.organizations.values();
      const type = { RootId: organization?.root.id, PolicyType: 'SERVICE_CONTROL_POLICY' };
      const look = async () => {
        const { output } = await driver.call(PAYER, 'ListRoots');
        const [root] = output['Roots'] as readonly { readonly PolicyTypes: readonly { readonly Status: string }[] }[];
        see(root?.PolicyTypes[0]?.Status ?? '[]');
      };
      await look();
      await driver.call(PAYER, 'EnablePolicyType', type);
      await look();
      driver.advance(5_000);
      await look();
      await driver.call(PAYER, 'DisablePolicyType', type);
      await look();
      await driver.call(PAYER, 'CreateOrganizationalUnit', { ParentId: type.RootId, Name: 'Made meanwhile' });
      driver.advance(5_000);
      await look();
      see(`attachments: ${organization?.attachmentsOf('p-FullAWSAccess').size}`);
    },
  },
  {
    of: 'a new organization, initializing for up to an hour',
    // The API model declares the exception for the first three; Terraform's provider also retries the others:
    // https://github.com/hashicorp/terraform-provider-aws/tree/main/internal/service/organizations
    source: `${reference}/API_CreateAccount.html`,
    states: [
      'CreateAccount: FinalizingOrganizationException',
      'CreateGovCloudAccount: FinalizingOrganizationException',
      'InviteAccountToOrganization: FinalizingOrganizationException',
      'CreateOrganizationalUnit: FinalizingOrganizationException',
      'CreatePolicy: FinalizingOrganizationException',
      'AttachPolicy: FinalizingOrganizationException',
      'PutResourcePolicy: FinalizingOrganizationException',
      'CreateAccount: done',
      'CreateGovCloudAccount: done',
      'InviteAccountToOrganization: done',
      'CreateOrganizationalUnit: done',
      'CreatePolicy: done',
      'AttachPolicy: PolicyTypeNotEnabledException',
      'PutResourcePolicy: done',
    ],
    run: async (driver, see) => {
      driver.simulator.world.settings.initializingMs = 3_600_000;
      await driver.call(PAYER, 'CreateOrganization');
      const payer = driver.simulator.world.accounts.get(PAYER);
      if (payer) payer.govCloudAccountId = '900000000000';
      const [organization] = driver.simulator.world.organizations.values();
      const root = organization?.root.id;
      const statement = { Effect: 'Deny', Action: 's3:*', Resource: '*' };
      const delegation = {
        Effect: 'Allow',
        Principal: { AWS: OTHER },
        Action: 'organizations:ListAccounts',
        Resource: '*',
      };
      const document = (one: object) => JSON.stringify({ Version: '2012-10-17', Statement: [one] });
      const calls: readonly (readonly [OperationName, object])[] = [
        ['CreateAccount', { Email: 'one@example.com', AccountName: 'One' }],
        ['CreateGovCloudAccount', { Email: 'two@example.com', AccountName: 'Two' }],
        ['InviteAccountToOrganization', { Target: { Type: 'ACCOUNT', Id: OTHER } }],
        ['CreateOrganizationalUnit', { ParentId: root, Name: 'One' }],
        [
          'CreatePolicy',
          { Type: 'SERVICE_CONTROL_POLICY', Name: 'One', Description: '', Content: document(statement) },
        ],
        ['AttachPolicy', { PolicyId: 'p-FullAWSAccess', TargetId: root }],
        ['PutResourcePolicy', { Content: document(delegation) }],
      ];
      for (const wait of [3_600_000, 0]) {
        for (const [operation, input] of calls) {
          see(`${operation}: ${verdict(await driver.call(PAYER, operation, input))}`);
        }
        driver.advance(wait);
      }
    },
  },
  {
    of: 'a deleted organization and the invitation that it had sent',
    source: `${guide}/orgs_manage_org_delete.html`,
    states: ['CANCELED', 'AWSOrganizationsNotInUseException'],
    run: async (driver, see) => {
      const id = await invite(driver);
      await driver.call(PAYER, 'DeleteOrganization');
      see(await handshakeState(driver, id));
      see(verdict(await driver.call(PAYER, 'DescribeOrganization')));
    },
  },
];

test.each(lifeCycles)('life cycle of $of', async ({ states, run, source }) => {
  await withWorld({ account: PAYER, settings: { quotas: { inboundTransfers: 1 } } }, async (driver) => {
    const seen: string[] = [];
    await run(driver, (state) => seen.push(state));
    expect(seen, source).toEqual(states);
  });
});
