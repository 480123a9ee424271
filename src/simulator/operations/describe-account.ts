import { getCallerOrganization } from '../call.ts';
import { renderAccount } from '../render/account.ts';
import { findMember } from './find.ts';
import type { Operation } from './operation.ts';

export const describeAccount: Operation<'DescribeAccount'> = ({ AccountId }, call) => {
  const organization = getCallerOrganization(call);
  return { Account: renderAccount(call, organization, findMember(organization, AccountId)) };
};
