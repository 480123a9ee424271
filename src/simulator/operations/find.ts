import type { Call } from '../call.ts';
import { throwException } from '../service-error.ts';
import type {
  Account,
  Handshake,
  OrganizationalUnit,
  Policy,
  ResourcePolicy,
  ResponsibilityTransfer,
} from '../world/entities.ts';
import type { Organization } from '../world/organization.ts';
import { findTarget, type Target } from '../world/tree.ts';

export function findMember(organization: Organization, id: string): Account {
  return (
    organization.members.get(id) ??
    throwException('AccountNotFoundException', `Account ${id} is not a member of organization ${organization.id}.`)
  );
}

export function findUnit(organization: Organization, id: string): OrganizationalUnit {
  return (
    organization.units.get(id) ??
    throwException('OrganizationalUnitNotFoundException', `There is no organizational unit ${id} in your organization.`)
  );
}

export function checkParent(organization: Organization, id: string): string {
  if (organization.isParent(id)) return id;
  return throwException(
    'ParentNotFoundException',
    `There is no root or organizational unit ${id} in your organization.`,
  );
}

export function findPolicy(organization: Organization, id: string): Policy {
  return (
    organization.policies.get(id) ??
    throwException('PolicyNotFoundException', `There is no policy ${id} in your organization.`)
  );
}

export function findPolicyTarget(organization: Organization, id: string): Target {
  return (
    findTarget(organization, id) ??
    throwException(
      'TargetNotFoundException',
      `There is no root, organizational unit or account ${id} in your organization.`,
    )
  );
}

/**
 * Finds a handshake that the caller may know. Others are reported as not found, which does not reveal that they exist.
 */
export function findHandshake(call: Call, id: string): { readonly handshake: Handshake; readonly side: Side } {
  const handshake = call.world.handshakes.get(id);
  const side = handshake && findSide(call, handshake);
  if (handshake && side) return { handshake, side };
  return throwException('HandshakeNotFoundException', `There is no handshake ${id} that you sent or received.`);
}

/** `colleague` is another account of the sender's organization, which can at most read the handshake. */
export type Side = 'sender' | 'recipient' | 'colleague';

function findSide({ world, account }: Call, handshake: Handshake): Side | undefined {
  const { organizationId, managementAccountId } = handshake.sender;
  if (managementAccountId === account.id) return 'sender';
  if (world.recipientOf(handshake) === account) return 'recipient';
  return account.membership?.organizationId === organizationId ? 'colleague' : undefined;
}

/** Finds a transfer from or to the caller. Others are reported as not found. */
export function findTransfer({ world, account }: Call, id: string): ResponsibilityTransfer {
  const transfer = world.transfers.get(id);
  if (transfer && (transfer.target.managementAccountId === account.id || isSource(transfer, account))) return transfer;
  return throwException(
    'ResponsibilityTransferNotFoundException',
    `There is no transfer ${id} to or from your organization.`,
  );
}

function isSource({ invited, source }: ResponsibilityTransfer, account: Account): boolean {
  if (source.managementAccountId !== undefined) return source.managementAccountId === account.id;
  return invited.type === 'ACCOUNT' ? invited.id === account.id : sameEmail(invited.id, account.email);
}

const sameEmail = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

export function checkRoot(organization: Organization, id: string): void {
  if (id !== organization.root.id)
    throwException('RootNotFoundException', `There is no root ${id} in your organization.`);
}

export function findResourcePolicy(organization: Organization): ResourcePolicy {
  return (
    organization.resourcePolicy ??
    throwException('ResourcePolicyNotFoundException', `Organization ${organization.id} has no resource policy.`)
  );
}
