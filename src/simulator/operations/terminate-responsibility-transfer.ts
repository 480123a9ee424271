import { renderTransfer } from '../render/transfer.ts';
import { refuse } from '../service-error.ts';
import { findTransfer } from './find.ts';
import type { Operation } from './operation.ts';
import { checkEnd } from './transfer-dates.ts';

/** Either side can withdraw. The status is WITHDRAWN at once, but the transfer continues until its end date. */
export const terminateResponsibilityTransfer: Operation<'TerminateResponsibilityTransfer'> = (input, call) => {
  const transfer = findTransfer(call, input.Id);
  const endAt = checkEnd(input.EndTimestamp, transfer.startAt, call.now);
  if (transfer.status === 'WITHDRAWN') {
    refuse('ResponsibilityTransferAlreadyInStatusException', `Transfer ${transfer.id} is already WITHDRAWN.`);
  }
  if (transfer.status !== 'ACCEPTED') {
    refuse(
      'InvalidResponsibilityTransferTransitionException',
      `Transfer ${transfer.id} is ${transfer.status}: only an accepted one can be withdrawn. Cancel or decline an invitation.`,
    );
  }
  transfer.status = 'WITHDRAWN';
  transfer.endAt = endAt;
  return { ResponsibilityTransfer: renderTransfer(call, transfer) };
};
