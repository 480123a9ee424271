import type { ReactNode } from 'react';
import type { Column } from '../../components/grid-items.ts';
import { MailIcon, NetworkIcon, TransferIcon, UserPlusIcon } from '../../components/icons.tsx';
import { State } from '../../components/state-icon.tsx';
import { Moment, TimeLeft, UtcMoment } from '../../components/time.tsx';
import { type Invitation, KIND_NAMES, type Kind, type Side } from './model.ts';

const KIND_ICONS: Readonly<Record<Kind, ReactNode>> = {
  billing: <TransferIcon size={14} />,
  join: <UserPlusIcon size={14} />,
  features: <NetworkIcon size={14} />,
  other: <MailIcon size={14} />,
};

/** What an invitation is for, as icon and word. */
export function KindName({ kind }: { readonly kind: Kind }) {
  return (
    <span className="invitation-kind">
      {KIND_ICONS[kind]} {KIND_NAMES[kind]}
    </span>
  );
}

/** The time that is left as a bar. The words beside it say the same. */
export function LifetimeBar({ left, isDue }: Pick<Invitation, 'left' | 'isDue'>) {
  return (
    <span className="meter" data-tone={isDue ? 'amber' : 'blue'} aria-hidden="true">
      <span style={{ width: `${left * 100}%` }} />
    </span>
  );
}

export function InvitationState({ invitation }: { readonly invitation: Invitation }) {
  const { isOpen, isReady, expires, shape, tone, state, isDue } = invitation;
  if (isOpen && !isReady && expires) {
    return (
      <span className="invitation-left" data-tone={isDue ? 'amber' : undefined}>
        <LifetimeBar {...invitation} />
        <TimeLeft until={expires} />
      </span>
    );
  }
  return (
    <State shape={shape} tone={tone}>
      <span className={tone === 'green' ? 'plain' : undefined}>{state}</span>
    </State>
  );
}

export function columnsOf(side: Side): readonly Column<Invitation>[] {
  return [
    {
      id: 'party',
      header: side === 'sent' ? 'To' : 'From',
      width: 'fill',
      sortBy: ({ name }) => name.toLowerCase(),
      cell: ({ name, detail }) => (
        <span className="truncate">
          <span className="invitation-name">{name}</span>
          {detail && ` ${detail}`}
        </span>
      ),
    },
    { id: 'kind', header: 'For', width: 104, sortBy: ({ kind }) => kind, cell: ({ kind }) => <KindName kind={kind} /> },
    { id: 'state', header: 'State', width: 176, cell: (invitation) => <InvitationState invitation={invitation} /> },
    {
      id: 'sent',
      header: 'Sent, UTC',
      width: 100,
      minTableWidth: 720,
      sortBy: ({ sent }) => sent,
      cell: ({ sent }) => <UtcMoment at={sent} />,
    },
    {
      id: 'expires',
      header: 'Expires, UTC',
      width: 105,
      minTableWidth: 640,
      sortBy: ({ expires }) => expires,
      cell: ({ expires }) => <UtcMoment at={expires} />,
    },
  ];
}

/** Heights of cards on phones, in px. */
const OPEN_CARD = 134;
const CARD = 60;
export const cardHeightOf = ({ isOpen }: Invitation): number => (isOpen ? OPEN_CARD : CARD);

interface CardProps {
  readonly invitation: Invitation;
  /** What the other side asks. */
  readonly sentence: string;
}

/** An invitation on a phone. */
export function InvitationCard({ invitation, sentence }: CardProps) {
  const { name, kind, isOpen, expires, isDue, detail } = invitation;
  if (!isOpen) {
    return (
      <div className="invitation-card">
        <span className="invitation-name truncate">{name}</span>
        <InvitationState invitation={invitation} />
        <span className="muted truncate">{detail ?? KIND_NAMES[kind]}</span>
        <span className="muted">
          <UtcMoment at={invitation.sent} />
        </span>
      </div>
    );
  }
  return (
    <div className="invitation-open-card">
      <span className="invitation-card-title">
        {KIND_ICONS[kind]}
        <span className="invitation-name truncate">{name}</span>
        <span className="invitation-left" data-tone={isDue ? 'amber' : undefined}>
          {expires && <TimeLeft until={expires} />}
        </span>
      </span>
      <span className="muted invitation-sentence">{sentence}</span>
      <LifetimeBar {...invitation} />
      <span className="muted">
        Expires <Moment at={expires} />
      </span>
    </div>
  );
}
