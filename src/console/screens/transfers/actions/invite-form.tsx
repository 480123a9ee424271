import { useState } from 'react';
import { ActionForm, Choices, TextField } from '../../../actions/form.tsx';
import { filledTags, type Tag, TagsField, tagsProblem } from '../../../actions/tags-field.tsx';
import { useAction } from '../../../actions/use-action.ts';
import { CopyAs } from '../../../components/copy-as.tsx';
import { Drawer } from '../../../components/drawer.tsx';
import { Failure } from '../../../components/states.tsx';
import { useNow } from '../../../data/clock.ts';
import { setParams } from '../../../data/location.ts';
import { shellQuoted } from '../../../data/text.ts';
import { useOwnOrganization } from '../../../data/viewer.ts';
import type { Transfer } from '../model.ts';
import { startsOf } from './dates.ts';
import { nameProblem, noteProblem, type Target, targetOf } from './fields.ts';
import { InviteToTransferDocument } from './transfer-actions.generated.ts';
import { useTransferDates } from './use-transfer-dates.ts';

interface InviteFormProps {
  readonly transfers: readonly Transfer[];
  /** Values that a link has filled in. */
  readonly filled: URLSearchParams;
  readonly onClose: () => void;
}

/** Invites the management account of a customer, whose bill the reader's organization will pay. */
export default function InviteForm({ transfers, filled, onClose }: InviteFormProps) {
  const { name: own } = useOwnOrganization();
  const { starts: allowed, error: unread, reload } = useTransferDates();
  const { send, isSending, error } = useAction(InviteToTransferDocument);
  const now = useNow();
  const [account, setAccount] = useState(filled.get('account') ?? '');
  const [name, setName] = useState(filled.get('name') ?? '');
  const [start, setStart] = useState(filled.get('start') ?? undefined);
  const [notes, setNotes] = useState(filled.get('notes') ?? '');
  const [tags, setTags] = useState<readonly Tag[]>([]);

  const starts = startsOf(allowed, now);
  const chosen = starts.find(({ value, whyNot }) => value === start && whyNot === undefined)?.value;
  const target = targetOf(account);
  const problems = {
    account: 'problem' in target ? target.problem : undefined,
    name: nameProblem(name.trim()),
    start: chosen === undefined ? 'No month is chosen. Choose when billing starts.' : undefined,
    notes: noteProblem(notes),
    tags: tagsProblem(tags),
  };
  const input = {
    type: 'BILLING' as const,
    target: 'problem' in target ? { id: account, type: 'ACCOUNT' as const } : target,
    sourceName: name.trim(),
    startTimestamp: chosen ?? '',
    ...(notes.trim() !== '' && { notes: notes.trim() }),
    ...(filledTags(tags).length > 0 && { tags: [...filledTags(tags)] }),
  };
  const onSubmit = async () => {
    const payload = await send({ input });
    return payload !== undefined;
  };
  const known = 'problem' in target ? undefined : openInvitationOf(target, transfers);
  const isFilled = [account, name, notes].some((text) => text !== '') || start !== undefined || tags.length > 0;
  return (
    <Drawer
      title="Invite a customer"
      badge={
        <CopyAs
          isSmall
          document={String(InviteToTransferDocument)}
          variables={{ input }}
          aws={[awsCommand(input.target, input)]}
        />
      }
      onClose={onClose}
      hasMoves={false}
    >
      <p>
        {own} asks a customer to let it pay the AWS bill of all accounts of the customer. Nothing changes until the
        customer has accepted and the month has begun.
      </p>
      {unread && <Failure title="The dates cannot be read" error={unread} onRetry={reload} />}
      <ActionForm
        scope="handshakes:send"
        failure={`${name.trim() || 'The customer'} was not invited`}
        submit="Send invitation"
        calls={1}
        isFilled={isFilled}
        isValid={Object.values(problems).every((problem) => problem === undefined)}
        isSending={isSending}
        error={error}
        onSubmit={onSubmit}
        onClose={onClose}
        help={({ code }, release) =>
          code === 'DuplicateHandshakeException' &&
          known && (
            <button
              type="button"
              className="button"
              onClick={() => {
                release();
                setParams({ action: undefined, side: undefined, open: known.id });
              }}
            >
              Show the open invitation
            </button>
          )
        }
      >
        <TextField
          label="Account id or e-mail address"
          hint="Of the management account of the customer’s organization."
          value={account}
          onChange={setAccount}
          problem={problems.account}
          hasFocus
        />
        <TextField
          label="Customer name"
          hint="Your name for the transfer. You can change it later."
          value={name}
          onChange={setName}
          problem={problems.name}
        />
        <Choices
          label="Billing starts"
          value={chosen}
          choices={starts.map(({ value, label, timeLeft, whyNot }) => ({ value, label, aside: timeLeft, whyNot }))}
          onChange={setStart}
          problem={problems.start}
        />
        <TextField
          label="Note to the customer"
          isOptional
          rows={3}
          value={notes}
          onChange={setNotes}
          problem={problems.notes}
        />
        <TagsField tags={tags} onChange={setTags} />
        {tags.length > 0 && <p className="form-hint">AWS sets the tags when the customer has accepted.</p>}
      </ActionForm>
    </Drawer>
  );
}

interface CommandInput {
  readonly sourceName: string;
  readonly startTimestamp: string;
  readonly notes?: string;
  readonly tags?: readonly Tag[];
}

/** The same for the AWS CLI. */
function awsCommand({ id, type }: Target, { sourceName, startTimestamp, notes, tags = [] }: CommandInput): string {
  return [
    'aws organizations invite-organization-to-transfer-responsibility --type BILLING',
    `--target ${shellQuoted(`Id=${id},Type=${type}`)} --source-name ${shellQuoted(sourceName)} --start-timestamp ${startTimestamp}`,
    ...(notes === undefined ? [] : [`--notes ${shellQuoted(notes)}`]),
    ...(tags.length === 0
      ? []
      : [`--tags ${tags.map(({ key, value }) => shellQuoted(`Key=${key},Value=${value}`)).join(' ')}`]),
  ].join(' \\\n  ');
}

/** The transfer of an invitation that the target has not answered. */
export function openInvitationOf({ id }: Target, transfers: readonly Transfer[]): Transfer | undefined {
  const wanted = id.toLowerCase();
  return transfers.find(
    ({ group, accountId, email }) => group === 'awaiting' && (accountId === wanted || email?.toLowerCase() === wanted),
  );
}
