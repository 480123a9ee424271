import { utcDay } from '../../data/time.ts';
import { type Approvals, approvedText, type Invitation, type Side } from './model.ts';

/** A sentence on sender, recipient and request. `own`: the reader's organization or account. */
export function sentenceOf(side: Side, invitation: Invitation, own: string, now: Date): string {
  const { name, kind, start, isOpen, approvals } = invitation;
  if (approvals) return processSentence(invitation, approvals, own);
  const isRole = invitation.action === 'ADD_ORGANIZATIONS_SERVICE_LINKED_ROLE';
  const from = start === undefined ? '' : ` from ${utcDay(new Date(start), now)}`;
  if (side === 'received') {
    const asks = isOpen ? 'Asks' : 'Asked';
    if (kind === 'billing') return `${asks} to pay the AWS bill of ${own}${from}.`;
    if (kind === 'join')
      return `${asks} ${own} to join its organization. Its policies then apply here, and it pays the bill.`;
    if (isRole) return `${asks} ${own} to create its role for AWS Organizations again, which all features need.`;
    if (kind === 'features')
      return `${asks} ${own} to approve all features: policies of the organization can then limit it.`;
    return `${asks} ${own} for an approval.`;
  }
  if (kind === 'billing') return `You asked ${name} to let ${own} pay its AWS bill${from}.`;
  if (kind === 'join') return `You asked ${name} to join ${own}. Your policies then apply to it, and you pay its bill.`;
  if (isRole) return `You asked ${name} to create its role for AWS Organizations again, which all features need.`;
  if (kind === 'features') return `You asked ${name} to approve all features of ${own}.`;
  return `You asked ${name} for an approval.`;
}

/** The process that enables all features of the reader's organization. */
function processSentence({ state, isOpen, isReady }: Invitation, approvals: Approvals, own: string): string {
  if (isReady) return `All accounts that were asked have approved. You can enable all features of ${own} now.`;
  if (state === 'Accepted') return `All features of ${own} have been enabled.`;
  const asked = `You asked the accounts that ${own} had invited to approve all features: ${approvedText(approvals)}.`;
  return isOpen ? `${asked} You can enable them when all have.` : asked;
}
