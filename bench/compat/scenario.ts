import type { Simulator } from '../../src/simulator/index.ts';
import { DAY_MS } from '../../src/simulator/world/durations.ts';
import type { Recorder } from './recorder.ts';

const PAYER = '111111111111';
const NEWCOMER = '222222222222';
const OTHER = '444444444444';
/** Its organization starts with consolidated billing only. */
const BILLED = '888888888888';

const Tags = [{ Key: 'team', Value: 'platform' }];
const tagPolicy = '{"tags":{"team":{"tag_key":{"@@assign":"team"}}}}';
const unfinishedBackupPolicy = '{"plans":{"Daily":{"regions":{"@@assign":["eu-west-1"]}}}}';
const UNKNOWN_ID = 'h-00000000000000000000000000000000';

/** The world of each client. Its clock is stopped, so that results do not depend on a client's speed. */
export const simulatorOptions = { seed: 'empty', account: PAYER } as const;

/** Returns a member of a result by its path; undefined if it does not exist. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (parent, key) => (typeof parent === 'object' && parent !== null ? Reflect.get(parent, key) : undefined),
    value,
  );
}

/** Returns a string in a result; empty if it does not exist. */
const text = (value: unknown, ...path: readonly (string | number)[]): string => String(at(value, ...path) ?? '');

const list = (value: unknown, key: string): readonly unknown[] => {
  const items = at(value, key);
  return Array.isArray(items) ? items : [];
};

const ids = (value: unknown, key: string): readonly string[] =>
  list(value, key)
    .map((item) => text(item, 'Id'))
    .sort();

/**
 * Calls each of the 63 operations with valid input, in an order in which each succeeds, checks the results, and
 * provokes exceptions. Skips steps that depend on an operation that the client does not have.
 */
export async function runScenario(recorder: Recorder, simulator: Simulator): Promise<void> {
  const { world, clock } = simulator;
  clock.setRate(0);
  Object.assign(world.settings.quotas, { accounts: 50, inboundTransfers: 5 });
  Object.assign(world.accounts.get(PAYER) ?? {}, { govCloudAccountId: '999999999990' });
  const root = await organization(recorder);
  const members = await tree(recorder, root, (ms) => clock.advance(ms));
  await tags(recorder, members.account);
  await policies(recorder, root, members.account);
  await services(recorder, members.account);
  await resourcePolicy(recorder, members.account);
  await invitations(recorder);
  await allFeatures(recorder);
  await transfers(recorder, clock.now());
  await end(recorder, members, (ms) => clock.advance(ms));
}

async function organization(recorder: Recorder): Promise<string> {
  await recorder.refused(PAYER, 'DescribeOrganization', {}, 'AWSOrganizationsNotInUseException');
  const created = await recorder.ok(PAYER, 'CreateOrganization', { FeatureSet: 'ALL' }, (output) =>
    text(output, 'Organization', 'Arn').startsWith(`arn:aws:organizations::${PAYER}:organization/o-`),
  );
  await recorder.refused(PAYER, 'CreateOrganization', {}, 'AlreadyInOrganizationException');
  await recorder.ok(
    PAYER,
    'DescribeOrganization',
    {},
    (output) => text(output, 'Organization', 'Id') === text(created, 'Organization', 'Id'),
  );
  const roots = await recorder.ok(
    PAYER,
    'ListRoots',
    {},
    (output) => list(output, 'Roots').length === 1 && list(at(output, 'Roots', 0), 'PolicyTypes').length === 0,
  );
  await recorder.refused(NEWCOMER, 'ListRoots', {}, 'AWSOrganizationsNotInUseException');
  return text(roots, 'Roots', 0, 'Id');
}

interface Members {
  readonly root: string;
  readonly unit: string;
  readonly account: string;
}

