import type { FormOf } from '../../../actions/forms.ts';
import { lastDay, type Side, type Transfer } from '../model.ts';

export type TransferAction = FormOf<'transfer'>;

/** What can be done with a transfer now. */
export function actionsOf(side: Side, { group, handshakeId }: Transfer): readonly TransferAction[] {
  const isInbound = side === 'inbound';
  const isOpen = group === 'awaiting' && handshakeId !== undefined;
  const isTaken = group === 'scheduled' || group === 'active';
  return [
    // Only the side that pays names a transfer.
    ...(isInbound && (group === 'awaiting' || isTaken) ? (['rename'] as const) : []),
    ...(group === 'over' ? [] : (['tags'] as const)),
    ...(isOpen ? (isInbound ? (['cancel'] as const) : (['accept', 'decline'] as const)) : []),
    ...(isTaken ? (['end'] as const) : []),
  ];
}

/** The sentence for a transfer that changed while a form was open, so that the form makes no sense any more. */
export function meanwhileOf({ group, name, end, state }: Transfer, now: Date): string {
  switch (group) {
    case 'awaiting':
      return `The transfer of ${name} awaits an answer.`;
    case 'scheduled':
    case 'active':
      return `The invitation of ${name} has been accepted meanwhile.`;
    case 'ending':
      return `The transfer of ${name} has been set to end on ${lastDay(end, now)} meanwhile.`;
    case 'ended':
      return `The transfer of ${name} has ended meanwhile.`;
    default:
      return `The invitation of ${name} is over: ${state.toLowerCase()}.`;
  }
}
