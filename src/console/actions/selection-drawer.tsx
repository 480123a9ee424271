import './selection.css';
import { type ReactNode, useEffect, useState } from 'react';
import { Drawer } from '../components/drawer.tsx';
import { State } from '../components/state-icon.tsx';
import { type Session, useSession } from '../data/session.tsx';
import { Store, useStore } from '../data/store.ts';
import { counted } from '../data/text.ts';
import type { ActionScope } from './action-button.tsx';
import { Batch, type BatchRow, type BatchState, type Sent } from './batch.ts';
import { sentenceOf } from './exceptions.ts';
import { ActionForm } from './form.tsx';
import { CancelInvitationDocument } from './handshakes.generated.ts';
import { SetTagsDocument } from './tags.generated.ts';
import { filledTags, type Tag, TagsField, tagsProblem } from './tags-field.tsx';
import { sendAction } from './use-action.ts';

/** One of the selected objects. */
export interface Selected {
  /** What AWS changes: a handshake to cancel, or an object to tag. */
  readonly id: string;
  readonly name: string;
}

interface SelectionDrawerProps {
  /** What the objects are: "transfer". */
  readonly noun: string;
  /** Those that the action concerns. */
  readonly selected: readonly Selected[];
  readonly onClose: () => void;
  /** What it means, in a sentence. */
  readonly children: ReactNode;
}

/** Cancels the selected invitations, one after the other. */
export function CancelSelected(props: SelectionDrawerProps) {
  return (
    <SelectionDrawer
      {...props}
      verb="Cancel"
      done="canceled"
      scope="handshakes:send"
      keep="Keep them"
      isDanger
      isFilled={false}
      isValid
      send={cancel}
    />
  );
}

/** Gives the selected objects the same tags, one after the other. */
export function TagSelected(props: SelectionDrawerProps) {
  const [tags, setTags] = useState<readonly Tag[]>([{ key: '', value: '' }]);
  const filled = filledTags(tags);
  return (
    <SelectionDrawer
      {...props}
      verb="Tag"
      done="tagged"
      scope="organization:write"
      keep="Cancel"
      fields={<TagsField tags={tags} onChange={setTags} />}
      isFilled={filled.length > 0}
      isValid={filled.length > 0 && tagsProblem(tags) === undefined}
      send={(session, { id }) => tag(session, id, filled)}
    />
  );
}

interface VerbProps {
  readonly verb: string;
  /** Its participle. */
  readonly done: string;
  readonly scope: ActionScope;
  /** The button that sends nothing. */
  readonly keep: string;
  readonly isDanger?: boolean;
  /** What is filled in before the first is sent. */
  readonly fields?: ReactNode;
  readonly isFilled: boolean;
  readonly isValid: boolean;
  readonly send: (session: Session, item: Selected) => Promise<Sent>;
}

const NO_BATCH = new Store<undefined>(undefined);

/** Does the same with several objects, one after the other. */
function SelectionDrawer(props: SelectionDrawerProps & VerbProps) {
  const { noun, selected, onClose, children, verb, done, scope, keep, isDanger, fields, isFilled, isValid } = props;
  const session = useSession();
  // Those that were selected when the form opened: their groups change while it is sent.
  const [chosen] = useState(selected);
  const [batch, setBatch] = useState<Batch<Selected>>();
  // However the drawer is closed, the rest is not sent.
  useEffect(() => () => batch?.pause(), [batch]);
  const state = useStore<BatchState<Selected> | undefined>(batch?.state ?? NO_BATCH);
  const left = state?.rows.filter((row) => row.state !== 'done').length ?? chosen.length;
  const failed = state?.rows.filter((row) => row.state === 'failed').length ?? 0;
  const isSending = state?.isRunning === true;
  const title = `${verb} ${counted(chosen.length, noun)}`;

  const onSubmit = async () => {
    const started = batch ?? batchOf(session, chosen, (item) => props.send(session, item));
    setBatch(started);
    if (batch === undefined) started.start();
    else started.retry();
    await endOf(started);
    return started.state.get().rows.every((row) => row.state === 'done');
  };
  return (
    <Drawer title={title} onClose={onClose} hasMoves={false}>
      <p>{children}</p>
      <ActionForm
        scope={scope}
        failure=""
        submit={failed > 0 ? `Retry ${failed}` : title}
        cancel={failed > 0 || isSending ? 'Close' : keep}
        calls={left}
        {...(isDanger && { isDanger })}
        isFilled={isSending || isFilled}
        isValid={chosen.length > 0 && isValid}
        isSending={isSending}
        error={undefined}
        onSubmit={onSubmit}
        onClose={onClose}
      >
        {batch === undefined && fields}
        <ul className="selection-list" aria-label={`Selected ${noun}s`}>
          {chosen.map((item, at) => (
            <SelectedRow key={item.id} name={item.name} row={state?.rows[at]} />
          ))}
        </ul>
        {failed > 0 && !isSending && (
          <p className="form-problem" role="alert">
            {counted(failed, noun)} {failed === 1 ? 'was' : 'were'} not {done}.{' '}
            {state && state.rows.length - left > 0 && `${state.rows.length - left} done.`}
          </p>
        )}
      </ActionForm>
    </Drawer>
  );
}

function SelectedRow({ name, row }: { readonly name: string; readonly row: BatchRow<Selected> | undefined }) {
  return (
    <li>
      <span className="selection-name truncate">{name}</span>
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
          <span className="selection-code">{[row.error.code, row.error.requestId].filter(Boolean).join(' ')}</span>
        </span>
      )}
    </li>
  );
}

async function cancel({ queries }: Session, { id: handshakeId }: Selected): Promise<Sent> {
  const outcome = await sendAction(queries, CancelInvitationDocument, { input: { handshakeId } });
  if (!('error' in outcome)) return { result: handshakeId };
  // An earlier attempt whose answer was lost may have done it.
  return outcome.error.code === 'HandshakeAlreadyInStateException' ? { result: handshakeId } : outcome;
}

async function tag({ queries }: Session, resourceId: string, tags: readonly Tag[]): Promise<Sent> {
  const outcome = await sendAction(queries, SetTagsDocument, { input: { resourceId, tags: [...tags] } });
  return 'error' in outcome ? outcome : { result: resourceId };
}

const batchOf = (
  { connection, signal }: Session,
  items: readonly Selected[],
  send: (item: Selected) => Promise<Sent>,
): Batch<Selected> =>
  new Batch<Selected>({
    items,
    send,
    isConnected: () => connection.state.get().name === 'live',
    connected: connection.whenLive,
    now: () => new Date(),
    signal,
  });

const endOf = (batch: Batch<Selected>): Promise<void> =>
  new Promise((resolve) => {
    const check = () => {
      if (batch.state.get().isRunning) return;
      unsubscribe();
      resolve();
    };
    const unsubscribe = batch.state.subscribe(check);
    check();
  });
