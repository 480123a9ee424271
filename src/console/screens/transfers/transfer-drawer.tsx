import { useEffect, useRef } from 'react';
import { useOpenAction } from '../../actions/use-open-action.ts';
import { AccountId, CopyButton, TagChip } from '../../components/controls.tsx';
import { CopyAs } from '../../components/copy-as.tsx';
import { Drawer, type DrawerMoves, Fact } from '../../components/drawer.tsx';
import { StateBadge, StateIcon } from '../../components/state-icon.tsx';
import { Failure } from '../../components/states.tsx';
import { Moment } from '../../components/time.tsx';
import { useNow } from '../../data/clock.ts';
import { counted } from '../../data/text.ts';
import { utcDay, utcTime } from '../../data/time.ts';
import { useQuery } from '../../data/use-query.ts';
import { useOwnOrganization } from '../../data/viewer.ts';
import { OpenForm, TransferButtons } from './actions/transfer-actions.tsx';
import { courseOf } from './course.ts';
import { GROUP_NAMES, lastDay, type Side, type Transfer } from './model.ts';
import { TransferDetailsDocument } from './transfers.generated.ts';

interface TransferDrawerProps extends DrawerMoves {
  readonly side: Side;
  readonly transfer: Transfer;
  /** Shows an end in the timeline before it is sent. */
  readonly onPreview: (end: string | undefined) => void;
}

export function TransferDrawer({ side, transfer, onPreview, ...moves }: TransferDrawerProps) {
  const { name, group, shape, tone, state, accountId, email, start, end, expires, id, status } = transfer;
  const own = useOwnOrganization();
  const { action, filled, openAction, closeAction } = useOpenAction('transfer');
  const now = useNow();
  const { data, errors, reload } = useQuery(TransferDetailsDocument, { id }, { maxAge: 60 });
  const details = data?.responsibilityTransfer ?? undefined;
  const shown = useRef(status);
  useEffect(() => {
    // The history has the change, too.
    if (shown.current !== status) reload();
    shown.current = status;
  }, [status, reload]);
  const invitation = details?.activeHandshake;
  const [error] = errors;
  const tags = details?.tags?.nodes;
  const isAhead = start !== undefined && Date.parse(start) > now.getTime();
  return (
    <Drawer
      title={name}
      badge={
        <StateBadge shape={shape} tone={tone}>
          {group === 'over' ? state : GROUP_NAMES[group]}
        </StateBadge>
      }
      {...moves}
      onEscape={action && closeAction}
    >
      <p>{sentenceOf(side, transfer, own.name, now)}</p>
      <div className="drawer-actions">
        <TransferButtons side={side} transfer={transfer} open={action} onOpen={openAction} />
        <CopyAs
          isSmall
          document={String(TransferDetailsDocument)}
          variables={{ id }}
          aws={[
            `aws organizations list-${side}-responsibility-transfers --type BILLING --id ${id}`,
            ...(details?.arn ? [`aws organizations list-tags-for-resource --resource-id ${id}`] : []),
          ]}
        />
      </div>
      {action && (
        <OpenForm
          action={action}
          side={side}
          transfer={transfer}
          own={own.name}
          tags={tags}
          filled={filled}
          onChanged={reload}
          onPreview={onPreview}
          onClose={closeAction}
        />
      )}
      <dl className="facts">
        <Fact name={side === 'inbound' ? 'Customer account' : 'Payer account'}>
          <AccountId id={accountId} canCopy />
        </Fact>
        <Fact name="E-mail">{email ?? '–'}</Fact>
        {expires && (
          <Fact name="Answer due">
            <Moment at={expires} />
          </Fact>
        )}
        <Fact name={isAhead ? (group === 'awaiting' ? 'Would start' : 'Starts') : 'Started'}>
          <Moment at={start} />
        </Fact>
        {end && (
          <Fact name={group === 'ending' ? 'Ends' : 'Ended'}>
            <Moment at={end} />
          </Fact>
        )}
        {invitation?.notes && <Fact name="Note">{invitation.notes}</Fact>}
        <Fact name="Tags">
          {tags === undefined || tags.length === 0
            ? '–'
            : tags.map(({ key, value }) => <TagChip key={key} name={key} value={value} />)}
        </Fact>
        <Fact name="Transfer id">
          <span className="mono">{id}</span> <CopyButton text={id} what="transfer id" />
        </Fact>
        <Fact name="AWS status">
          <span className="mono">{status}</span>
        </Fact>
      </dl>
      {error && <Failure title="Tags and invitation cannot be read" error={error} onRetry={reload} />}
      <section className="drawer-section">
        <h3>History</h3>
        <ol className="steps">
          {courseOf(transfer, details, now).map(({ id: key, shape: ofStep, tone: toneOfStep, text, at }) => (
            <li key={key}>
              <StateIcon shape={ofStep} tone={toneOfStep} />
              <span className="truncate" title={text}>
                {text}
              </span>
              <time dateTime={at} className="muted">
                {utcDay(new Date(at), now)} {utcTime(new Date(at))} UTC
              </time>
            </li>
          ))}
        </ol>
      </section>
    </Drawer>
  );
}

/** Who pays whose bill, in one sentence. */
function sentenceOf(side: Side, { name, group, start, end, state }: Transfer, own: string, now: Date): string {
  const [payer, customer] = side === 'inbound' ? [own, name] : [name, own];
  const from = start === undefined ? '' : ` from ${utcDay(new Date(start), now)}`;
  switch (group) {
    case 'awaiting':
      return `${payer} asks to pay the AWS bill of ${customer}${from}. ${customer} has not answered.`;
    case 'scheduled':
      return `${customer} has accepted: ${payer} pays its AWS bill${from}.`;
    case 'active':
      return `${payer} has paid the AWS bill of ${customer} since ${since(start, now)}.`;
    case 'ending':
      return `${payer} pays the AWS bill of ${customer} through ${lastDay(end, now)}. After that, ${customer} pays it.`;
    case 'ended':
      return `${payer} paid the AWS bill of ${customer} until ${lastDay(end, now)}.`;
    default:
      return `${payer} asked to pay the AWS bill of ${customer}. It was not taken up: ${state.toLowerCase()}.`;
  }
}

function since(start: string | undefined, now: Date): string {
  if (start === undefined) return 'an unknown day';
  const date = new Date(start);
  const months = (now.getUTCFullYear() - date.getUTCFullYear()) * 12 + now.getUTCMonth() - date.getUTCMonth() + 1;
  return `${utcDay(date, now)}, for ${counted(months, 'month')}`;
}
