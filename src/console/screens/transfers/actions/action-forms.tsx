import { useState } from 'react';
import { ActionCard, Overtaken } from '../../../actions/action-card.tsx';
import { ActionForm, TextField } from '../../../actions/form.tsx';
import { AcceptedBilling, CanceledBilling, DeclinedBilling } from '../../../actions/handshake-consequences.tsx';
import { HandshakeForm } from '../../../actions/handshake-form.tsx';
import { TagsForm } from '../../../actions/tags-form.tsx';
import { tagsOfLink } from '../../../actions/tags-link.ts';
import { useAction } from '../../../actions/use-action.ts';
import { Skeleton } from '../../../components/states.tsx';
import { useNow } from '../../../data/clock.ts';
import { utcDay } from '../../../data/time.ts';
import { EndForm } from './end-form.tsx';
import { nameProblem } from './fields.ts';
import type { ActionFormsProps } from './form-props.ts';
import { actionsOf, meanwhileOf } from './rules.ts';
import { RenameTransferDocument } from './transfer-actions.generated.ts';

/** The open form of a transfer, in its drawer. */
export default function ActionForms(props: ActionFormsProps) {
  const { action, side, transfer, own, tags, filled, onChanged, onClose } = props;
  const { name, start, id, handshakeId = '' } = transfer;
  const now = useNow();
  const isPossible = actionsOf(side, transfer).includes(action);
  const meanwhile = meanwhileOf(transfer, now);
  const overtaken = <Overtaken onClose={onClose}>{meanwhile}</Overtaken>;
  const from = start === undefined ? '' : ` from ${utcDay(new Date(start), now)}`;
  const common = { handshakeId, name, isOpen: isPossible, overtaken: meanwhile, onClose };
  switch (action) {
    case 'rename':
      return isPossible ? <RenameForm {...props} /> : overtaken;
    case 'tags':
      if (!isPossible) return overtaken;
      return (
        <ActionCard title={`Tags of ${name}`}>
          {tags === undefined ? (
            <Skeleton rows={2} />
          ) : (
            <TagsForm
              resourceId={id}
              name={name}
              tags={tags}
              initial={tagsOfLink(filled)}
              onChanged={onChanged}
              onClose={onClose}
            />
          )}
        </ActionCard>
      );
    case 'end':
      return <EndForm {...props} isPossible={isPossible} overtaken={overtaken} />;
    case 'cancel':
      return (
        <HandshakeForm action="cancel" title={`Cancel the invitation of ${name}?`} {...common}>
          <CanceledBilling payer={own} customer={name} from={from} />
        </HandshakeForm>
      );
    case 'accept':
      return (
        <HandshakeForm action="accept" title={`Let ${name} pay the AWS bill of ${own}?`} {...common}>
          <AcceptedBilling payer={name} customer={own} from={from} />
        </HandshakeForm>
      );
    case 'decline':
      return (
        <HandshakeForm action="decline" title={`Decline the invitation from ${name}?`} {...common}>
          <DeclinedBilling payer={name} customer={own} />
        </HandshakeForm>
      );
  }
}

function RenameForm({ transfer: { id, name }, own, filled, onChanged, onClose }: ActionFormsProps) {
  const { send, isSending, error } = useAction(RenameTransferDocument);
  // The name when the form opened: another user may rename it meanwhile.
  const [before] = useState(name);
  const [typed, setTyped] = useState(filled.get('name') ?? name);
  const wanted = typed.trim();
  const problem =
    nameProblem(wanted) ?? (wanted === name ? 'This is its name already. Type another one, or cancel.' : undefined);
  return (
    <ActionCard title="Rename">
      <ActionForm
        scope="transfers:manage"
        failure={`${name} was not renamed`}
        submit="Rename"
        calls={1}
        isFilled={wanted !== before}
        isValid={problem === undefined}
        isSending={isSending}
        error={error}
        onSubmit={async () => {
          const payload = await send({ input: { id, name: wanted } });
          if (payload !== undefined) onChanged();
          return payload !== undefined;
        }}
        onClose={onClose}
      >
        <TextField
          label="Customer name"
          hint={`The name of the transfer in the organization of ${own}. The customer’s account keeps its own.`}
          value={typed}
          onChange={setTyped}
          problem={problem}
        />
      </ActionForm>
    </ActionCard>
  );
}