async function tree(recorder: Recorder, ParentId: string, advance: (ms: number) => void): Promise<Members> {
  const create = (Name: string) =>
    recorder.ok(
      PAYER,
      'CreateOrganizationalUnit',
      { ParentId, Name, Tags },
      (output) => text(output, 'OrganizationalUnit', 'Name') === Name,
    );
  const unit = text(await create('Workloads'), 'OrganizationalUnit', 'Id');
  const spare = text(await create('Spare'), 'OrganizationalUnit', 'Id');
  await recorder.refused(
    PAYER,
    'CreateOrganizationalUnit',
    { ParentId, Name: 'Spare' },
    'DuplicateOrganizationalUnitException',
  );
  await recorder.ok(
    PAYER,
    'UpdateOrganizationalUnit',
    { OrganizationalUnitId: unit, Name: 'Production' },
    (output) => text(output, 'OrganizationalUnit', 'Name') === 'Production',
  );
  const missing = { OrganizationalUnitId: `ou-${ParentId.slice(2)}-00000000` };
  await recorder.refused(
    PAYER,
    'UpdateOrganizationalUnit',
    { ...missing, Name: 'X' },
    'OrganizationalUnitNotFoundException',
  );
  await recorder.ok(
    PAYER,
    'DescribeOrganizationalUnit',
    { OrganizationalUnitId: unit },
    (output) => text(output, 'OrganizationalUnit', 'Name') === 'Production',
  );
  await recorder.refused(PAYER, 'DescribeOrganizationalUnit', missing, 'OrganizationalUnitNotFoundException');
  const account = await accounts(recorder, advance);
  const move = { AccountId: account, SourceParentId: ParentId, DestinationParentId: unit };
  await recorder.ok(PAYER, 'MoveAccount', move);
  await recorder.refused(PAYER, 'MoveAccount', move, 'SourceParentNotFoundException');
  await recorder.ok(
    PAYER,
    'ListAccountsForParent',
    { ParentId: unit },
    (output) => ids(output, 'Accounts').join() === account,
  );
  await recorder.refused(
    PAYER,
    'ListAccountsForParent',
    { ParentId: missing.OrganizationalUnitId },
    'ParentNotFoundException',
  );
  await recorder.ok(
    PAYER,
    'ListOrganizationalUnitsForParent',
    { ParentId },
    (output) => ids(output, 'OrganizationalUnits').join() === [unit, spare].sort().join(),
    1,
  );
  await recorder.refused(
    PAYER,
    'ListOrganizationalUnitsForParent',
    { ParentId: missing.OrganizationalUnitId },
    'ParentNotFoundException',
  );
  await recorder.ok(
    PAYER,
    'ListChildren',
    { ParentId, ChildType: 'ORGANIZATIONAL_UNIT' },
    (output) => list(output, 'Children').length === 2,
    1,
  );
  await recorder.refused(
    PAYER,
    'ListChildren',
    { ParentId: missing.OrganizationalUnitId, ChildType: 'ACCOUNT' },
    'ParentNotFoundException',
  );
  await recorder.ok(
    PAYER,
    'ListParents',
    { ChildId: account },
    (output) =>
      text(output, 'Parents', 0, 'Id') === unit && text(output, 'Parents', 0, 'Type') === 'ORGANIZATIONAL_UNIT',
  );
  await recorder.refused(PAYER, 'ListParents', { ChildId: OTHER }, 'ChildNotFoundException');
  await recorder.refused(
    PAYER,
    'DeleteOrganizationalUnit',
    { OrganizationalUnitId: unit },
    'OrganizationalUnitNotEmptyException',
  );
  await recorder.ok(PAYER, 'DeleteOrganizationalUnit', { OrganizationalUnitId: spare });
  return { root: ParentId, unit, account };
}

