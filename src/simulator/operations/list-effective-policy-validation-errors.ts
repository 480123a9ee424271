import { callersOrganization } from '../call.ts';
import { evaluate } from '../effective-policies.ts';
import { listed } from '../paging/pager.ts';
import { seconds } from '../render/seconds.ts';
import { refuse } from '../service-error.ts';
import { accountPath } from '../world/tree.ts';
import { checkTypeEnabled } from './describe-effective-policy.ts';
import { findMember } from './find.ts';
import type { Operation } from './operation.ts';

export const listEffectivePolicyValidationErrors: Operation<'ListEffectivePolicyValidationErrors'> = (input, call) => {
  const organization = callersOrganization(call);
  const { AccountId, PolicyType } = input;
  const account = findMember(organization, AccountId);
  checkTypeEnabled(organization, PolicyType);
  const evaluation =
    evaluate(organization, account, PolicyType) ??
    refuse('EffectivePolicyNotFoundException', `Account ${AccountId} has no effective policy of type ${PolicyType}.`);
  const { items, NextToken } = call.pager.page(call, input, listed(evaluation.errors), (error) => error);
  return {
    AccountId,
    PolicyType,
    Path: accountPath(organization, account),
    EvaluationTimestamp: seconds(evaluation.evaluatedAt),
    NextToken,
    EffectivePolicyValidationErrors: items,
  };
};
