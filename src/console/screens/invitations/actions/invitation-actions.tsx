import { lazy, type ReactNode, Suspense } from 'react';
import { ActionButton, type ActionScope } from '../../../actions/action-button.tsx';
import type { HandshakeAction } from '../../../actions/handshake-form.tsx';
import { BanIcon, PlusIcon } from '../../../actions/icons.tsx';
import { CheckIcon, CloseIcon, NetworkIcon } from '../../../components/icons.tsx';
import { setParams } from '../../../data/location.ts';
import type { Invitation, Side } from '../model.ts';
import type { AnswerFormProps } from './answer-form.tsx';
import { actionsOf } from './rules.ts';

const AnswerForm = lazy(() => import('./answer-form.tsx'));

interface ActionWords {
  readonly label: string;
  /** What a caller without the scope may not do. */
  readonly doing: string;
  readonly scope: ActionScope;
  readonly icon: ReactNode;
  readonly kind?: 'primary' | 'danger';
}

const WORDS: Readonly<Record<HandshakeAction, ActionWords>> = {
  accept: {
    label: 'Accept',
    doing: 'Accepting an invitation',
    scope: 'handshakes:respond',
    icon: <CheckIcon size={14} />,
    kind: 'primary',
  },
  decline: {
    label: 'Decline',
    doing: 'Declining an invitation',
    scope: 'handshakes:respond',
    icon: <CloseIcon size={14} />,
  },
  cancel: {
    label: 'Cancel invitation',
    doing: 'Canceling an invitation',
    scope: 'handshakes:send',
    icon: <BanIcon size={14} />,
    kind: 'danger',
  },
};

/** The organization's own answer, when all accounts have approved. */
const FINISH: ActionWords = { ...WORDS.accept, label: 'Enable all features', doing: 'Enabling all features' };

interface ButtonsProps {
  readonly side: Side;
  readonly invitation: Invitation;
  readonly open: HandshakeAction | undefined;
  readonly onOpen: (action: HandshakeAction) => void;
}

/** What can be done with an invitation now. */
export function InvitationButtons({ side, invitation, open, onOpen }: ButtonsProps) {
  return actionsOf(side, invitation).map((action) => {
    const { label, doing, ...button } = action === 'accept' && invitation.isReady ? FINISH : WORDS[action];
    return (
      <ActionButton key={action} action={doing} {...button} isOpen={open === action} onClick={() => onOpen(action)}>
        {label}
      </ActionButton>
    );
  });
}

/** The open form. */
export function OpenForm(props: AnswerFormProps) {
  return (
    <Suspense fallback={null}>
      <AnswerForm key={props.action} {...props} />
    </Suspense>
  );
}

/** Opens the form that invites an account. `N` presses it. */
export function InviteButton() {
  return (
    <ActionButton
      action="Inviting an account"
      scope="handshakes:send"
      kind="primary"
      letter="n"
      icon={<PlusIcon size={14} />}
      onClick={() => setParams({ open: undefined, action: 'invite' })}
    >
      Invite
    </ActionButton>
  );
}

/** Opens the form that asks all accounts to approve all features. */
export function EnableFeaturesButton() {
  return (
    <ActionButton
      action="Enabling all features"
      scope="organization:write"
      icon={<NetworkIcon size={14} />}
      onClick={() => setParams({ open: undefined, action: 'enable-features' })}
    >
      Enable all features
    </ActionButton>
  );
}