async function accounts(recorder: Recorder, advance: (ms: number) => void): Promise<string> {
  const order = { RoleName: 'Admin', IamUserAccessToBilling: 'ALLOW', Tags };
  const created = await recorder.ok(
    PAYER,
    'CreateAccount',
    { ...order, Email: 'one@example.com', AccountName: 'One' },
    (output) => text(output, 'CreateAccountStatus', 'State') === 'IN_PROGRESS',
  );
  await recorder.refused(
    NEWCOMER,
    'CreateAccount',
    { Email: 'none@example.com', AccountName: 'None' },
    'AWSOrganizationsNotInUseException',
  );
  await recorder.ok(
    PAYER,
    'CreateGovCloudAccount',
    { ...order, Email: 'two@example.com', AccountName: 'Two' },
    (output) => text(output, 'CreateAccountStatus', 'State') === 'IN_PROGRESS',
  );
  await recorder.refused(
    PAYER,
    'CreateGovCloudAccount',
    { Email: 'x@example.com', AccountName: 'X', RoleName: 'AWSServiceRoleForX' },
    'InvalidInputException',
  );
  advance(10_000);
  const status = await recorder.ok(
    PAYER,
    'DescribeCreateAccountStatus',
    { CreateAccountRequestId: text(created, 'CreateAccountStatus', 'Id') },
    (output) => text(output, 'CreateAccountStatus', 'State') === 'SUCCEEDED',
  );
  await recorder.refused(
    PAYER,
    'DescribeCreateAccountStatus',
    { CreateAccountRequestId: 'car-00000000000000000000000000000000' },
    'CreateAccountStatusNotFoundException',
  );
  const AccountId = text(status, 'CreateAccountStatus', 'AccountId');
  await recorder.ok(
    PAYER,
    'ListCreateAccountStatus',
    { States: ['SUCCEEDED'] },
    (output) => list(output, 'CreateAccountStatuses').length === 2,
    1,
  );
  await recorder.refused(NEWCOMER, 'ListCreateAccountStatus', {}, 'AWSOrganizationsNotInUseException');
  await recorder.ok(
    PAYER,
    'DescribeAccount',
    { AccountId },
    (output) => text(output, 'Account', 'Name') === 'One' && text(output, 'Account', 'Status') === 'ACTIVE',
  );
  await recorder.refused(PAYER, 'DescribeAccount', { AccountId: OTHER }, 'AccountNotFoundException');
  await recorder.ok(PAYER, 'ListAccounts', {}, (output) => list(output, 'Accounts').length === 3, 1);
  await recorder.refused(NEWCOMER, 'ListAccounts', {}, 'AWSOrganizationsNotInUseException');
  return AccountId;
}

async function tags(recorder: Recorder, ResourceId: string): Promise<void> {
  const added = { Key: 'stage', Value: '' };
  await recorder.ok(PAYER, 'TagResource', { ResourceId, Tags: [added] });
  await recorder.refused(
    PAYER,
    'TagResource',
    { ResourceId: 'p-FullAWSAccess', Tags: [added] },
    'InvalidInputException',
  );
  await recorder.ok(PAYER, 'ListTagsForResource', { ResourceId }, (output) =>
    list(output, 'Tags').some((tag) => text(tag, 'Key') === 'team' && text(tag, 'Value') === 'platform'),
  );
  await recorder.refused(PAYER, 'ListTagsForResource', { ResourceId: OTHER }, 'TargetNotFoundException');
  await recorder.ok(PAYER, 'UntagResource', { ResourceId, TagKeys: ['stage'] });
  await recorder.refused(PAYER, 'UntagResource', { ResourceId: OTHER, TagKeys: ['stage'] }, 'TargetNotFoundException');
  await recorder.ok(PAYER, 'ListTagsForResource', { ResourceId }, (output) => list(output, 'Tags').length === 1);
}

