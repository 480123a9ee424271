import type { HandshakeAction } from '../../../actions/handshake-form.tsx';
import type { Invitation, Side } from '../model.ts';

/** What can be done with an invitation now. */
export function actionsOf(side: Side, { isOpen, isReady }: Invitation): readonly HandshakeAction[] {
  if (!isOpen) return [];
  // The organization itself finishes what all accounts have approved.
  if (isReady) return ['accept', 'cancel'];
  return side === 'sent' ? ['cancel'] : ['accept', 'decline'];
}

/** The sentence for an invitation that changed while a form was open, so that the form makes no sense any more. */
export const meanwhileOf = (side: Side, { name, state }: Invitation): string =>
  `The invitation ${side === 'sent' ? 'to' : 'from'} ${name} is over: it was ${state.toLowerCase()} meanwhile.`;
