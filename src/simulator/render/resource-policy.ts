import type { Call } from '../call.ts';
import type * as structures from '../model/structures.ts';
import type { ResourcePolicy } from '../world/entities.ts';
import type { Organization } from '../world/organization.ts';
import { resourcePolicyArn } from './arns.ts';

export function renderResourcePolicy(
  call: Call,
  organization: Organization,
  { id, content }: ResourcePolicy,
): structures.ResourcePolicy {
  return { ResourcePolicySummary: { Id: id, Arn: resourcePolicyArn(call, organization, id) }, Content: content };
}
