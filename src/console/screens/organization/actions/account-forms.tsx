import { ConfirmedForm } from '../../../actions/confirmed-form.tsx';
import { useAction } from '../../../actions/use-action.ts';
import { announce } from '../../../components/live-region.tsx';
import type { AccountNode } from '../../../data/organization/tree.ts';
import { useSession } from '../../../data/session.tsx';
import { groupedId } from '../../../data/text.ts';
import { useOwnOrganization } from '../../../data/viewer.ts';
import {
  CloseAccountDocument,
  LeaveOrganizationDocument,
  RemoveAccountDocument,
} from './organization-actions.generated.ts';

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
      scope="organization:write"
      name={account.name}
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
      scope="organization:write"
      name={account.name}
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

interface LeaveFormProps {
  /** The name of the account; of the principal if it may not read that. */
  readonly name: string;
  /** The organization's name; undefined if the account may not read it. */
  readonly organizationName: string | undefined;
  readonly onClose: () => void;
}

export function LeaveForm({ name, organizationName = 'the organization', onClose }: LeaveFormProps) {
  const action = useAction(LeaveOrganizationDocument);
  const { queries } = useSession();
  return (
    <ConfirmedForm
      scope="organization:write"
      name={name}
      title={`Leave ${organizationName}`}
      submit="Leave organization"
      failure={`${name} has not left the organization`}
      consequences={[
        `${name} pays its own AWS bill from then on. It needs a means of payment and contact data of its own.`,
        `No policy of ${organizationName} applies to it any more.`,
        `Only an invitation by ${organizationName} brings it back.`,
      ]}
      action={action}
      onSend={async () => {
        if ((await action.send({})) === undefined) return false;
        announce(`${name} is in no organization any more`);
        return true;
      }}
      onClose={onClose}
      onDone={() => {
        onClose();
        // The account is in no organization now, and so are all pages.
        queries.reload();
      }}
    />
  );
}
