import { getCallerOrganization } from '../call.ts';
import { renderOrganization } from '../render/organization.ts';
import type { Operation } from './operation.ts';

export const describeOrganization: Operation<'DescribeOrganization'> = (_input, call) => ({
  Organization: renderOrganization(call, getCallerOrganization(call)),
});
