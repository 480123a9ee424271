import type { OperationName } from '../model/operations.ts';
import { acceptHandshake } from './accept-handshake.ts';
import { cancelHandshake } from './cancel-handshake.ts';
import { createOrganization } from './create-organization.ts';
import { createOrganizationalUnit } from './create-organizational-unit.ts';
import { declineHandshake } from './decline-handshake.ts';
import { deleteOrganization } from './delete-organization.ts';
import { deleteOrganizationalUnit } from './delete-organizational-unit.ts';
import { describeAccount } from './describe-account.ts';
import { describeHandshake } from './describe-handshake.ts';
import { describeOrganization } from './describe-organization.ts';
import { describeOrganizationalUnit } from './describe-organizational-unit.ts';
import { describeResponsibilityTransfer } from './describe-responsibility-transfer.ts';
import { enableAllFeatures } from './enable-all-features.ts';
import { inviteAccountToOrganization } from './invite-account-to-organization.ts';
import { inviteOrganizationToTransferResponsibility } from './invite-organization-to-transfer-responsibility.ts';
import { leaveOrganization } from './leave-organization.ts';
import { listAccounts } from './list-accounts.ts';
import { listAccountsForParent } from './list-accounts-for-parent.ts';
import { listChildren } from './list-children.ts';
import { listHandshakesForAccount } from './list-handshakes-for-account.ts';
import { listHandshakesForOrganization } from './list-handshakes-for-organization.ts';
import { listInboundResponsibilityTransfers } from './list-inbound-responsibility-transfers.ts';
import { listOrganizationalUnitsForParent } from './list-organizational-units-for-parent.ts';
import { listOutboundResponsibilityTransfers } from './list-outbound-responsibility-transfers.ts';
import { listParents } from './list-parents.ts';
import { listRoots } from './list-roots.ts';
import { listTagsForResource } from './list-tags-for-resource.ts';
import { moveAccount } from './move-account.ts';
import type { Operation } from './operation.ts';
import { removeAccountFromOrganization } from './remove-account-from-organization.ts';
import { tagResource } from './tag-resource.ts';
import { terminateResponsibilityTransfer } from './terminate-responsibility-transfer.ts';
import { untagResource } from './untag-resource.ts';
import { updateOrganizationalUnit } from './update-organizational-unit.ts';
import { updateResponsibilityTransfer } from './update-responsibility-transfer.ts';

export const handlers: { readonly [Name in OperationName]?: Operation<Name> } = {
  AcceptHandshake: acceptHandshake,
  CancelHandshake: cancelHandshake,
  CreateOrganization: createOrganization,
  CreateOrganizationalUnit: createOrganizationalUnit,
  DeclineHandshake: declineHandshake,
  DeleteOrganization: deleteOrganization,
  DeleteOrganizationalUnit: deleteOrganizationalUnit,
  DescribeAccount: describeAccount,
  DescribeHandshake: describeHandshake,
  DescribeOrganization: describeOrganization,
  DescribeOrganizationalUnit: describeOrganizationalUnit,
  DescribeResponsibilityTransfer: describeResponsibilityTransfer,
  EnableAllFeatures: enableAllFeatures,
  InviteAccountToOrganization: inviteAccountToOrganization,
  InviteOrganizationToTransferResponsibility: inviteOrganizationToTransferResponsibility,
  LeaveOrganization: leaveOrganization,
  ListAccounts: listAccounts,
  ListAccountsForParent: listAccountsForParent,
  ListChildren: listChildren,
  ListHandshakesForAccount: listHandshakesForAccount,
  ListHandshakesForOrganization: listHandshakesForOrganization,
  ListInboundResponsibilityTransfers: listInboundResponsibilityTransfers,
  ListOrganizationalUnitsForParent: listOrganizationalUnitsForParent,
  ListOutboundResponsibilityTransfers: listOutboundResponsibilityTransfers,
  ListParents: listParents,
  ListRoots: listRoots,
  ListTagsForResource: listTagsForResource,
  MoveAccount: moveAccount,
  RemoveAccountFromOrganization: removeAccountFromOrganization,
  TagResource: tagResource,
  TerminateResponsibilityTransfer: terminateResponsibilityTransfer,
  UntagResource: untagResource,
  UpdateOrganizationalUnit: updateOrganizationalUnit,
  UpdateResponsibilityTransfer: updateResponsibilityTransfer,
};
