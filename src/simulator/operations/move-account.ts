import { getCallerOrganization } from '../call.ts';
import { deleteUnreachedPolicies, saveValidPolicies } from '../effective-policies.ts';
import { throwException, throwInvalidInput } from '../service-error.ts';
import { moveAccount as move } from '../world/membership.ts';
import { findMember } from './find.ts';
import type { Operation } from './operation.ts';

export const moveAccount: Operation<'MoveAccount'> = ({ AccountId, SourceParentId, DestinationParentId }, call) => {
  const { world } = call;
  const organization = getCallerOrganization(call);
  const account = findMember(organization, AccountId);
  if (account.membership?.parentId !== SourceParentId) {
    throwException(
      'SourceParentNotFoundException',
      `Account ${AccountId} is not in ${SourceParentId}. ListParents returns its parent.`,
    );
  }
  if (!organization.isParent(DestinationParentId)) {
    if ([...world.organizations.values()].some((other) => other.isParent(DestinationParentId))) {
      throwInvalidInput(
        'MOVING_ACCOUNT_BETWEEN_DIFFERENT_ROOTS',
        `${DestinationParentId} is under another root than ${AccountId}.`,
      );
    }
    throwException(
      'DestinationParentNotFoundException',
      `There is no root or organizational unit ${DestinationParentId} in your organization.`,
    );
  }
  if (SourceParentId === DestinationParentId) {
    throwException('DuplicateAccountException', `Account ${AccountId} is already in ${DestinationParentId}.`);
  }
  saveValidPolicies(organization, [account]);
  move(world, account, organization, DestinationParentId, call.now);
  deleteUnreachedPolicies(organization, [account]);
};
