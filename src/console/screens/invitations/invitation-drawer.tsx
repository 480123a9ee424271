import { useEffect, useRef } from 'react';
import { useOpenAction } from '../../actions/use-open-action.ts';
import { CopyButton, copyText } from '../../components/controls.tsx';
import { CopyAs } from '../../components/copy-as.tsx';
import { Drawer, type DrawerMoves, Fact } from '../../components/drawer.tsx';
import { CopyIcon, ExternalIcon, MailIcon } from '../../components/icons.tsx';
import { Link } from '../../components/link.tsx';
import { announce } from '../../components/live-region.tsx';
import { StateBadge } from '../../components/state-icon.tsx';
import { Moment } from '../../components/time.tsx';
import { useNow } from '../../data/clock.ts';
import { duration, utcDay, utcMoment } from '../../data/time.ts';
import { useOwnOrganization } from '../../data/viewer.ts';
import { InvitationButtons, OpenForm } from './actions/invitation-actions.tsx';
import { KindName } from './columns.tsx';
import { receivedInvitations, sentInvitations } from './lists.ts';
import { epoch, type Invitation, type Resource, type Side } from './model.ts';
import { sentenceOf } from './sentences.ts';

interface InvitationDrawerProps extends DrawerMoves {
  readonly side: Side;
  readonly invitation: Invitation;
}

export function InvitationDrawer({ side, invitation, ...moves }: InvitationDrawerProps) {
  const { id, name, shape, tone, state, partyId, kind, action, isOpen, expires, notes, email, transferId, status } =
    invitation;
  const own = useOwnOrganization();
  const { action: openForm, openAction, closeAction } = useOpenAction('invitation');
  const now = useNow();
  const other = partyId ?? name;
  const scope = side === 'sent' ? 'organization' : 'account';
  return (
    <Drawer
      title={name}
      badge={
        <StateBadge shape={shape} tone={tone}>
          {state}
        </StateBadge>
      }
      {...moves}
      onEscape={openForm && closeAction}
    >
      <p>{sentenceOf(side, invitation, own.name, now)}</p>
      {isOpen && <Countdown invitation={invitation} />}
      <div className="drawer-actions">
        <InvitationButtons side={side} invitation={invitation} open={openForm} onOpen={openAction} />
        {side === 'sent' && isOpen && email && (
          <Reminder email={email} invitation={invitation} own={own.name} now={now} />
        )}
        <CopyAs
          isSmall
          document={(side === 'sent' ? sentInvitations : receivedInvitations).document}
          aws={[
            `aws organizations describe-handshake --handshake-id ${id}`,
            `aws organizations list-handshakes-for-${scope}`,
          ]}
        />
      </div>
      {openForm && <OpenForm action={openForm} side={side} invitation={invitation} onClose={closeAction} />}
      <dl className="facts drawer-section">
        <Fact name="From">{side === 'sent' ? <Own name={own.name} /> : other}</Fact>
        <Fact name="To">{side === 'sent' ? other : <Own name={own.name} />}</Fact>
        <Fact name="For">
          <KindName kind={kind} />
        </Fact>
        {notes && (
          <Fact name="Note">
            <span className="invitation-note">{notes}</span>
          </Fact>
        )}
        <Fact name="Sent">
          <Moment at={invitation.sent} />
        </Fact>
        <Fact name={isOpen ? 'Expires' : 'Would expire'}>
          <Moment at={expires} />
        </Fact>
        {transferId && side === 'sent' && (
          <Fact name="Transfer">
            <Link to="/transfers" params={{ open: transferId }}>
              {name} <ExternalIcon size={12} />
            </Link>
          </Fact>
        )}
        <Fact name="Invitation id">
          <span className="mono">{id}</span> <CopyButton text={id} what="invitation id" />
        </Fact>
        <Fact name="AWS">
          <span className="mono">
            {action} {status}
          </span>
        </Fact>
      </dl>
      <RawResources resources={invitation.resources} now={now} />
    </Drawer>
  );
}