async function policies(recorder: Recorder, RootId: string, TargetId: string): Promise<void> {
  const PolicyType = 'TAG_POLICY';
  await recorder.ok(
    PAYER,
    'EnablePolicyType',
    { RootId, PolicyType },
    (output) => text(output, 'Root', 'PolicyTypes', 0, 'Type') === PolicyType,
  );
  await recorder.refused(PAYER, 'EnablePolicyType', { RootId, PolicyType }, 'PolicyTypeAlreadyEnabledException');
  const policy = { Content: tagPolicy, Description: 'Teams', Name: 'Teams', Type: PolicyType, Tags };
  const created = await recorder.ok(
    PAYER,
    'CreatePolicy',
    policy,
    (output) => text(output, 'Policy', 'Content') === tagPolicy,
  );
  await recorder.refused(PAYER, 'CreatePolicy', policy, 'DuplicatePolicyException');
  await recorder.refused(
    PAYER,
    'CreatePolicy',
    { ...policy, Name: 'Wrong', Content: '{}' },
    'MalformedPolicyDocumentException',
  );
  const PolicyId = text(created, 'Policy', 'PolicySummary', 'Id');
  const missing = 'p-0000000000';
  await recorder.ok(
    PAYER,
    'UpdatePolicy',
    { PolicyId, Name: 'Team tags', Description: 'Spelling', Content: tagPolicy },
    (output) => text(output, 'Policy', 'PolicySummary', 'Name') === 'Team tags',
  );
  await recorder.refused(PAYER, 'UpdatePolicy', { PolicyId: missing, Name: 'X' }, 'PolicyNotFoundException');
  await recorder.ok(
    PAYER,
    'DescribePolicy',
    { PolicyId },
    (output) => text(output, 'Policy', 'PolicySummary', 'Description') === 'Spelling',
  );
  await recorder.refused(PAYER, 'DescribePolicy', { PolicyId: missing }, 'PolicyNotFoundException');
  await recorder.ok(PAYER, 'AttachPolicy', { PolicyId, TargetId });
  await recorder.refused(PAYER, 'AttachPolicy', { PolicyId, TargetId }, 'DuplicatePolicyAttachmentException');
  await recorder.ok(
    PAYER,
    'ListPolicies',
    { Filter: PolicyType },
    (output) => ids(output, 'Policies').join() === PolicyId,
  );
  await recorder.refused(NEWCOMER, 'ListPolicies', { Filter: PolicyType }, 'AWSOrganizationsNotInUseException');
  await recorder.ok(
    PAYER,
    'ListPoliciesForTarget',
    { TargetId, Filter: PolicyType },
    (output) => ids(output, 'Policies').join() === PolicyId,
  );
  await recorder.refused(
    PAYER,
    'ListPoliciesForTarget',
    { TargetId: OTHER, Filter: PolicyType },
    'TargetNotFoundException',
  );
  await recorder.ok(
    PAYER,
    'ListTargetsForPolicy',
    { PolicyId },
    (output) => text(output, 'Targets', 0, 'TargetId') === TargetId && text(output, 'Targets', 0, 'Type') === 'ACCOUNT',
  );
  await recorder.refused(PAYER, 'ListTargetsForPolicy', { PolicyId: missing }, 'PolicyNotFoundException');
  await recorder.ok(
    PAYER,
    'DescribeEffectivePolicy',
    { PolicyType, TargetId },
    (output) => text(output, 'EffectivePolicy', 'PolicyContent') === '{"tags":{"team":{"tag_key":"team"}}}',
  );
  await recorder.refused(
    PAYER,
    'DescribeEffectivePolicy',
    { PolicyType: 'BACKUP_POLICY', TargetId },
    'EffectivePolicyNotFoundException',
  );
  await invalidPolicy(recorder, RootId, TargetId);
  await recorder.refused(PAYER, 'DeletePolicy', { PolicyId }, 'PolicyInUseException');
  await recorder.ok(PAYER, 'DetachPolicy', { PolicyId, TargetId });
  await recorder.refused(PAYER, 'DetachPolicy', { PolicyId, TargetId }, 'PolicyNotAttachedException');
  await recorder.ok(PAYER, 'DeletePolicy', { PolicyId });
  await recorder.ok(
    PAYER,
    'DisablePolicyType',
    { RootId, PolicyType },
    (output) => text(output, 'Root', 'Id') === RootId,
  );
  await recorder.refused(PAYER, 'DisablePolicyType', { RootId, PolicyType }, 'PolicyTypeNotEnabledException');
}

async function invalidPolicy(recorder: Recorder, RootId: string, AccountId: string): Promise<void> {
  const PolicyType = 'BACKUP_POLICY';
  await recorder.ok(PAYER, 'EnablePolicyType', { RootId, PolicyType });
  const created = await recorder.ok(PAYER, 'CreatePolicy', {
    Content: unfinishedBackupPolicy,
    Description: 'A plan without rules',
    Name: 'Unfinished',
    Type: PolicyType,
  });
  const attachment = { PolicyId: text(created, 'Policy', 'PolicySummary', 'Id'), TargetId: AccountId };
  await recorder.ok(PAYER, 'AttachPolicy', attachment);
  await recorder.ok(
    PAYER,
    'ListAccountsWithInvalidEffectivePolicy',
    { PolicyType },
    (output) => ids(output, 'Accounts').join() === AccountId,
  );
  await recorder.refused(
    PAYER,
    'ListAccountsWithInvalidEffectivePolicy',
    { PolicyType: 'CHATBOT_POLICY' },
    'EffectivePolicyNotFoundException',
  );
  await recorder.ok(PAYER, 'ListEffectivePolicyValidationErrors', { AccountId, PolicyType }, (output) =>
    list(output, 'EffectivePolicyValidationErrors').some((error) => text(error, 'ErrorCode') === 'KEY_REQUIRED'),
  );
  await recorder.refused(
    PAYER,
    'ListEffectivePolicyValidationErrors',
    { AccountId: OTHER, PolicyType },
    'AccountNotFoundException',
  );
  await recorder.ok(PAYER, 'DetachPolicy', attachment);
}

