import { getCallerOrganization } from '../call.ts';
import { renderPolicySummary } from '../render/policy.ts';
import { findPolicyTarget } from './find.ts';
import type { Operation } from './operation.ts';

/** Returns directly attached policies only, not inherited ones. */
export const listPoliciesForTarget: Operation<'ListPoliciesForTarget'> = (input, call) => {
  const organization = getCallerOrganization(call);
  const attachments = organization.attachmentsTo(findPolicyTarget(organization, input.TargetId).id);
  const { items, NextToken } = call.pager.page(
    call,
    input,
    (position) => attachments.after(position),
    ({ policy }) => renderPolicySummary(call, organization, policy),
    ({ policy }) => policy.type === input.Filter,
  );
  return { Policies: items, NextToken };
};
