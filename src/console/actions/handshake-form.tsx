import type { ReactNode } from 'react';
import { ActionCard, Overtaken } from './action-card.tsx';
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
  /** What the form asks. */
  readonly title: string;
  readonly handshakeId: string;
  /** The other side. */
  readonly name: string;
  /** Whether the invitation is open: an answer may have arrived meanwhile. */
  readonly isOpen: boolean;
  /** The sentence that is shown instead when it is not. */
  readonly overtaken: string;
  /** Called instead of `onClose` when AWS has carried it out. */
  readonly onDone?: (() => void) | undefined;
  readonly onClose: () => void;
  /** The consequence in words. */
  readonly children: ReactNode;
}

/** Answers an invitation, or takes it back. */
export function HandshakeForm(props: HandshakeFormProps) {
  const { action, title, handshakeId, name, isOpen, onDone, onClose } = props;
  const actions = {
    accept: useAction(AcceptInvitationDocument),
    decline: useAction(DeclineInvitationDocument),
    cancel: useAction(CancelInvitationDocument),
  };
  const { send, isSending, error } = actions[action];
  const { submit, cancel, done } = WORDS[action];
  // Its own answer may arrive in the list first: the form stays until it is sent.
  if (!isOpen && !isSending && error === undefined) return <Overtaken onClose={onClose}>{props.overtaken}</Overtaken>;
  return (
    <ActionCard title={title}>
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
        onSubmit={async () => (await send({ input: { handshakeId } })) !== undefined}
        onClose={onClose}
        {...(onDone && { onDone })}
      >
        {props.children}
      </ActionForm>
    </ActionCard>
  );
}
