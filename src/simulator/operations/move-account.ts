import { callersOrganization } from '../call.ts';
import { forgetUnreachedPolicies, rememberEffectivePolicies } from '../effective-policies.ts';
import { invalidInput, refuse } from '../service-error.ts';
import { moveAccount as move } from '../world/membership.ts';
import { findMember } from './find.ts';
import type { Operation } from './operation.ts';

export const moveAccount: Operation<'MoveAccount'> = ({ AccountId, SourceParentId, DestinationParentId }, call) => {
  const { world } = call;
  const organization = callersOrganization(call);
  const account = findMember(organization, AccountId);
  if (account.membership?.parentId !== SourceParentId) {
    refuse(
      'SourceParentNotFoundException',
      `Account ${AccountId} is not in ${SourceParentId}. ListParents tells where it is.`,
    );
  }
  if (!organization.isParent(DestinationParentId)) {
    if ([...world.organizations.values()].some((other) => other.isParent(DestinationParentId))) {
      invalidInput(
        'MOVING_ACCOUNT_BETWEEN_DIFFERENT_ROOTS',
        `${DestinationParentId} is under another root than ${AccountId}.`,
      );
    }
    refuse(
      'DestinationParentNotFoundException',
      `There is no root or organizational unit ${DestinationParentId} in your organization.`,
    );
  }
  if (SourceParentId === DestinationParentId) {
    refuse('DuplicateAccountException', `Account ${AccountId} is already in ${DestinationParentId}.`);
  }
  rememberEffectivePolicies(organization, [account]);
  move(world, account, organization, DestinationParentId, call.now);
  forgetUnreachedPolicies(organization, [account]);
};
