import type { Account, FinalState, Handshake, ResponsibilityTransfer } from './entities.ts';
import type { World } from './world.ts';

/** Copies a handshake's final state to its transfer. Acceptance also copies the account and the invitation's tags. */
export function updateTransferState(
  world: World,
  handshake: Handshake,
  state: FinalState,
  by: Account | undefined,
): void {
  const transfer = handshake.transferId === undefined ? undefined : world.transfers.get(handshake.transferId);
  if (!transfer) return;
  transfer.status = state;
  if (state !== 'ACCEPTED' || !by) return;
  transfer.source = {
    managementAccountId: by.id,
    managementAccountEmail: by.email,
    ...(by.membership && { organizationId: by.membership.organizationId }),
  };
  for (const [key, value] of handshake.tags) transfer.tags.set(key, value);
}

/** Deletes the transfer of an invitation that was not accepted. */
export function deleteUnacceptedTransfer(world: World, { transferId }: Handshake): void {
  const transfer = transferId === undefined ? undefined : world.transfers.get(transferId);
  if (transfer && !wasAccepted(transfer)) world.deleteTransfer(transfer);
}

function wasAccepted({ status }: ResponsibilityTransfer): boolean {
  return status === 'ACCEPTED' || status === 'WITHDRAWN';
}

/** Active transfers count toward the quotas, and prevent the deletion of both organizations. */
export function isActive({ status }: ResponsibilityTransfer): boolean {
  return status === 'REQUESTED' || status === 'ACCEPTED';
}

/** Accepted transfers of an account's own bill. */
export function acceptedTransfersFrom(world: World, account: Account): readonly ResponsibilityTransfer[] {
  const accepted: ResponsibilityTransfer[] = [];
  for (const [, transfer] of world.transfersFrom(account, 0)) {
    if (transfer.status === 'ACCEPTED' && transfer.source.managementAccountId === account.id) accepted.push(transfer);
  }
  return accepted;
}

/** Length of the longest chain of transfers that ends at an organization. */
export function inboundChainLength(world: World, organizationId: string): number {
  let levels = 0;
  for (const transfer of world.organizations.get(organizationId)?.inboundTransfers.values() ?? []) {
    const { organizationId: source } = transfer.source;
    if (transfer.status === 'ACCEPTED' && source) levels = Math.max(levels, 1 + inboundChainLength(world, source));
  }
  return levels;
}

/** Number of accepted inbound transfers of an organization and, recursively, of their sources. */
export function countInboundInChain(world: World, organizationId: string): number {
  let count = 0;
  for (const transfer of world.organizations.get(organizationId)?.inboundTransfers.values() ?? []) {
    if (transfer.status !== 'ACCEPTED') continue;
    count += 1 + (transfer.source.organizationId ? countInboundInChain(world, transfer.source.organizationId) : 0);
  }
  return count;
}

/** Ids of the organizations that pass on the bill, from this one to the last payer. */
export function payerChain(world: World, organizationId: string): readonly string[] {
  const chain = [organizationId];
  for (let id = organizationId; ; ) {
    const account = world.accounts.get(world.organizations.get(id)?.managementAccountId ?? '');
    const next = account && acceptedTransfersFrom(world, account)[0];
    if (!next || chain.includes(next.target.organizationId)) return chain;
    id = next.target.organizationId;
    chain.push(id);
  }
}
