import { useState } from 'react';
import { ActionCard } from '../../../actions/action-card.tsx';
import type { ActionError } from '../../../actions/exceptions.ts';
import { ActionForm, isConfirmed, NameConfirmation } from '../../../actions/form.tsx';
import { useAction } from '../../../actions/use-action.ts';
import { announce } from '../../../components/live-region.tsx';
import type { AccountNode } from '../../../data/organization/tree.ts';
import { groupedId } from '../../../data/text.ts';
import { useOwnOrganization } from '../../../data/viewer.ts';
import {
  CloseAccountDocument,
  LeaveOrganizationDocument,
  RemoveAccountDocument,
} from './organization-actions.generated.ts';

interface ConfirmedFormProps {
  readonly account: AccountNode;
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

/** Something that cannot be undone: its consequences, and the name to confirm. */
function ConfirmedForm(props: ConfirmedFormProps) {
  const { account, title, submit, failure, consequences, action, onSend, onClose, onDone = onClose } = props;
  const [typed, setTyped] = useState('');
  return (
    <ActionCard title={title}>
      <ActionForm
        failure={failure}
        submit={submit}
        cancel="Keep it"
        calls={1}
        isDanger
        isFilled={typed !== ''}
        isValid={isConfirmed(typed, account.name)}
        isSending={action.isSending}
        error={action.error}
        onSubmit={onSend}
        onClose={onClose}
        onDone={onDone}
      >
        <ul className="form-list">
          {consequences.map((consequence) => (
            <li key={consequence}>{consequence}</li>
          ))}
        </ul>
        <NameConfirmation name={account.name} value={typed} onChange={setTyped} hasFocus />
      </ActionForm>
    </ActionCard>
  );
}

interface AccountFormProps {
  readonly account: AccountNode;
  /** Opens another node, when this one is gone. */
  readonly onOpen: (id: string) => void;
  readonly onClose: () => void;
}

export function CloseForm({ account, onClose }: AccountFormProps) {
  const action = useAction(CloseAccountDocument);
  return (
    <ConfirmedForm
      account={account}
      title={`Close ${account.name}`}
      submit="Close account"
      failure={`${account.name} was not closed`}
      consequences={[
        `The account ${groupedId(account.id)} can no longer be used, and its resources stop. What it has used until then is still billed.`,
        'It stays in the organization as suspended for 90 days. In this time AWS Support can open it again. Then AWS deletes what is in it.',
        'Its e-mail address cannot be used for another account.',
      ]}
      action={action}
      onSend={async () => (await action.send({ input: { accountId: account.id } })) !== undefined}
      onClose={onClose}
    />
  );
}

export function RemoveForm({ account, onOpen, onClose }: AccountFormProps) {
  const action = useAction(RemoveAccountDocument);
  const own = useOwnOrganization();
  return (
    <ConfirmedForm
      account={account}
      title={`Remove ${account.name} from the organization`}
      submit="Remove account"
      failure={`${account.name} was not removed`}
      consequences={[
        `${account.name} pays its own AWS bill from then on. It needs a means of payment and contact data of its own.`,
        `No policy of ${own.name} applies to it any more, and services of the organization lose access to it.`,
        'It goes on running. To have it back, it has to be invited, and to accept.',
      ]}
      action={action}
      onSend={async () => {
        if ((await action.send({ input: { accountId: account.id } })) === undefined) return false;
        announce(`${account.name} is no longer in the organization`);
        return true;
      }}
      onClose={onClose}
      onDone={() => onOpen(account.parent.id)}
    />
  );
}

export function LeaveForm({ account, onClose }: Omit<AccountFormProps, 'onOpen'>) {
  const action = useAction(LeaveOrganizationDocument);
  const own = useOwnOrganization();
  return (
    <ConfirmedForm
      account={account}
      title={`Leave the organization of ${own.name}`}
      submit="Leave organization"
      failure={`${account.name} has not left the organization`}
      consequences={[
        `${account.name} pays its own AWS bill from then on. It needs a means of payment and contact data of its own.`,
        `No policy of ${own.name} applies to it any more.`,
        `Only an invitation by ${own.name} brings it back.`,
      ]}
      action={action}
      onSend={async () => (await action.send({})) !== undefined}
      onClose={onClose}
    />
  );
}
