/** Parses, checks and evaluates service control policies (SCPs) and resource control policies (RCPs). */
export type { AccessRequest, AccessRequestDetails, PrincipalKind, RequestPrincipal } from './access-request.ts';
export type { PolicyBinding, PolicyBindings } from './binding.ts';
export type { ControlPolicyType } from './check-control-policy.ts';
export type { ControlPolicyDecision, DenialReason, UnresolvedIssue } from './decision.ts';
export { deniedActions } from './denied-actions.ts';
export { diagnosePolicy, type PolicyDiagnostic } from './diagnostics.ts';
export { evaluateAccounts, evaluateControlPolicies, evaluateRequest } from './evaluate.ts';
export { ControlPolicyInputError } from './input-error.ts';
export type { JsonObject, JsonValue } from './json.ts';
export type { Decision, LevelDecision, MatchedStatement } from './level.ts';
export {
  type ControlPolicyInput,
  type EvaluationOptions,
  type OrganizationInput,
  type OrganizationNode,
  type OrganizationTree,
  type PreparedOrganization,
  prepareOrganization,
} from './organization.ts';
export type { IssueReason } from './truth.ts';
