import type { Call } from '../call.ts';
import { handshakeArn, policyArn, resourcePolicyArn, targetArn, transferArn } from '../render/arns.ts';
import { isObject } from '../validation/check-types.ts';
import type { Tags } from '../world/entities.ts';
import type { Organization } from '../world/organization.ts';
import { findTarget } from '../world/tree.ts';

/** An object that an operation names by its id. */
export interface RequestedResource {
  readonly arn: string;
  /** The account in the ARN. */
  readonly ownerId: string;
  readonly tags?: Tags;
}

/** Members of inputs that have ids of resources. */
const idMembers = [
  'PolicyId',
  'TargetId',
  'ResourceId',
  'RootId',
  'OrganizationalUnitId',
  'AccountId',
  'ParentId',
  'ChildId',
  'SourceParentId',
  'DestinationParentId',
  'HandshakeId',
  'Id',
] as const;

/**
 * Returns the objects that the input names and that exist.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_organizations.html
 */
export function requestedResources(
  call: Call,
  organization: Organization,
  input: unknown,
): readonly RequestedResource[] {
  const ids = idMembers.map((member) => textMember(input, member)).filter((id) => id !== undefined);
  return [...new Set(ids)].flatMap((id) => findResource(call, organization, id) ?? []);
}

function findResource(call: Call, organization: Organization, id: string): RequestedResource | undefined {
  const handshake = call.world.handshakes.get(id);
  if (handshake) {
    const { sender, tags } = handshake;
    return { arn: handshakeArn(call, handshake), ownerId: sender.managementAccountId, tags };
  }
  const ownerId = organization.managementAccountId;
  const policy = organization.policies.get(id);
  if (policy) return { arn: policyArn(call, organization, policy), ownerId, tags: policy.tags };
  const target = findTarget(organization, id);
  if (target) return { arn: targetArn(call, organization, target), ownerId, tags: target.tags };
  const { resourcePolicy } = organization;
  if (resourcePolicy?.id === id) {
    return { arn: resourcePolicyArn(call, organization, id), ownerId, tags: resourcePolicy.tags };
  }
  const transfer = call.world.transfers.get(id);
  return transfer && { arn: transferArn(call, transfer), ownerId: call.account.id, tags: transfer.tags };
}

/** The value of organizations:PolicyType. */
export function requestedPolicyType(organization: Organization, input: unknown): string | undefined {
  const text = (member: string) => textMember(input, member);
  const policy = organization.policies.get(text('PolicyId') ?? text('ResourceId') ?? '');
  return policy?.type ?? text('PolicyType') ?? text('Type') ?? text('Filter');
}

/** Returns a member of an input if it is text. */
export function textMember(input: unknown, member: string): string | undefined {
  const value = isObject(input) ? input[member] : undefined;
  return typeof value === 'string' ? value : undefined;
}
