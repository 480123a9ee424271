import { callersOrganization } from '../call.ts';
import { findResourcePolicy } from './find.ts';
import type { Operation } from './operation.ts';

export const deleteResourcePolicy: Operation<'DeleteResourcePolicy'> = (_input, call) => {
  const organization = callersOrganization(call);
  findResourcePolicy(organization);
  organization.resourcePolicy = undefined;
};