async function services(recorder: Recorder, AccountId: string): Promise<void> {
  const ServicePrincipal = 'config.amazonaws.com';
  await recorder.refused(
    PAYER,
    'RegisterDelegatedAdministrator',
    { AccountId, ServicePrincipal },
    'ConstraintViolationException',
  );
  await recorder.ok(PAYER, 'EnableAWSServiceAccess', { ServicePrincipal });
  await recorder.refused(
    PAYER,
    'EnableAWSServiceAccess',
    { ServicePrincipal: 'config.example.com' },
    'InvalidInputException',
  );
  await recorder.ok(
    PAYER,
    'ListAWSServiceAccessForOrganization',
    {},
    (output) => text(output, 'EnabledServicePrincipals', 0, 'ServicePrincipal') === ServicePrincipal,
  );
  await recorder.refused(NEWCOMER, 'ListAWSServiceAccessForOrganization', {}, 'AWSOrganizationsNotInUseException');
  await recorder.ok(PAYER, 'RegisterDelegatedAdministrator', { AccountId, ServicePrincipal });
  await recorder.refused(
    PAYER,
    'RegisterDelegatedAdministrator',
    { AccountId, ServicePrincipal },
    'AccountAlreadyRegisteredException',
  );
  await recorder.ok(
    PAYER,
    'ListDelegatedAdministrators',
    { ServicePrincipal },
    (output) => ids(output, 'DelegatedAdministrators').join() === AccountId,
  );
  await recorder.refused(NEWCOMER, 'ListDelegatedAdministrators', {}, 'AWSOrganizationsNotInUseException');
  await recorder.ok(
    PAYER,
    'ListDelegatedServicesForAccount',
    { AccountId },
    (output) => text(output, 'DelegatedServices', 0, 'ServicePrincipal') === ServicePrincipal,
  );
  await recorder.refused(PAYER, 'ListDelegatedServicesForAccount', { AccountId: OTHER }, 'AccountNotFoundException');
  await recorder.ok(PAYER, 'DeregisterDelegatedAdministrator', { AccountId, ServicePrincipal });
  await recorder.refused(
    PAYER,
    'DeregisterDelegatedAdministrator',
    { AccountId, ServicePrincipal },
    'AccountNotRegisteredException',
  );
  await recorder.ok(PAYER, 'DisableAWSServiceAccess', { ServicePrincipal });
  await recorder.refused(
    PAYER,
    'DisableAWSServiceAccess',
    { ServicePrincipal: 'config.example.com' },
    'InvalidInputException',
  );
}

async function resourcePolicy(recorder: Recorder, AccountId: string): Promise<void> {
  const statement = { Effect: 'Allow', Principal: { AWS: AccountId }, Action: 'organizations:DescribePolicy' };
  const Content = JSON.stringify({ Version: '2012-10-17', Statement: [{ ...statement, Resource: '*' }] });
  await recorder.refused(PAYER, 'DescribeResourcePolicy', {}, 'ResourcePolicyNotFoundException');
  await recorder.refused(PAYER, 'DeleteResourcePolicy', {}, 'ResourcePolicyNotFoundException');
  await recorder.ok(
    PAYER,
    'PutResourcePolicy',
    { Content, Tags },
    (output) => text(output, 'ResourcePolicy', 'Content') === Content,
  );
  await recorder.refused(PAYER, 'PutResourcePolicy', { Content: '{}' }, 'InvalidInputException');
  if (recorder.results.get('PutResourcePolicy')?.isKnown !== true) return;
  await recorder.ok(
    PAYER,
    'DescribeResourcePolicy',
    {},
    (output) => text(output, 'ResourcePolicy', 'Content') === Content,
  );
  await recorder.ok(PAYER, 'DeleteResourcePolicy');
}

