import { getCallerOrganization } from '../call.ts';
import { renderPolicySummary } from '../render/policy.ts';
import type { Operation } from './operation.ts';

export const listPolicies: Operation<'ListPolicies'> = (input, call) => {
  const organization = getCallerOrganization(call);
  const { items, NextToken } = call.pager.page(
    call,
    input,
    (position) => organization.policies.after(position),
    (policy) => renderPolicySummary(call, organization, policy),
    ({ type }) => type === input.Filter,
  );
  return { Policies: items, NextToken };
};
