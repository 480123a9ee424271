import { useState } from 'react';
import type { ActionScope } from './action-button.tsx';
import { ActionCard } from './action-card.tsx';
import type { ActionError } from './exceptions.ts';
import { ActionForm, isConfirmed, NameConfirmation } from './form.tsx';

interface ConfirmedFormProps {
  readonly scope: ActionScope;
  /** What is typed to confirm. */
  readonly name: string;
  readonly title: string;
  readonly submit: string;
  readonly failure: string;
  /** What happens, to whom. */
  readonly consequences: readonly string[];
  readonly action: { readonly isSending: boolean; readonly error: ActionError | undefined };
  readonly onSend: () => Promise<boolean>;
  readonly onClose: () => void;
  /** Opens what is left. Default: closes the form. */
  readonly onDone?: () => void;
}

/** An action that cannot be undone: its consequences, and the name to confirm. */
export function ConfirmedForm(props: ConfirmedFormProps) {
  const { scope, name, title, submit, failure, consequences, action, onSend, onClose, onDone } = props;
  const [typed, setTyped] = useState('');
  return (
    <ActionCard title={title}>
      <ActionForm
        scope={scope}
        failure={failure}
        submit={submit}
        cancel="Keep it"
        calls={1}
        isDanger
        isFilled={typed !== ''}
        isValid={isConfirmed(typed, name)}
        isSending={action.isSending}
        error={action.error}
        onSubmit={onSend}
        onClose={onClose}
        {...(onDone && { onDone })}
      >
        <ul className="form-list">
          {consequences.map((consequence) => (
            <li key={consequence}>{consequence}</li>
          ))}
        </ul>
        <NameConfirmation name={name} value={typed} onChange={setTyped} hasFocus />
      </ActionForm>
    </ActionCard>
  );
}
