import { type Call, getCallerOrganization, isManagementAccount } from '../call.ts';
import { evaluateEffectivePolicy } from '../effective-policies.ts';
import type { EffectivePolicyType } from '../model/enums.ts';
import { toSeconds } from '../render/seconds.ts';
import { throwException, throwInvalidInput } from '../service-error.ts';
import type { Account } from '../world/entities.ts';
import type { Organization } from '../world/organization.ts';
import { findTarget } from '../world/tree.ts';
import type { Operation } from './operation.ts';

export const describeEffectivePolicy: Operation<'DescribeEffectivePolicy'> = (input, call) => {
  const organization = getCallerOrganization(call);
  const account = findAccount(call, organization, input.TargetId);
  checkTypeEnabled(organization, input.PolicyType);
  const policy = evaluateEffectivePolicy(organization, account, input.PolicyType)?.policy;
  if (!policy) {
    return throwException(
      'EffectivePolicyNotFoundException',
      `Account ${account.id} has no effective policy of type ${input.PolicyType}.`,
    );
  }
  return {
    EffectivePolicy: {
      PolicyContent: policy.content,
      LastUpdatedTimestamp: toSeconds(policy.updatedAt),
      TargetId: account.id,
      PolicyType: input.PolicyType,
    },
  };
};

export function checkTypeEnabled(organization: Organization, type: EffectivePolicyType): void {
  if (organization.root.policyTypes.has(type)) return;
  throwException('EffectivePolicyNotFoundException', `${type} is not enabled in root ${organization.root.id}.`);
}

/**
 * Only accounts have effective policies. AWS documents that members may read their own, and does not mention others.
 */
function findAccount(call: Call, organization: Organization, targetId = call.account.id): Account {
  const administrator =
    isManagementAccount(call.account, organization) || organization.delegations.has(call.account.id);
  if (targetId !== call.account.id && !administrator) {
    throwException('AccessDeniedException', `Account ${call.account.id} may read its own effective policies only.`);
  }
  const account = organization.members.get(targetId);
  if (account) return account;
  if (findTarget(organization, targetId)) {
    throwInvalidInput('TARGET_NOT_SUPPORTED', `${targetId} is not an account: only accounts have effective policies.`);
  }
  return throwException('TargetNotFoundException', `There is no account ${targetId} in your organization.`);
}
