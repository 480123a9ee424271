import type { ReactNode } from 'react';
import { Overtaken } from '../../../actions/action-card.tsx';
import { ConfirmedForm } from '../../../actions/confirmed-form.tsx';
import { AcceptedBilling, CanceledBilling, DeclinedBilling } from '../../../actions/handshake-consequences.tsx';
import { type HandshakeAction, HandshakeForm } from '../../../actions/handshake-form.tsx';
import { AcceptInvitationDocument } from '../../../actions/handshakes.generated.ts';
import { useAction } from '../../../actions/use-action.ts';
import { useNow } from '../../../data/clock.ts';
import { setParams } from '../../../data/location.ts';
import { useSession } from '../../../data/session.tsx';
import { utcDay } from '../../../data/time.ts';
import { useOwnOrganization } from '../../../data/viewer.ts';
import type { Invitation, Side } from '../model.ts';
import { actionsOf, meanwhileOf } from './rules.ts';

export interface AnswerFormProps {
  readonly action: HandshakeAction;
  readonly side: Side;
  readonly invitation: Invitation;
  readonly onClose: () => void;
}

/** Accepts, declines or cancels an invitation, with the consequence in words. */
export default function AnswerForm(props: AnswerFormProps) {
  const isProcess = props.invitation.approvals !== undefined;
  return isProcess && props.action === 'accept' ? <FinishForm {...props} /> : <HandshakeAnswer {...props} />;
}

/** Enables all features, when all accounts have approved. */
function FinishForm({ side, invitation, onClose }: AnswerFormProps) {
  const action = useAction(AcceptInvitationDocument);
  const { queries } = useSession();
  const { name: own } = useOwnOrganization();
  if (!invitation.isReady && !action.isSending && action.error === undefined) {
    return <Overtaken onClose={onClose}>{meanwhileOf(side, invitation)}</Overtaken>;
  }
  return (
    <ConfirmedForm
      scope="handshakes:respond"
      name={own}
      title={`Enable all features of ${own}`}
      submit="Enable all features"
      failure={`All features of ${own} were not enabled`}
      consequences={[
        'It cannot be undone: AWS does not take an organization back to consolidated billing only.',
        `Policies of ${own} can then limit what users and roles of its accounts may do. None does before you attach it.`,
        'Bills do not change.',
      ]}
      action={action}
      onSend={async () => (await action.send({ input: { handshakeId: invitation.id } })) !== undefined}
      onClose={onClose}
      onDone={() => {
        onClose();
        // Types of policies can be enabled now, and transfers invited.
        queries.reload();
      }}
    />
  );
}

function HandshakeAnswer({ action, side, invitation, onClose }: AnswerFormProps) {
  const { id, name, kind, start } = invitation;
  const { name: own, reload } = useOwnOrganization();
  const now = useNow();
  const from = start === undefined ? '' : ` from ${utcDay(new Date(start), now)}`;
  const { title, consequence } = formOf(action, { invitation, own, from });
  const onJoined = () => {
    onClose();
    // The account is in an organization now. Its page stays at what it received.
    setParams({ side }, { replace: true });
    reload();
  };
  return (
    <HandshakeForm
      action={action}
      title={title}
      handshakeId={id}
      name={name}
      isOpen={actionsOf(side, invitation).includes(action)}
      overtaken={meanwhileOf(side, invitation)}
      onDone={action === 'accept' && kind === 'join' ? onJoined : undefined}
      onClose={onClose}
    >
      {consequence}
    </HandshakeForm>
  );
}

interface Parts {
  readonly invitation: Invitation;
  /** The reader's organization or account. */
  readonly own: string;
  /** " from 1 Dec", for an invitation about billing. */
  readonly from: string;
}

interface FormParts {
  readonly title: string;
  readonly consequence: ReactNode;
}

function formOf(action: HandshakeAction, parts: Parts): FormParts {
  const { name } = parts.invitation;
  if (action === 'accept') return acceptOf(parts);
  return action === 'decline'
    ? { title: `Decline the invitation from ${name}?`, consequence: declinedOf(parts) }
    : { title: `Cancel the invitation to ${name}?`, consequence: canceledOf(parts) };
}

function acceptOf({ invitation: { kind, name, action }, own, from }: Parts): FormParts {
  if (action === 'ADD_ORGANIZATIONS_SERVICE_LINKED_ROLE') {
    return {
      title: `Create the role for ${name} again?`,
      consequence: (
        <p>
          AWS creates the role in {own} by which AWS Organizations works with other services. {name} needs it before it
          can enable all features. The bill does not change.
        </p>
      ),
    };
  }
  switch (kind) {
    case 'join':
      return {
        title: `Join the organization of ${name}?`,
        consequence: (
          <ul className="form-list">
            <li>
              {name} pays the AWS bill of {own} from now on, and sees what it costs. What {own} has used until now is on
              its own last bill.
            </li>
            <li>
              Policies of {name} apply at once: they can limit what users and roles in {own} may do. The organization
              gets no access to the account itself.
            </li>
            <li>
              {own} can leave later if it has its own means of payment and contact data. It then pays its own bill
              again, and the policies no longer apply.
            </li>
          </ul>
        ),
      };
    case 'billing':
      return {
        title: `Let ${name} pay the AWS bill of ${own}?`,
        consequence: <AcceptedBilling payer={name} customer={own} from={from} />,
      };
    case 'features':
      return {
        title: `Approve all features for ${name}?`,
        consequence: (
          <ul className="form-list">
            <li>
              {name} can then attach policies that limit what users and roles in {own} may do, and that keep {own} from
              leaving.
            </li>
            <li>
              It takes effect when all accounts have approved and the management account has finished it. After that it
              cannot be undone. The bill does not change.
            </li>
          </ul>
        ),
      };
    case 'other':
      return { title: `Accept the request of ${name}?`, consequence: <p>{name} can then do what it asked for.</p> };
  }
}

function declinedOf({ invitation: { kind, name }, own }: Parts): ReactNode {
  if (kind === 'billing') return <DeclinedBilling payer={name} customer={own} />;
  if (kind === 'join') {
    return (
      <p>
        {own} does not join, and goes on as it is: its bill and its policies do not change. {name} sees that you have
        declined, and can invite you again.
      </p>
    );
  }
  if (kind === 'features') {
    return (
      <p>
        {name} cannot enable all features without the approval of {own}. It sees that you have declined, and can ask
        again.
      </p>
    );
  }
  return (
    <p>
      Nothing changes for {own}. {name} sees that you have declined.
    </p>
  );
}

function canceledOf({ invitation: { kind, name, approvals }, own, from }: Parts): ReactNode {
  if (kind === 'billing') return <CanceledBilling payer={own} customer={name} from={from} />;
  if (kind === 'join') {
    return (
      <p>
        {name} can no longer join {own} by this invitation. Its bill and its policies do not change. You can invite it
        again.
      </p>
    );
  }
  if (kind === 'features') {
    return (
      <p>
        {approvals ? 'The accounts' : name} can no longer approve, and {own} goes on with consolidated billing only. The
        other approvals are canceled, too, and those that were given no longer count. You can start again.
      </p>
    );
  }
  return <p>{name} can no longer answer. You can ask again.</p>;
}
