import type { ControlPolicyDecision, ControlPolicyType } from '../../control-policies/index.ts';
import type { Partition } from '../call.ts';
import { policyArn } from '../render/arns.ts';
import type { World } from '../world/world.ts';
import { findOrganization } from './decide.ts';

export interface DeniedRequest {
  /** ARN of the principal. */
  readonly principal: string;
  /** Account of the principal; of a caller without one, that of the resource. */
  readonly principalAccount: string;
  /** Account that owns the resource or receives the call. */
  readonly account: string;
  readonly action: string;
  readonly resource: string | undefined;
  readonly partition: Partition;
}

const policyTypeNames: Readonly<Record<ControlPolicyType, string>> = {
  SERVICE_CONTROL_POLICY: 'service control policy',
  RESOURCE_CONTROL_POLICY: 'resource control policy',
};

/**
 * Describes why a request is not allowed, in AWS's words. Of several denials, the message has the first.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
export function describeDenial(world: World, request: DeniedRequest, decision: ControlPolicyDecision): string {
  const { principal, action, resource = '*' } = request;
  return `User: ${principal} is not authorized to perform: ${action} on resource: ${resource} ${describeCause(world, request, decision)}`;
}

function describeCause(
  world: World,
  request: DeniedRequest,
  { decision, levels, unresolved = [] }: ControlPolicyDecision,
): string {
  const wanted = decision === 'DENIED' ? 'YES' : 'UNKNOWN';
  const problems = unresolved.map(({ path, message }) => `. The simulator cannot evaluate ${path}: ${message}`);
  for (const { type, statements } of levels) {
    const deny = statements.find(({ effect, matches }) => effect !== 'Allow' && matches === wanted);
    if (!deny) continue;
    const arn = findArn(world, request, deny.policy);
    return `with an explicit deny in a ${policyTypeNames[type]}${arn}${problems.join('')}`;
  }
  const type = levels.find((level) => level.decision === decision)?.type ?? 'SERVICE_CONTROL_POLICY';
  return `because no ${policyTypeNames[type]} allows the ${request.action} action${problems.join('')}`;
}

/**
 * AWS adds the ARN of the policy if the principal and the resource are in the same organization.
 * https://aws.amazon.com/blogs/security/enhanced-access-denied-error-messages-with-policy-arns
 */
function findArn(world: World, { principalAccount, account, partition }: DeniedRequest, policyId: string): string {
  const organization = findOrganization(world, account);
  const policy = organization?.policies.get(policyId);
  if (!organization || !policy || findOrganization(world, principalAccount) !== organization) return '';
  return `: ${policyArn({ partition }, organization, policy)}`;
}
