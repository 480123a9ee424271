import type { ReactNode } from 'react';
import { ActionForm } from './form.tsx';
import {
  AcceptInvitationDocument,
  CancelInvitationDocument,
  DeclineInvitationDocument,
} from './handshakes.generated.ts';
import { useAction } from './use-action.ts';

export type HandshakeAction = 'accept' | 'decline' | 'cancel';

const WORDS: Readonly<Record<HandshakeAction, Readonly<Record<'submit' | 'cancel' | 'done', string>>>> = {
  accept: { submit: 'Accept invitation', cancel: 'Not now', done: 'accepted' },
  decline: { submit: 'Decline invitation', cancel: 'Not now', done: 'declined' },
  cancel: { submit: 'Cancel invitation', cancel: 'Keep it', done: 'canceled' },
};

interface HandshakeFormProps {
  readonly action: HandshakeAction;
  readonly handshakeId: string;
  /** The other side. */
  readonly name: string;
  /** Whether the invitation is open: an answer may have arrived meanwhile. */
  readonly isOpen: boolean;
  /** Shown instead when it is not. */
  readonly overtaken: ReactNode;
  /** Called when AWS has carried it out. */
  readonly onDone?: () => void;
  readonly onClose: () => void;
  /** The consequence in words. */
  readonly children: ReactNode;
}

/** Answers an invitation, or takes it back. */
export function HandshakeForm(props: HandshakeFormProps) {
  const { action, handshakeId, name, isOpen, onDone, onClose } = props;
  const actions = {
    accept: useAction(AcceptInvitationDocument),
    decline: useAction(DeclineInvitationDocument),
    cancel: useAction(CancelInvitationDocument),
  };
  const { send, isSending, error } = actions[action];
  const { submit, cancel, done } = WORDS[action];
  if (!isOpen && !isSending && error === undefined) return props.overtaken;
  return (
    <ActionForm
      scope={action === 'cancel' ? 'handshakes:send' : 'handshakes:respond'}
      failure={`The invitation ${action === 'cancel' ? 'to' : 'from'} ${name} was not ${done}`}
      submit={submit}
      cancel={cancel}
      calls={1}
      isDanger={action !== 'accept'}
      isFilled={false}
      isValid
      isSending={isSending}
      error={error}
      onSubmit={async () => {
        const payload = await send({ input: { handshakeId } });
        if (payload !== undefined) onDone?.();
        return payload !== undefined;
      }}
      onClose={onClose}
    >
      {props.children}
    </ActionForm>
  );
}
