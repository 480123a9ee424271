import { useEffect, useState } from 'react';
import { Batch, type BatchRow, type BatchState, type Sent } from '../../../actions/batch.ts';
import { sentenceOf } from '../../../actions/exceptions.ts';
import { ActionForm } from '../../../actions/form.tsx';
import { CancelInvitationDocument } from '../../../actions/handshakes.generated.ts';
import { SetTagsDocument } from '../../../actions/tags.generated.ts';
import { filledTags, type Tag, TagsField, tagsProblem } from '../../../actions/tags-field.tsx';
import { sendAction } from '../../../actions/use-action.ts';
import { Drawer } from '../../../components/drawer.tsx';
import { State } from '../../../components/state-icon.tsx';
import { type Session, useSession } from '../../../data/session.tsx';
import { Store, useStore } from '../../../data/store.ts';
import { counted } from '../../../data/text.ts';
import { useOwnOrganization } from '../../../data/viewer.ts';
import type { Transfer } from '../model.ts';

export type SelectionAction = 'cancel-selected' | 'tag-selected';

interface SelectionDrawerProps {
  readonly action: SelectionAction;
  /** Those that the action concerns. */
  readonly transfers: readonly Transfer[];
  readonly onClose: () => void;
}

const NO_BATCH = new Store<undefined>(undefined);

/** Does the same with several transfers, one after the other. */
export default function SelectionDrawer({ action, transfers, onClose }: SelectionDrawerProps) {
  const session = useSession();
  const own = useOwnOrganization().name;
  // Those that were selected when the form opened: their groups change while it is sent.
  const [chosen] = useState(transfers);
  const [tags, setTags] = useState<readonly Tag[]>(action === 'tag-selected' ? [{ key: '', value: '' }] : []);
  const [batch, setBatch] = useState<Batch<Transfer>>();
  // However the drawer is closed, the rest is not sent.
  useEffect(() => () => batch?.pause(), [batch]);
  const state = useStore<BatchState<Transfer> | undefined>(batch?.state ?? NO_BATCH);
  const isCancel = action === 'cancel-selected';
  const noun = isCancel ? 'invitation' : 'transfer';
  const left = state?.rows.filter((row) => row.state !== 'done').length ?? chosen.length;
  const failed = state?.rows.filter((row) => row.state === 'failed').length ?? 0;
  const isSending = state?.isRunning === true;
  const filled = filledTags(tags);
  const isValid = chosen.length > 0 && (isCancel || (filled.length > 0 && tagsProblem(tags) === undefined));

  const onSubmit = async () => {
    const started = batch ?? batchOf(session, chosen, isCancel ? undefined : filled);
    setBatch(started);
    if (batch === undefined) started.start();
    else started.retry();
    await endOf(started);
    return started.state.get().rows.every((row) => row.state === 'done');
  };
  return (
    <Drawer
      title={isCancel ? `Cancel ${counted(chosen.length, noun)}` : `Tag ${counted(chosen.length, noun)}`}
      onClose={onClose}
      hasMoves={false}
    >
      <p>
        {isCancel
          ? `These customers can no longer accept that ${own} pays their AWS bill. You can invite them again.`
          : `These transfers of ${own} get the tags. A tag with the same key gets the new value; other tags stay.`}
      </p>
      <ActionForm
        scope={isCancel ? 'handshakes:send' : 'organization:write'}
        failure=""
        submit={failed > 0 ? `Retry ${failed}` : `${isCancel ? 'Cancel' : 'Tag'} ${counted(chosen.length, noun)}`}
        cancel={failed > 0 || isSending ? 'Close' : isCancel ? 'Keep them' : 'Cancel'}
        calls={left}
        isDanger={isCancel}
        isFilled={isSending || filled.length > 0}
        isValid={isValid}
        isSending={isSending}
        error={undefined}
        onSubmit={onSubmit}
        onClose={onClose}
      >
        {!isCancel && batch === undefined && <TagsField tags={tags} onChange={setTags} />}
        <ul className="selection-list" aria-label={isCancel ? 'Invitations' : 'Transfers'}>
          {chosen.map((transfer, at) => (
            <SelectedRow key={transfer.id} transfer={transfer} row={state?.rows[at]} />
          ))}
        </ul>
        {failed > 0 && !isSending && (
          <p className="form-problem" role="alert">
            {counted(failed, noun)} {failed === 1 ? 'was' : 'were'} not {isCancel ? 'canceled' : 'tagged'}.{' '}
            {state && state.rows.length - left > 0 && `${state.rows.length - left} done.`}
          </p>
        )}
      </ActionForm>
    </Drawer>
  );
}

function SelectedRow({ transfer, row }: { readonly transfer: Transfer; readonly row: BatchRow<Transfer> | undefined }) {
  return (
    <li>
      <span className="transfer-name truncate">{transfer.name}</span>
      {row?.state === 'done' && (
        <State shape="done" tone="green">
          Done
        </State>
      )}
      {row?.state === 'sending' && (
        <State shape="scheduled" tone="blue">
          Sending
        </State>
      )}
      {row?.state === 'failed' && (
        <State shape="failed" tone="red">
          Not done
        </State>
      )}
      {row?.state === 'failed' && row.error && (
        <span className="selection-error">
          {sentenceOf(row.error).cause}{' '}
          <span className="bulk-code">{[row.error.code, row.error.requestId].filter(Boolean).join(' ')}</span>
        </span>
      )}
    </li>
  );
}

/** `tags`: those to set; undefined to cancel the invitations. */
function batchOf(
  { queries, connection, signal }: Session,
  items: readonly Transfer[],
  tags: readonly Tag[] | undefined,
) {
  const cancel = async ({ handshakeId = '' }: Transfer): Promise<Sent> => {
    const outcome = await sendAction(queries, CancelInvitationDocument, { input: { handshakeId } });
    if (!('error' in outcome)) return { result: handshakeId };
    // An earlier attempt whose answer was lost may have done it.
    return outcome.error.code === 'HandshakeAlreadyInStateException' ? { result: handshakeId } : outcome;
  };
  const tag = async ({ id }: Transfer): Promise<Sent> => {
    const input = { resourceId: id, tags: [...(tags ?? [])] };
    const outcome = await sendAction(queries, SetTagsDocument, { input });
    return 'error' in outcome ? outcome : { result: id };
  };
  return new Batch<Transfer>({
    items,
    send: tags === undefined ? cancel : tag,
    isConnected: () => connection.state.get().name === 'live',
    connected: connection.whenLive,
    now: () => new Date(),
    signal,
  });
}

const endOf = (batch: Batch<Transfer>): Promise<void> =>
  new Promise((resolve) => {
    const check = () => {
      if (batch.state.get().isRunning) return;
      unsubscribe();
      resolve();
    };
    const unsubscribe = batch.state.subscribe(check);
    check();
  });
