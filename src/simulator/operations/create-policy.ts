import { getCallerOrganization } from '../call.ts';
import { policyLimits } from '../policy-documents/index.ts';
import { renderPolicy } from '../render/policy.ts';
import { throwConstraintViolation } from '../service-error.ts';
import type { Policy } from '../world/entities.ts';
import { checkInitialized } from './check-initialized.ts';
import type { Operation } from './operation.ts';
import { checkContent, checkPolicyName } from './policy-content.ts';
import { checkTags } from './tags.ts';

export const createPolicy: Operation<'CreatePolicy'> = ({ Content, Description, Name, Type, Tags }, call) => {
  const { world, now } = call;
  const organization = getCallerOrganization(call);
  const tags = checkTags(call, organization, 'policy', Tags);
  checkInitialized(call, organization);
  checkContent(Type, Content);
  checkPolicyName(organization, Type, Name);
  const { maxPerOrganization } = policyLimits[Type];
  if (organization.policies.values().filter(({ type }) => type === Type).length >= maxPerOrganization) {
    throwConstraintViolation(
      'POLICY_NUMBER_LIMIT_EXCEEDED',
      `Your organization already has ${maxPerOrganization} policies of type ${Type}.`,
    );
  }
  const policy: Policy = {
    id: world.ids.policy(),
    type: Type,
    name: Name,
    description: Description,
    content: Content,
    awsManaged: false,
    position: world.ids.position(),
    revision: 0,
    updatedAt: now,
    tags,
  };
  organization.policies.add(policy.id, policy.position, policy);
  return { Policy: renderPolicy(call, organization, policy) };
};
