import type { Call } from '../call.ts';
import { isDelegated } from '../policy-documents/index.ts';
import { policyArn, rootArn, targetArn } from '../render/arns.ts';
import { isObject } from '../validation/check-types.ts';
import type { Organization } from '../world/organization.ts';
import { findTarget } from '../world/tree.ts';

/** Whether the organization's delegation policy allows a member account's request. */
export function isAllowedByResourcePolicy(call: Call, organization: Organization, input: unknown): boolean {
  const { resourcePolicy } = organization;
  if (!resourcePolicy) return false;
  const text = (member: string): string | undefined => {
    const value = isObject(input) ? input[member] : undefined;
    return typeof value === 'string' ? value : undefined;
  };
  const policy = organization.policies.get(text('PolicyId') ?? text('ResourceId') ?? '');
  const target = findTarget(organization, text('TargetId') ?? text('ResourceId') ?? '');
  const policyType = policy?.type ?? text('PolicyType') ?? text('Type') ?? text('Filter');
  const resourceArns = [
    ...(policy ? [policyArn(call, organization, policy)] : []),
    ...(target ? [targetArn(call, organization, target)] : []),
    ...(text('RootId') === organization.root.id ? [rootArn(call, organization)] : []),
  ];
  return isDelegated(resourcePolicy.content, {
    accountId: call.account.id,
    action: call.operation,
    resourceArns,
    conditionKeys: policyType === undefined ? {} : { 'organizations:PolicyType': policyType },
  });
}
