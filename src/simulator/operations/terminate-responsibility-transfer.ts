import { renderTransfer } from '../render/transfer.ts';
import { throwException } from '../service-error.ts';
import { findTransfer } from './find.ts';
import type { Operation } from './operation.ts';
import { checkEndTimestamp } from './transfer-dates.ts';

/** Either side can withdraw. The status is WITHDRAWN at once, but the transfer continues until its end date. */
export const terminateResponsibilityTransfer: Operation<'TerminateResponsibilityTransfer'> = (input, call) => {
  const transfer = findTransfer(call, input.Id);
  const endAt = checkEndTimestamp(input.EndTimestamp, transfer.startAt, call.now);
  if (transfer.status === 'WITHDRAWN') {
    throwException('ResponsibilityTransferAlreadyInStatusException', `Transfer ${transfer.id} is already WITHDRAWN.`);
  }
  if (transfer.status !== 'ACCEPTED') {
    throwException(
      'InvalidResponsibilityTransferTransitionException',
      `Transfer ${transfer.id} is ${transfer.status}: only an accepted one can be withdrawn. Cancel or decline an invitation.`,
    );
  }
  transfer.status = 'WITHDRAWN';
  transfer.endAt = endAt;
  return { ResponsibilityTransfer: renderTransfer(call, transfer) };
};
