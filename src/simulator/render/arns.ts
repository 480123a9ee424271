import type { Call, Partition } from '../call.ts';
import type { Handshake, Policy, ResponsibilityTransfer } from '../world/entities.ts';
import type { Organization } from '../world/organization.ts';
import type { Target } from '../world/tree.ts';

/**
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_organizations.html#organizations-resources-for-iam-policies
 */
const arn = (partition: Partition, accountId: string, resource: string) =>
  `arn:${partition}:organizations::${accountId}:${resource}`;

const ofOrganization = (call: Call, organization: Organization, kind: string, id: string) =>
  arn(call.partition, organization.managementAccountId, `${kind}/${organization.id}/${id}`);

export const organizationArn = (call: Call, organization: Organization) =>
  arn(call.partition, organization.managementAccountId, `organization/${organization.id}`);

export const accountArn = (call: Call, organization: Organization, accountId: string) =>
  ofOrganization(call, organization, 'account', accountId);

export const rootArn = (call: Call, organization: Organization) =>
  ofOrganization(call, organization, 'root', organization.root.id);

export const unitArn = (call: Call, organization: Organization, unitId: string) =>
  ofOrganization(call, organization, 'ou', unitId);

export const resourcePolicyArn = (call: Call, organization: Organization, id: string) =>
  ofOrganization(call, organization, 'resourcepolicy', id);

export function policyArn(
  { partition }: Pick<Call, 'partition'>,
  organization: Organization,
  { id, type, awsManaged }: Policy,
): string {
  const kind = type.toLowerCase();
  return awsManaged
    ? arn(partition, 'aws', `policy/${kind}/${id}`)
    : arn(partition, organization.managementAccountId, `policy/${organization.id}/${kind}/${id}`);
}

export function targetArn(call: Call, organization: Organization, target: Target): string {
  if (target.type === 'ROOT') return rootArn(call, organization);
  return target.type === 'ACCOUNT' ? accountArn(call, organization, target.id) : unitArn(call, organization, target.id);
}

export function handshakeArn(call: Call, { id, action, sender }: Handshake): string {
  return arn(
    call.partition,
    sender.managementAccountId,
    `handshake/${sender.organizationId}/${action.toLowerCase()}/${id}`,
  );
}

/** A transfer has one id and two ARNs, one for each side. */
export function transferArn(call: Call, transfer: ResponsibilityTransfer): string {
  const outbound = transfer.target.managementAccountId !== call.account.id;
  const organizationId = outbound ? call.account.membership?.organizationId : transfer.target.organizationId;
  const path = `${transfer.type.toLowerCase()}/${outbound ? 'outbound' : 'inbound'}/${transfer.id}`;
  return arn(call.partition, call.account.id, `transfer/${organizationId}/${path}`);
}
