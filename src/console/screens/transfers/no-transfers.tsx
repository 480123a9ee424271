import { TransferIcon } from '../../components/icons.tsx';
import { Empty } from '../../components/states.tsx';
import { useNow } from '../../data/clock.ts';
import { startsOf } from './actions/dates.ts';
import { InviteButtons } from './invite-buttons.tsx';
import type { Side } from './model.ts';

/** What would be here, and how to begin. */
export function NoTransfers({ side }: { readonly side: Side }) {
  const now = useNow();
  const starts = startsOf(undefined, now).filter(({ whyNot }) => whyNot === undefined);
  if (side === 'outbound') {
    return (
      <Empty icon={<TransferIcon size={20} />} title="No transfers yet">
        Organizations that pay the AWS bill of your organization would be here, and those that have asked to.
      </Empty>
    );
  }
  return (
    <Empty icon={<TransferIcon size={20} />} title="No transfers yet" actions={<InviteButtons />}>
      Invite a customer’s management account to pay its AWS bill here. Billing can start{' '}
      {starts.map(({ label }) => label).join(' or ')}.
    </Empty>
  );
}
