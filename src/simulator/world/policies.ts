import type { PolicyType } from '../model/enums.ts';
import type { Policy } from './entities.ts';
import { managedPolicies } from './managed-policies.ts';
import type { Organization } from './organization.ts';
import type { World } from './world.ts';

export function attach(
  world: World,
  organization: Organization,
  policy: Policy,
  targetId: string,
  attachedAt: number,
): void {
  const position = world.ids.position();
  const attachment = { policy, targetId, position, attachedAt };
  organization.attachmentsTo(targetId).add(policy.id, position, attachment);
  organization.attachmentsOf(policy.id).add(targetId, position, attachment);
}

export function detach(organization: Organization, policyId: string, targetId: string): void {
  organization.attachmentsTo(targetId).delete(policyId);
  organization.attachmentsOf(policyId).delete(targetId);
}

export function detachAll(organization: Organization, targetId: string): void {
  for (const { policy } of [...organization.attachmentsTo(targetId).values()])
    detach(organization, policy.id, targetId);
}

export function addManagedPolicies(world: World, organization: Organization, time: number): void {
  for (const policy of managedPolicies) {
    const position = world.ids.position();
    organization.policies.add(policy.id, position, {
      ...policy,
      awsManaged: true,
      position,
      tags: new Map(),
      revision: 0,
      updatedAt: time,
    });
  }
}

/** While SCPs or RCPs are enabled, AWS attaches its own policy of the type to each new root, OU and account. */
export function attachDefaultPolicies(world: World, organization: Organization, targetId: string, time: number): void {
  for (const { id, type } of managedPolicies) {
    const policy = organization.policies.get(id);
    const status = organization.root.policyTypes.get(type)?.status;
    // A type that is being disabled has no attachments any longer.
    if (policy && status !== undefined && status !== 'PENDING_DISABLE')
      attach(world, organization, policy, targetId, time);
  }
}

export function startEnablingPolicyType(
  world: World,
  organization: Organization,
  type: PolicyType,
  time: number,
): void {
  const pending = world.settings.policyTypeMs > 0;
  organization.root.policyTypes.set(type, { status: pending ? 'PENDING_ENABLE' : 'ENABLED' });
  const managed = managedPolicies.find((policy) => policy.type === type);
  const policy = managed && organization.policies.get(managed.id);
  if (policy) for (const targetId of allTargetIds(organization)) attach(world, organization, policy, targetId, time);
  if (pending) schedulePolicyType(world, organization, type, time + world.settings.policyTypeMs);
}

/** Disabling a type detaches its policies. Enabling it again does not restore the attachments. */
export function startDisablingPolicyType(
  world: World,
  organization: Organization,
  type: PolicyType,
  time: number,
): void {
  for (const policy of organization.policies.values()) {
    if (policy.type !== type) continue;
    for (const { targetId } of [...organization.attachmentsOf(policy.id).values()]) {
      detach(organization, policy.id, targetId);
    }
  }
  organization.lastValidPolicies.deleteType(type);
  if (world.settings.policyTypeMs === 0) {
    organization.root.policyTypes.delete(type);
    return;
  }
  organization.root.policyTypes.set(type, { status: 'PENDING_DISABLE' });
  schedulePolicyType(world, organization, type, time + world.settings.policyTypeMs);
}

export function schedulePolicyType(world: World, organization: Organization, type: PolicyType, time: number): void {
  world.scheduler.add(time, () => {
    const enabled = organization.root.policyTypes.get(type);
    if (enabled?.status === 'PENDING_ENABLE') enabled.status = 'ENABLED';
    if (enabled?.status === 'PENDING_DISABLE') organization.root.policyTypes.delete(type);
  });
}

function* allTargetIds(organization: Organization): Generator<string> {
  yield organization.root.id;
  for (const { id } of organization.units.values()) yield id;
  for (const { id } of organization.members.values()) yield id;
}
