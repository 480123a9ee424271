import { getCallerOrganization } from '../call.ts';
import { evaluateEffectivePolicy } from '../effective-policies.ts';
import { arraySource } from '../paging/pager.ts';
import { toSeconds } from '../render/seconds.ts';
import { throwException } from '../service-error.ts';
import { accountPath } from '../world/tree.ts';
import { checkTypeEnabled } from './describe-effective-policy.ts';
import { findMember } from './find.ts';
import type { Operation } from './operation.ts';

export const listEffectivePolicyValidationErrors: Operation<'ListEffectivePolicyValidationErrors'> = (input, call) => {
  const organization = getCallerOrganization(call);
  const { AccountId, PolicyType } = input;
  const account = findMember(organization, AccountId);
  checkTypeEnabled(organization, PolicyType);
  const evaluation =
    evaluateEffectivePolicy(organization, account, PolicyType) ??
    throwException(
      'EffectivePolicyNotFoundException',
      `Account ${AccountId} has no effective policy of type ${PolicyType}.`,
    );
  const { items, NextToken } = call.pager.page(call, input, arraySource(evaluation.errors), (error) => error);
  return {
    AccountId,
    PolicyType,
    Path: accountPath(organization, account),
    EvaluationTimestamp: toSeconds(evaluation.evaluatedAt),
    NextToken,
    EffectivePolicyValidationErrors: items,
  };
};
