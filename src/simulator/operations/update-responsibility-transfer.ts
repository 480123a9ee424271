import { renderTransfer } from '../render/transfer.ts';
import { throwConstraintViolation, throwException } from '../service-error.ts';
import { isActive } from '../world/transfers.ts';
import { findTransfer } from './find.ts';
import type { Operation } from './operation.ts';

/** Renames a requested or accepted transfer. Only the paying side can do this. */
export const updateResponsibilityTransfer: Operation<'UpdateResponsibilityTransfer'> = ({ Id, Name }, call) => {
  const transfer = findTransfer(call, Id);
  if (transfer.target.managementAccountId !== call.account.id) {
    throwException(
      'AccessDeniedException',
      `Only account ${transfer.target.managementAccountId}, which pays, can rename ${Id}.`,
    );
  }
  if (!isActive(transfer)) {
    throwConstraintViolation(
      'TRANSFER_RESPONSIBILITY_UPDATE_NOT_ALLOWED',
      `Transfer ${Id} is ${transfer.status} and cannot be changed.`,
    );
  }
  transfer.name = Name;
  return { ResponsibilityTransfer: renderTransfer(call, transfer) };
};
