import type { Call } from '../call.ts';
import { throwException, throwInvalidInput } from '../service-error.ts';
import type { Tags } from '../world/entities.ts';
import type { Organization } from '../world/organization.ts';
import type { TaggedKind } from './tag-policy.ts';

export interface Taggable {
  readonly kind: TaggedKind;
  readonly tags: Tags;
}

/** Finds an account, root, OU, policy, resource policy or transfer of the caller's organization. */
export function findTaggable({ world }: Call, organization: Organization, id: string): Taggable {
  const { root, resourcePolicy } = organization;
  if (id === root.id) return { kind: 'root', tags: root.tags };
  const account = organization.members.get(id);
  if (account) return { kind: 'account', tags: account.tags };
  const unit = organization.units.get(id);
  if (unit) return { kind: 'organizationalunit', tags: unit.tags };
  const policy = organization.policies.get(id);
  // AWS documents no reason for this. TARGET_NOT_SUPPORTED is "You can't perform the specified operation on that target
  // entity."
  if (policy?.awsManaged) {
    throwInvalidInput('TARGET_NOT_SUPPORTED', `Policy ${id} is managed by AWS and has no tags.`);
  }
  if (policy) return { kind: 'policy', tags: policy.tags };
  if (id === resourcePolicy?.id) return { kind: 'resourcepolicy', tags: resourcePolicy.tags };
  const transfer = organization.inboundTransfers.get(id) ?? world.transfers.get(id);
  if (transfer && (organization.inboundTransfers.has(id) || transfer.source.organizationId === organization.id)) {
    return { kind: 'transfer', tags: transfer.tags };
  }
  return throwException('TargetNotFoundException', `There is no taggable resource ${id} in your organization.`);
}
