import { throwExceptionWithReason } from '../service-error.ts';

/**
 * Rejects a transfer that would return a bill to its own organization. AWS documents no reason for this;
 * RESPONSIBILITY_TRANSFER_ALREADY_EXISTS is the closest, as an existing transfer is the cause.
 *
 * @param payerIds organizations that pass on the bill, from the inviting one to the last payer
 */
export function checkNoCycle(sourceId: string, payerIds: readonly string[]): void {
  if (!payerIds.includes(sourceId)) return;
  throwExceptionWithReason(
    'HandshakeConstraintViolationException',
    'RESPONSIBILITY_TRANSFER_ALREADY_EXISTS',
    `${sourceId} already pays for ${payerIds[0]}, so its bill would return to it. Withdraw that transfer first.`,
  );
}
