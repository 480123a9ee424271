import { describeProblem } from '../../control-policies/json.ts';
import { getCallerOrganization } from '../call.ts';
import { checkResourcePolicy } from '../policy-documents/index.ts';
import { renderResourcePolicy } from '../render/resource-policy.ts';
import { throwInvalidInput } from '../service-error.ts';
import { checkInitialized } from './check-initialized.ts';
import type { Operation } from './operation.ts';
import { checkTags } from './tags.ts';

/** Creates the policy or replaces its content. Tags apply only to a new policy. */
export const putResourcePolicy: Operation<'PutResourcePolicy'> = ({ Content, Tags }, call) => {
  const organization = getCallerOrganization(call);
  const tags = checkTags(call, organization, 'resourcepolicy', Tags);
  checkInitialized(call, organization);
  const [problem] = checkResourcePolicy(Content);
  if (problem) throwInvalidInput(problem.reason, `Content is not a delegation policy: ${describeProblem(problem)}.`);
  const present = organization.resourcePolicy;
  if (present) present.content = Content;
  const resourcePolicy = present ?? { id: call.world.ids.resourcePolicy(), content: Content, tags };
  organization.resourcePolicy = resourcePolicy;
  return { ResourcePolicy: renderResourcePolicy(call, organization, resourcePolicy) };
};
