/** Documents of AWS Organizations' policies, as pure functions: what is acceptable, and what several of them amount to. */
export { checkPolicyDocument } from './check-policy-document.ts';
export { checkResourcePolicy, type ResourcePolicyProblem, type ResourcePolicyReason } from './check-resource-policy.ts';
export { type DelegatedRequest, delegatedActions, isDelegated } from './delegated-actions.ts';
export { type MergeOptions, mergeEffectivePolicy } from './merge-effective-policy.ts';
export {
  contributingPolicies,
  type EffectivePolicyErrorCode,
  type EffectivePolicyValidationError,
  type MergedPolicy,
  type PolicyDocument,
} from './merged-policy.ts';
export {
  type AttachmentRules,
  attachmentRules,
  maxResourcePolicySize,
  type PolicyLimits,
  policyLimits,
  policySize,
} from './policy-limits.ts';
export {
  type EffectivePolicyType,
  effectivePolicyTypes,
  isEffectivePolicyType,
  type PolicyType,
  policyTypes,
} from './policy-types.ts';
export { type DelegableAction, delegableActions } from './resource-policy-elements.ts';
export { validateEffectivePolicy } from './validate-effective-policy.ts';
