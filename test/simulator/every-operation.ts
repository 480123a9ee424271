import * as sdk from '@aws-sdk/client-organizations';
import type { Simulator } from '../../src/simulator/index.ts';
import { DAY_MS } from '../../src/simulator/world/durations.ts';

export const PAYER = '111111111111';
export const OTHER = '444444444444';
export const NEWCOMER = '222222222222';
export const SEDGE = '888888888888';

const tags = [{ Key: 'team', Value: 'platform' }];
const tagPolicy = '{"tags":{"team":{"tag_key":{"@@assign":"team"}}}}';

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a member that the model leaves optional is absent');
  return value;
}

/** Calls each of the 63 operations at least once with valid input, in an order in which each succeeds. */
export async function callEveryOperation(
  simulator: Simulator,
  as: (accountId: string) => sdk.OrganizationsClient,
): Promise<void> {
  const payer = as(PAYER);
  const newcomer = as(NEWCOMER);
  const { world, clock } = simulator;

  await payer.send(new sdk.CreateOrganizationCommand({ FeatureSet: 'ALL' }));
  const organization = must((await payer.send(new sdk.DescribeOrganizationCommand({}))).Organization);
  const state = must(world.organizations.get(must(organization.Id)));
  Object.assign(state.quotas, { accounts: 50, inboundTransfers: 5 });
  Object.assign(must(world.accounts.get(PAYER)), { govCloudAccountId: '999999999990' });
  const root = must(must((await payer.send(new sdk.ListRootsCommand({ MaxResults: 5 }))).Roots)[0]);
  const ParentId = must(root.Id);

  const unit = must(
    (await payer.send(new sdk.CreateOrganizationalUnitCommand({ ParentId, Name: 'Workloads', Tags: tags })))
      .OrganizationalUnit,
  );
  const spare = await payer.send(new sdk.CreateOrganizationalUnitCommand({ ParentId, Name: 'Spare' }));
  const OrganizationalUnitId = must(unit.Id);
  await payer.send(new sdk.UpdateOrganizationalUnitCommand({ OrganizationalUnitId, Name: 'Production' }));
  await payer.send(new sdk.DescribeOrganizationalUnitCommand({ OrganizationalUnitId }));
  await payer.send(new sdk.DeleteOrganizationalUnitCommand({ OrganizationalUnitId: spare.OrganizationalUnit?.Id }));
  const order = {
    Email: 'one@example.com',
    AccountName: 'One',
    RoleName: 'Admin',
    IamUserAccessToBilling: 'ALLOW',
    Tags: tags,
  } as const;
  const created = must((await payer.send(new sdk.CreateAccountCommand(order))).CreateAccountStatus);
  await payer.send(new sdk.CreateGovCloudAccountCommand({ ...order, Email: 'two@example.com', AccountName: 'Two' }));
  clock.advance(10_000);
  const status = await payer.send(new sdk.DescribeCreateAccountStatusCommand({ CreateAccountRequestId: created.Id }));
  const AccountId = must(status.CreateAccountStatus?.AccountId);
  await payer.send(new sdk.ListCreateAccountStatusCommand({ States: ['SUCCEEDED'], MaxResults: 20 }));
  await payer.send(
    new sdk.MoveAccountCommand({ AccountId, SourceParentId: ParentId, DestinationParentId: OrganizationalUnitId }),
  );
  await payer.send(new sdk.DescribeAccountCommand({ AccountId }));
  await payer.send(new sdk.ListAccountsCommand({ MaxResults: 1 }));
  await payer.send(new sdk.ListAccountsForParentCommand({ ParentId: OrganizationalUnitId }));
  await payer.send(new sdk.ListOrganizationalUnitsForParentCommand({ ParentId }));
  await payer.send(new sdk.ListChildrenCommand({ ParentId, ChildType: 'ORGANIZATIONAL_UNIT' }));
  await payer.send(new sdk.ListParentsCommand({ ChildId: AccountId }));

  await payer.send(new sdk.TagResourceCommand({ ResourceId: AccountId, Tags: [{ Key: 'stage', Value: '' }] }));
  await payer.send(new sdk.ListTagsForResourceCommand({ ResourceId: AccountId }));
  await payer.send(new sdk.UntagResourceCommand({ ResourceId: AccountId, TagKeys: ['stage'] }));

  await payer.send(new sdk.EnablePolicyTypeCommand({ RootId: ParentId, PolicyType: 'TAG_POLICY' }));
  const policy = await payer.send(
    new sdk.CreatePolicyCommand({
      Content: tagPolicy,
      Description: 'Teams',
      Name: 'Teams',
      Type: 'TAG_POLICY',
      Tags: tags,
    }),
  );
  const PolicyId = must(policy.Policy?.PolicySummary?.Id);
  await payer.send(
    new sdk.UpdatePolicyCommand({ PolicyId, Name: 'Team tags', Description: 'Spelling', Content: tagPolicy }),
  );
  await payer.send(new sdk.DescribePolicyCommand({ PolicyId }));
  await payer.send(new sdk.AttachPolicyCommand({ PolicyId, TargetId: AccountId }));
  await payer.send(new sdk.ListPoliciesCommand({ Filter: 'SERVICE_CONTROL_POLICY' }));
  await payer.send(new sdk.ListPoliciesForTargetCommand({ TargetId: AccountId, Filter: 'TAG_POLICY' }));
  await payer.send(new sdk.ListTargetsForPolicyCommand({ PolicyId: 'p-FullAWSAccess' }));
  await payer.send(new sdk.DescribeEffectivePolicyCommand({ PolicyType: 'TAG_POLICY', TargetId: AccountId }));
  await callInvalidPolicy(payer, ParentId, AccountId);
  await payer.send(new sdk.DetachPolicyCommand({ PolicyId, TargetId: AccountId }));
  await payer.send(new sdk.DeletePolicyCommand({ PolicyId }));
  await payer.send(new sdk.DisablePolicyTypeCommand({ RootId: ParentId, PolicyType: 'TAG_POLICY' }));

  const ServicePrincipal = 'config.amazonaws.com';
  await payer.send(new sdk.EnableAWSServiceAccessCommand({ ServicePrincipal }));
  await payer.send(new sdk.ListAWSServiceAccessForOrganizationCommand({}));
  await payer.send(new sdk.RegisterDelegatedAdministratorCommand({ AccountId, ServicePrincipal }));
  await payer.send(new sdk.ListDelegatedAdministratorsCommand({ ServicePrincipal }));
  await payer.send(new sdk.ListDelegatedServicesForAccountCommand({ AccountId }));
  await payer.send(new sdk.DeregisterDelegatedAdministratorCommand({ AccountId, ServicePrincipal }));
  await payer.send(new sdk.DisableAWSServiceAccessCommand({ ServicePrincipal }));
  const Content = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { AWS: AccountId }, Action: ['organizations:DescribePolicy'], Resource: '*' },
    ],
  });
  await payer.send(new sdk.PutResourcePolicyCommand({ Content, Tags: tags }));
  await payer.send(new sdk.DescribeResourcePolicyCommand({}));
  await payer.send(new sdk.DeleteResourcePolicyCommand({}));

  const invite = async () =>
    must(
      (
        await payer.send(
          new sdk.InviteAccountToOrganizationCommand({
            Target: { Type: 'ACCOUNT', Id: NEWCOMER },
            Notes: 'Hello',
            Tags: tags,
          }),
        )
      ).Handshake?.Id,
    );
  await payer.send(new sdk.CancelHandshakeCommand({ HandshakeId: await invite() }));
  await newcomer.send(new sdk.DeclineHandshakeCommand({ HandshakeId: await invite() }));
  const HandshakeId = await invite();
  await newcomer.send(new sdk.DescribeHandshakeCommand({ HandshakeId }));
  await newcomer.send(new sdk.ListHandshakesForAccountCommand({ Filter: { ActionType: 'INVITE' } }));
  await newcomer.send(new sdk.AcceptHandshakeCommand({ HandshakeId }));
  await payer.send(new sdk.ListHandshakesForOrganizationCommand({}));
  await newcomer.send(new sdk.LeaveOrganizationCommand({}));

  await callTransfers(payer, as(OTHER), clock.now());
  await callAllFeatures(as(SEDGE), newcomer);

  await payer.send(new sdk.CloseAccountCommand({ AccountId }));
  clock.advance(5 * DAY_MS);
  for (const { Id } of must((await payer.send(new sdk.ListAccountsCommand({}))).Accounts)) {
    if (Id !== PAYER) await payer.send(new sdk.RemoveAccountFromOrganizationCommand({ AccountId: Id }));
  }
  await payer.send(new sdk.DeleteOrganizationCommand({}));
}