async function invitations(recorder: Recorder): Promise<void> {
  const invitation = { Target: { Type: 'ACCOUNT', Id: NEWCOMER }, Notes: 'Hello', Tags };
  const invite = async () =>
    text(
      await recorder.ok(
        PAYER,
        'InviteAccountToOrganization',
        invitation,
        (output) => text(output, 'Handshake', 'State') === 'OPEN',
      ),
      'Handshake',
      'Id',
    );
  const becomes = (state: string) => (output: unknown) => text(output, 'Handshake', 'State') === state;
  const first = { HandshakeId: await invite() };
  await recorder.refused(PAYER, 'InviteAccountToOrganization', invitation, 'DuplicateHandshakeException');
  await recorder.ok(PAYER, 'CancelHandshake', first, becomes('CANCELED'));
  await recorder.refused(PAYER, 'CancelHandshake', first, 'HandshakeAlreadyInStateException');
  const second = { HandshakeId: await invite() };
  await recorder.ok(NEWCOMER, 'DeclineHandshake', second, becomes('DECLINED'));
  await recorder.refused(NEWCOMER, 'DeclineHandshake', first, 'InvalidHandshakeTransitionException');
  const third = { HandshakeId: await invite() };
  await recorder.ok(NEWCOMER, 'DescribeHandshake', third, becomes('OPEN'));
  await recorder.refused(NEWCOMER, 'DescribeHandshake', { HandshakeId: UNKNOWN_ID }, 'HandshakeNotFoundException');
  await recorder.ok(
    NEWCOMER,
    'ListHandshakesForAccount',
    { Filter: { ActionType: 'INVITE' } },
    (output) => list(output, 'Handshakes').length === 3,
    1,
  );
  const both = { Filter: { ActionType: 'INVITE', ParentHandshakeId: third.HandshakeId } };
  await recorder.refused(NEWCOMER, 'ListHandshakesForAccount', both, 'InvalidInputException');
  await recorder.ok(NEWCOMER, 'AcceptHandshake', third, becomes('ACCEPTED'));
  await recorder.refused(NEWCOMER, 'AcceptHandshake', third, 'HandshakeAlreadyInStateException');
  await recorder.ok(
    PAYER,
    'ListHandshakesForOrganization',
    {},
    (output) => list(output, 'Handshakes').filter((one) => text(one, 'State') === 'ACCEPTED').length === 1,
    2,
  );
  await recorder.refused(OTHER, 'ListHandshakesForOrganization', {}, 'AWSOrganizationsNotInUseException');
  await recorder.ok(NEWCOMER, 'LeaveOrganization');
  await recorder.refused(PAYER, 'LeaveOrganization', {}, 'MasterCannotLeaveOrganizationException');
}

async function allFeatures(recorder: Recorder): Promise<void> {
  await recorder.ok(BILLED, 'CreateOrganization', { FeatureSet: 'CONSOLIDATED_BILLING' });
  const invited = await recorder.ok(BILLED, 'InviteAccountToOrganization', {
    Target: { Type: 'ACCOUNT', Id: NEWCOMER },
  });
  await recorder.ok(NEWCOMER, 'AcceptHandshake', { HandshakeId: text(invited, 'Handshake', 'Id') });
  const started = await recorder.ok(
    BILLED,
    'EnableAllFeatures',
    {},
    (output) => text(output, 'Handshake', 'State') === 'REQUESTED',
  );
  await recorder.refused(BILLED, 'EnableAllFeatures', {}, 'HandshakeConstraintViolationException');
  const ParentHandshakeId = text(started, 'Handshake', 'Id');
  const children = await recorder.ok(
    BILLED,
    'ListHandshakesForOrganization',
    { Filter: { ParentHandshakeId } },
    (output) => text(output, 'Handshakes', 0, 'Action') === 'APPROVE_ALL_FEATURES',
  );
  await recorder.ok(NEWCOMER, 'AcceptHandshake', { HandshakeId: text(children, 'Handshakes', 0, 'Id') });
  await recorder.ok(BILLED, 'AcceptHandshake', { HandshakeId: ParentHandshakeId });
  await recorder.ok(
    BILLED,
    'DescribeOrganization',
    {},
    (output) => text(output, 'Organization', 'FeatureSet') === 'ALL',
  );
}

