import { refuseBecause } from '../service-error.ts';

/**
 * A bill that comes back to the organization that hands it over would be nobody's. AWS names no reason for it; the one that it has for
 * an operation that cannot be performed with the current transfer says what stands in the way, while no quota is reached.
 * @param payerIds The organizations that the bill would go through, the inviting one first.
 */
export function checkNoCycle(sourceId: string, payerIds: readonly string[]): void {
  if (!payerIds.includes(sourceId)) return;
  refuseBecause(
    'HandshakeConstraintViolationException',
    'RESPONSIBILITY_TRANSFER_ALREADY_EXISTS',
    `${sourceId} pays for ${payerIds[0]} already, so that its bill would come back to itself. Withdraw that transfer first.`,
  );
}