async function callInvalidPolicy(payer: sdk.OrganizationsClient, RootId: string, AccountId: string): Promise<void> {
  const Type = 'BACKUP_POLICY';
  await payer.send(new sdk.EnablePolicyTypeCommand({ RootId, PolicyType: Type }));
  const Content = '{"plans":{"Daily":{"regions":{"@@assign":["eu-west-1"]}}}}';
  const policy = await payer.send(new sdk.CreatePolicyCommand({ Content, Description: '', Name: 'Unfinished', Type }));
  await payer.send(new sdk.AttachPolicyCommand({ PolicyId: policy.Policy?.PolicySummary?.Id, TargetId: AccountId }));
  await payer.send(new sdk.ListAccountsWithInvalidEffectivePolicyCommand({ PolicyType: Type }));
  await payer.send(new sdk.ListEffectivePolicyValidationErrorsCommand({ AccountId, PolicyType: Type }));
}

async function callTransfers(
  payer: sdk.OrganizationsClient,
  other: sdk.OrganizationsClient,
  now: number,
): Promise<void> {
  await other.send(new sdk.CreateOrganizationCommand({}));
  const month = (ahead: number) => {
    const date = new Date(now);
    return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + ahead, 1));
  };
  const { Handshake } = await payer.send(
    new sdk.InviteOrganizationToTransferResponsibilityCommand({
      Type: 'BILLING',
      Target: { Type: 'ACCOUNT', Id: OTHER },
      Notes: 'One bill',
      StartTimestamp: month(2),
      SourceName: 'Other',
      Tags: tags,
    }),
  );
  await other.send(new sdk.AcceptHandshakeCommand({ HandshakeId: Handshake?.Id }));
  const inbound = await payer.send(new sdk.ListInboundResponsibilityTransfersCommand({ Type: 'BILLING' }));
  const Id = must(inbound.ResponsibilityTransfers?.[0]?.Id);
  await other.send(new sdk.ListOutboundResponsibilityTransfersCommand({ Type: 'BILLING', MaxResults: 20 }));
  await payer.send(new sdk.UpdateResponsibilityTransferCommand({ Id, Name: 'The other' }));
  const EndTimestamp = new Date(month(2).getTime() - 1);
  await other.send(new sdk.TerminateResponsibilityTransferCommand({ Id, EndTimestamp }));
  await payer.send(new sdk.DescribeResponsibilityTransferCommand({ Id }));
}

async function callAllFeatures(sedge: sdk.OrganizationsClient, member: sdk.OrganizationsClient): Promise<void> {
  await sedge.send(new sdk.CreateOrganizationCommand({ FeatureSet: 'CONSOLIDATED_BILLING' }));
  const invitation = await sedge.send(
    new sdk.InviteAccountToOrganizationCommand({ Target: { Type: 'ACCOUNT', Id: NEWCOMER } }),
  );
  await member.send(new sdk.AcceptHandshakeCommand({ HandshakeId: invitation.Handshake?.Id }));
  const { Handshake } = await sedge.send(new sdk.EnableAllFeaturesCommand({}));
  const { Handshakes } = await sedge.send(
    new sdk.ListHandshakesForOrganizationCommand({ Filter: { ParentHandshakeId: Handshake?.Id } }),
  );
  await member.send(new sdk.AcceptHandshakeCommand({ HandshakeId: Handshakes?.[0]?.Id }));
  await sedge.send(new sdk.AcceptHandshakeCommand({ HandshakeId: Handshake?.Id }));
}
