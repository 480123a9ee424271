import { getCallerOrganization } from '../call.ts';
import { findResourcePolicy } from './find.ts';
import type { Operation } from './operation.ts';

export const deleteResourcePolicy: Operation<'DeleteResourcePolicy'> = (_input, call) => {
  const organization = getCallerOrganization(call);
  findResourcePolicy(organization);
  organization.resourcePolicy = undefined;
};
