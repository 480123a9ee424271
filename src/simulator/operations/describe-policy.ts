import { getCallerOrganization } from '../call.ts';
import { renderPolicy } from '../render/policy.ts';
import { findPolicy } from './find.ts';
import type { Operation } from './operation.ts';

export const describePolicy: Operation<'DescribePolicy'> = ({ PolicyId }, call) => {
  const organization = getCallerOrganization(call);
  return { Policy: renderPolicy(call, organization, findPolicy(organization, PolicyId)) };
};