async function transfers(recorder: Recorder, now: number): Promise<void> {
  await recorder.ok(OTHER, 'CreateOrganization');
  const date = new Date(now);
  const start = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 2, 1);
  const iso = (time: number) => new Date(time).toISOString();
  const Type = 'BILLING';
  const invitation = {
    Type,
    Target: { Type: 'ACCOUNT', Id: OTHER },
    Notes: 'One bill',
    StartTimestamp: iso(start),
    SourceName: 'Other',
    Tags,
  };
  const invite = 'InviteOrganizationToTransferResponsibility';
  const invited = await recorder.ok(
    PAYER,
    invite,
    invitation,
    (output) => text(output, 'Handshake', 'State') === 'REQUESTED',
  );
  await recorder.refused(PAYER, invite, invitation, 'DuplicateHandshakeException');
  const outsider = { Type };
  await recorder.refused(
    '555555555555',
    'ListOutboundResponsibilityTransfers',
    outsider,
    'AWSOrganizationsNotInUseException',
  );
  await recorder.refused(
    '555555555555',
    'ListInboundResponsibilityTransfers',
    outsider,
    'AWSOrganizationsNotInUseException',
  );
  const unknown = { Id: 'rt-00000000' };
  const notFound = 'ResponsibilityTransferNotFoundException';
  await recorder.refused(PAYER, 'DescribeResponsibilityTransfer', unknown, notFound);
  await recorder.refused(PAYER, 'UpdateResponsibilityTransfer', { ...unknown, Name: 'X' }, notFound);
  await recorder.refused(PAYER, 'TerminateResponsibilityTransfer', unknown, notFound);
  if (invited === undefined) return;
  await recorder.ok(OTHER, 'AcceptHandshake', { HandshakeId: text(invited, 'Handshake', 'Id') });
  const inbound = await recorder.ok(
    PAYER,
    'ListInboundResponsibilityTransfers',
    { Type },
    (output) => text(output, 'ResponsibilityTransfers', 0, 'Status') === 'ACCEPTED',
  );
  const Id = text(inbound, 'ResponsibilityTransfers', 0, 'Id');
  await recorder.ok(
    OTHER,
    'ListOutboundResponsibilityTransfers',
    { Type },
    (output) => ids(output, 'ResponsibilityTransfers').join() === Id,
  );
  await recorder.ok(
    PAYER,
    'UpdateResponsibilityTransfer',
    { Id, Name: 'The other' },
    (output) => text(output, 'ResponsibilityTransfer', 'Name') === 'The other',
  );
  await recorder.ok(
    OTHER,
    'TerminateResponsibilityTransfer',
    { Id, EndTimestamp: iso(start - 1) },
    (output) => text(output, 'ResponsibilityTransfer', 'Status') === 'WITHDRAWN',
  );
  await recorder.ok(
    PAYER,
    'DescribeResponsibilityTransfer',
    { Id },
    (output) => text(output, 'ResponsibilityTransfer', 'Status') === 'WITHDRAWN',
  );
}

async function end(recorder: Recorder, { account }: Members, advance: (ms: number) => void): Promise<void> {
  await recorder.ok(PAYER, 'CloseAccount', { AccountId: account });
  await recorder.refused(PAYER, 'CloseAccount', { AccountId: account }, 'ConflictException');
  await recorder.refused(PAYER, 'DeleteOrganization', {}, 'OrganizationNotEmptyException');
  await recorder.refused(PAYER, 'RemoveAccountFromOrganization', { AccountId: OTHER }, 'AccountNotFoundException');
  // A created account can be removed after four days; AWS removes a closed one after 90 days.
  advance(5 * DAY_MS);
  const present = await recorder.ok(PAYER, 'ListAccounts');
  for (const AccountId of ids(present, 'Accounts')) {
    if (AccountId !== PAYER && AccountId !== account) {
      await recorder.ok(PAYER, 'RemoveAccountFromOrganization', { AccountId });
    }
  }
  advance(90 * DAY_MS);
  await recorder.ok(PAYER, 'DeleteOrganization');
}
