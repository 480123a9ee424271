import { checkAccountId } from '../../control-policies/access-request.ts';
import type { OrganizationFacts } from '../../control-policies/derived-context.ts';
import { createAccountEvaluator } from '../../control-policies/evaluate.ts';
import {
  type AccessRequest,
  type ControlPolicyDecision,
  evaluateRequest,
  type PreparedOrganization,
} from '../../control-policies/index.ts';

/**
 * Decides a request. With facts of the organization, condition keys that follow from them need not be in the request.
 *
 * @throws ControlPolicyInputError if the request is not valid
 */
export function decideRequest(
  organization: PreparedOrganization,
  request: AccessRequest,
  facts: OrganizationFacts | undefined,
): ControlPolicyDecision {
  if (!facts) return evaluateRequest(organization, request);
  checkAccountId('request.account', request.account);
  return createAccountEvaluator(organization, request, facts)(request.account);
}
