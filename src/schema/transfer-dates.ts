import { awsTime } from '../upstream/index.ts';
import { builder } from './builder.ts';
import { noCalls } from './cost/rules.ts';
import { OrganizationRef } from './refs.ts';

/** An invitation expires 24 hours before the start. */
const DAY_MS = 86_400_000;

/** The start of a month in UTC, `months` after that of `now`. */
function monthStart(now: number, months: number): number {
  const date = new Date(now);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1);
}

interface TransferDates {
  readonly starts: readonly Date[];
  readonly ends: readonly Date[];
}

/**
 * The times that AWS accepts for transfers. A transfer starts with the next month or the one after it, if it can still
 * be accepted 24 hours before, and ends with the present month or the next.
 * https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/orgs_transfer_billing-send-invitation.html
 * https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/orgs_transfer_billing-stop-transfer.html
 * @param now The time at AWS, in ms since the epoch.
 */
export function transferDates(now: number): TransferDates {
  const starts = [monthStart(now, 1), monthStart(now, 2)];
  return {
    starts: starts.filter((start) => start - DAY_MS > now).map((start) => new Date(start)),
    ends: starts.map((nextMonth) => new Date(nextMonth - 1)),
  };
}

const TransferDatesRef = builder.objectRef<TransferDates>('ResponsibilityTransferDates').implement({
  description: 'The times that AWS accepts now for transfers of responsibility, by its own clock, the earliest first.',
  fields: (t) => ({
    starts: t.field({
      type: ['DateTime'],
      nullable: false,
      description:
        'When a new transfer can start: first moments of the next two months, UTC. On the last day of a month, the next one is too late.',
      resolve: ({ starts }) => [...starts],
    }),
    ends: t.field({
      type: ['DateTime'],
      nullable: false,
      description: 'When a transfer can end: last moments of this month and of the next, UTC.',
      resolve: ({ ends }) => [...ends],
    }),
  }),
});

builder.objectField(OrganizationRef, 'responsibilityTransferDates', (t) =>
  t.field({
    type: TransferDatesRef,
    nullable: false,
    description: 'The start and end times that AWS accepts now for transfers. Costs no call.',
    extensions: noCalls,
    resolve: (_organization, _args, { principal }) => transferDates(awsTime(principal)),
  }),
);