const Own = ({ name }: { readonly name: string }) => (
  <>
    {name} <span className="muted">(you)</span>
  </>
);

/** A countdown speaks when so much is left, in hours, and at no other time. */
const SPOKEN_HOURS = [1, 24, 48];
const HOUR_MS = 3_600_000;

/** How long is left, between the time of the invitation and its end. */
function Countdown({ invitation }: { readonly invitation: Invitation }) {
  const { name, sent, expires, left, tone, isReady } = invitation;
  const now = useNow(1_000);
  const ms = Date.parse(expires ?? '') - now.getTime();
  // The least of the spoken times that is not over.
  const hours = SPOKEN_HOURS.find((each) => ms <= each * HOUR_MS);
  const spoken = useRef(hours);
  useEffect(() => {
    if (hours !== undefined && hours !== spoken.current && ms > 0) announce(`${hours} h left: ${name}`);
    spoken.current = hours;
  }, [hours, ms, name]);
  if (!expires) return null;
  const marks = [
    ['Sent', sent && utcMoment(new Date(sent), now)],
    ['Now', utcMoment(now, now)],
    ['Expires', utcMoment(new Date(expires), now)],
  ] as const;
  return (
    <div className="countdown" data-tone={tone}>
      <p>
        <b>{ms <= 0 ? 'Over' : duration(ms)}</b> {ms > 0 && (isReady ? 'left to enable them' : 'left to answer')}
      </p>
      <span className="countdown-bar" aria-hidden="true">
        <span style={{ width: `${(1 - left) * 100}%` }} />
      </span>
      <dl>
        {marks.map(([mark, at]) => (
          <div key={mark}>
            <dt>{mark}</dt>
            <dd>{at ?? '–'}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

interface ReminderProps {
  readonly email: string;
  readonly invitation: Invitation;
  readonly own: string;
  readonly now: Date;
}

/** Opens a draft in the reader's mail program. Nothing is sent. */
function Reminder({ email, invitation: { kind, expires, id }, own, now }: ReminderProps) {
  const until = expires === undefined ? '' : ` by ${utcMoment(new Date(expires), now)} UTC`;
  const asked = kind === 'billing' ? `to let ${own} pay your AWS bill` : `to join the AWS organization of ${own}`;
  const subject = `Reminder: invitation from ${own} in AWS`;
  const body = `We have asked you ${asked}. Please answer the invitation ${id}${until}, in AWS under Organizations, Invitations.`;
  const query = `subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(body)}`;
  return (
    <a className="button" href={`mailto:${encodeURIComponent(email)}?${query}`}>
      <MailIcon size={14} /> Remind by e-mail
    </a>
  );
}

interface RawResourcesProps {
  readonly resources: readonly Resource[];
  readonly now: Date;
}

/** The resources as AWS gives them. */
function RawResources({ resources, now }: RawResourcesProps) {
  return (
    <section className="drawer-section raw-resources">
      <button
        type="button"
        className="button button-plain"
        onClick={() => copyText(JSON.stringify(resources, undefined, 2), 'the resources as JSON')}
      >
        <CopyIcon size={13} /> JSON
      </button>
      <details open>
        <summary>
          Raw resources <span className="muted">{resources.length}</span>
        </summary>
        <ResourceTree resources={resources} now={now} />
      </details>
    </section>
  );
}

function ResourceTree({ resources, now }: RawResourcesProps) {
  return (
    <ul className="resources">
      {resources.map(({ type, typeRaw, value, resources: inner }, at) => {
        const date = epoch(value);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: AWS may repeat a type with the same value.
          <li key={at}>
            <span className="resource-type">{typeRaw ?? type}</span>
            <span className="mono resource-value" title={value ?? undefined}>
              {value ?? '–'}
              {date && <span className="muted"> {utcDay(new Date(date), now)}</span>}
            </span>
            {inner && inner.length > 0 && <ResourceTree resources={inner} now={now} />}
          </li>
        );
      })}
    </ul>
  );
}
