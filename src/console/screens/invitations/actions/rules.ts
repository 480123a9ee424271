import type { HandshakeAction } from '../../../actions/handshake-form.tsx';
import type { Invitation, Side } from '../model.ts';

/** The actions on one invitation, by their names in the URL. */
export const INVITATION_ACTIONS = ['accept', 'decline', 'cancel'] as const satisfies readonly HandshakeAction[];

/** What can be done with an invitation now. */
export function actionsOf(side: Side, { isOpen }: Invitation): readonly HandshakeAction[] {
  if (!isOpen) return [];
  return side === 'sent' ? ['cancel'] : ['accept', 'decline'];
}

/** What has happened to an invitation meanwhile, when an open form makes no sense any more. */
export const meanwhileOf = (side: Side, { name, state }: Invitation): string =>
  `The invitation ${side === 'sent' ? 'to' : 'from'} ${name} is over: it was ${state.toLowerCase()} meanwhile.`;
