import type { PolicyType } from '../model/enums.ts';
import type { Policy } from './entities.ts';
import { managedPolicies } from './managed-policies.ts';
import type { Organization } from './organization.ts';
import type { World } from './world.ts';

export function attach(world: World, organization: Organization, policy: Policy, targetId: string): void {
  const position = world.ids.position();
  const attachment = { policy, targetId, position };
  organization.attachmentsTo(targetId).add(policy.id, position, attachment);
  organization.attachmentsOf(policy.id).add(targetId, position, attachment);
  organization.policyVersion += 1;
}

export function detach(organization: Organization, policyId: string, targetId: string): void {
  organization.attachmentsTo(targetId).delete(policyId);
  organization.attachmentsOf(policyId).delete(targetId);
  organization.policyVersion += 1;
}

export function detachAll(organization: Organization, targetId: string): void {
  for (const { policy } of [...organization.attachmentsTo(targetId).values()])
    detach(organization, policy.id, targetId);
}

/** FullAWSAccess and RCPFullAWSAccess exist in every organization with all features. */
export function addManagedPolicies(world: World, organization: Organization): void {
  for (const policy of managedPolicies) {
    const position = world.ids.position();
    organization.policies.add(policy.id, position, { ...policy, awsManaged: true, position, tags: new Map() });
  }
}

/** While SCPs or RCPs are enabled, AWS attaches its own policy of that type to each new root, OU and account. */
export function attachDefaultPolicies(world: World, organization: Organization, targetId: string): void {
  for (const { id, type } of managedPolicies) {
    const policy = organization.policies.get(id);
    if (policy && organization.root.policyTypes.has(type)) attach(world, organization, policy, targetId);
  }
}

export function startPolicyType(world: World, organization: Organization, type: PolicyType): void {
  const pending = world.settings.policyTypeMs > 0;
  organization.root.policyTypes.set(type, { status: pending ? 'PENDING_ENABLE' : 'ENABLED' });
  organization.policyVersion += 1;
  const managed = managedPolicies.find((policy) => policy.type === type);
  const policy = managed && organization.policies.get(managed.id);
  if (policy) for (const targetId of everyTarget(organization)) attach(world, organization, policy, targetId);
  if (pending) schedulePolicyType(world, organization, type, world.clock.now() + world.settings.policyTypeMs);
}

/** Disabling a type detaches its policies everywhere; enabling it again does not bring the attachments back. */
export function stopPolicyType(world: World, organization: Organization, type: PolicyType): void {
  for (const policy of organization.policies.values()) {
    if (policy.type !== type) continue;
    for (const { targetId } of [...organization.attachmentsOf(policy.id).values()]) {
      detach(organization, policy.id, targetId);
    }
  }
  organization.policyVersion += 1;
  if (world.settings.policyTypeMs === 0) {
    organization.root.policyTypes.delete(type);
    return;
  }
  organization.root.policyTypes.set(type, { status: 'PENDING_DISABLE' });
  schedulePolicyType(world, organization, type, world.clock.now() + world.settings.policyTypeMs);
}

export function schedulePolicyType(world: World, organization: Organization, type: PolicyType, at: number): void {
  world.agenda.add(at, () => {
    const enabled = organization.root.policyTypes.get(type);
    if (enabled?.status === 'PENDING_ENABLE') enabled.status = 'ENABLED';
    if (enabled?.status === 'PENDING_DISABLE') organization.root.policyTypes.delete(type);
  });
}

function* everyTarget(organization: Organization): Generator<string> {
  yield organization.root.id;
  for (const { id } of organization.units.values()) yield id;
  for (const { id } of organization.members.values()) yield id;
}
