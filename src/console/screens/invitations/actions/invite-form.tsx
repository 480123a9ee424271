import { useState } from 'react';
import { ActionForm, TextField } from '../../../actions/form.tsx';
import { filledTags, type Tag, TagsField, tagsProblem } from '../../../actions/tags-field.tsx';
import { useAction } from '../../../actions/use-action.ts';
import { CopyAs } from '../../../components/copy-as.tsx';
import { Drawer } from '../../../components/drawer.tsx';
import { setParams } from '../../../data/location.ts';
import { shellQuoted } from '../../../data/text.ts';
import { useOwnOrganization } from '../../../data/viewer.ts';
import { noteProblem, targetOf } from '../../transfers/actions/fields.ts';
import type { Invitation } from '../model.ts';
import { InviteToOrganizationDocument } from './invite.generated.ts';

interface InviteFormProps {
  /** Those that were sent before. */
  readonly invitations: readonly Invitation[];
  /** Values that a link has filled in. */
  readonly filled: URLSearchParams;
  readonly onClose: () => void;
}

/** Invites an account to join the reader's organization. */
export default function InviteForm({ invitations, filled, onClose }: InviteFormProps) {
  const { name: own } = useOwnOrganization();
  const { send, isSending, error } = useAction(InviteToOrganizationDocument);
  const [account, setAccount] = useState(filled.get('account') ?? '');
  const [notes, setNotes] = useState(filled.get('notes') ?? '');
  const [tags, setTags] = useState<readonly Tag[]>([]);

  const target = targetOf(account);
  const party = 'problem' in target ? { id: account.trim(), type: 'ACCOUNT' as const } : target;
  const problems = {
    account: 'problem' in target ? target.problem : undefined,
    notes: noteProblem(notes),
    tags: tagsProblem(tags),
  };
  const input = {
    target: party,
    ...(notes.trim() !== '' && { notes: notes.trim() }),
    ...(filledTags(tags).length > 0 && { tags: [...filledTags(tags)] }),
  };
  const wanted = party.id.toLowerCase();
  const known = invitations.find(
    ({ isOpen, kind, partyId }) => isOpen && kind === 'join' && partyId?.toLowerCase() === wanted,
  );
  return (
    <Drawer
      title="Invite an account"
      badge={
        <CopyAs
          isSmall
          document={String(InviteToOrganizationDocument)}
          variables={{ input }}
          aws={[
            `aws organizations invite-account-to-organization --cli-input-json ${shellQuoted(
              JSON.stringify({
                Target: { Id: party.id, Type: party.type },
                ...(input.notes !== undefined && { Notes: input.notes }),
                ...(input.tags && { Tags: input.tags.map(({ key, value }) => ({ Key: key, Value: value })) }),
              }),
            )}`,
          ]}
        />
      }
      onClose={onClose}
      hasMoves={false}
    >
      <p>
        {own} asks an account to join it. When it accepts, {own} pays its AWS bill, and the policies of the root apply
        to it. It has 15 days to answer.
      </p>
      <ActionForm
        scope="handshakes:send"
        failure={`${account.trim() || 'The account'} was not invited`}
        submit="Send invitation"
        calls={1}
        isFilled={account !== '' || notes !== '' || tags.length > 0}
        isValid={Object.values(problems).every((problem) => problem === undefined)}
        isSending={isSending}
        error={error}
        onSubmit={async () => (await send({ input })) !== undefined}
        onClose={onClose}
        help={({ code }, release) =>
          code === 'DuplicateHandshakeException' &&
          known && (
            <button
              type="button"
              className="button"
              onClick={() => {
                release();
                setParams({ action: undefined, side: 'sent', open: known.id });
              }}
            >
              Show the open invitation
            </button>
          )
        }
      >
        <TextField
          label="Account id or e-mail address"
          hint="Of an account that is in no organization. The address is that of its root user."
          value={account}
          onChange={setAccount}
          problem={problems.account}
          hasFocus
        />
        <TextField
          label="Note to the owner of the account"
          isOptional
          rows={3}
          value={notes}
          onChange={setNotes}
          problem={problems.notes}
        />
        <TagsField tags={tags} onChange={setTags} />
        {tags.length > 0 && <p className="form-hint">AWS sets the tags when the account has joined.</p>}
      </ActionForm>
    </Drawer>
  );
}
