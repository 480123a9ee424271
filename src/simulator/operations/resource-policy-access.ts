import { requestedPolicyType, textMember } from '../authorization/requested-resources.ts';
import type { Call } from '../call.ts';
import { isDelegated } from '../policy-documents/index.ts';
import { policyArn, rootArn, targetArn } from '../render/arns.ts';
import type { Organization } from '../world/organization.ts';
import { findTarget } from '../world/tree.ts';

/** Whether the organization's delegation policy allows a member account's request. */
export function isAllowedByResourcePolicy(call: Call, organization: Organization, input: unknown): boolean {
  const { resourcePolicy } = organization;
  if (!resourcePolicy) return false;
  const text = (member: string) => textMember(input, member);
  const policy = organization.policies.get(text('PolicyId') ?? text('ResourceId') ?? '');
  const target = findTarget(organization, text('TargetId') ?? text('ResourceId') ?? '');
  const policyType = requestedPolicyType(organization, input);
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
