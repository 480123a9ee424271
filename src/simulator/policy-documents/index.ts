/** Validates and merges policy documents of AWS Organizations, as pure functions. */
export { attachmentRules, policyLimits, policySize } from '../../policy-limits.ts';
export { checkPolicyDocument } from './check-policy-document.ts';
export { checkResourcePolicy, type ResourcePolicyReason } from './check-resource-policy.ts';
export { isEffectivePolicyType } from './document-shapes.ts';
export { isDelegated } from './is-delegated.ts';
export { type MergeOptions, mergeEffectivePolicy } from './merge-effective-policy.ts';
export {
  contributingPolicies,
  type EffectivePolicyValidationError,
  type MergedPolicy,
  type PolicyDocument,
} from './merged-policy.ts';
export { delegableActions } from './resource-policy-elements.ts';
export { validateEffectivePolicy } from './validate-effective-policy.ts';
