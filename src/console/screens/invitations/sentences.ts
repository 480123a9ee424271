import { utcDay } from '../../data/time.ts';
import type { Invitation, Side } from './model.ts';

/** A sentence on sender, recipient and request. `own`: the reader's organization or account. */
export function sentenceOf(side: Side, { name, kind, start, isOpen }: Invitation, own: string, now: Date): string {
  const from = start === undefined ? '' : ` from ${utcDay(new Date(start), now)}`;
  if (side === 'received') {
    const asks = isOpen ? 'Asks' : 'Asked';
    if (kind === 'billing') return `${asks} to pay the AWS bill of ${own}${from}.`;
    if (kind === 'join')
      return `${asks} ${own} to join its organization. Its policies then apply here, and it pays the bill.`;
    if (kind === 'features')
      return `${asks} ${own} to approve all features: policies of the organization can then limit it.`;
    return `${asks} ${own} for an approval.`;
  }
  if (kind === 'billing') return `You asked ${name} to let ${own} pay its AWS bill${from}.`;
  if (kind === 'join') return `You asked ${name} to join ${own}. Your policies then apply to it, and you pay its bill.`;
  if (kind === 'features') return `You asked ${name} to approve all features of ${own}.`;
  return `You asked ${name} for an approval.`;
}
