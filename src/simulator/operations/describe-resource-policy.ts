import { getCallerOrganization } from '../call.ts';
import { renderResourcePolicy } from '../render/resource-policy.ts';
import { findResourcePolicy } from './find.ts';
import type { Operation } from './operation.ts';

export const describeResourcePolicy: Operation<'DescribeResourcePolicy'> = (_input, call) => {
  const organization = getCallerOrganization(call);
  return { ResourcePolicy: renderResourcePolicy(call, organization, findResourcePolicy(organization)) };
};
