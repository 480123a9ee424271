import './bulk-invite.css';
import { useMemo, useState } from 'react';
import { ActionButton, scopeReason, useHasScope } from '../../../actions/action-button.tsx';
import { SelectField } from '../../../actions/form.tsx';
import { PauseIcon } from '../../../actions/icons.tsx';
import { CopyAs } from '../../../components/copy-as.tsx';
import { ExportCsv } from '../../../components/export-csv.tsx';
import {
  ArrowRightIcon,
  BoltIcon,
  ChevronLeftIcon,
  LockIcon,
  RefreshIcon,
  TransferIcon,
} from '../../../components/icons.tsx';
import { Page } from '../../../components/page.tsx';
import { Empty, Failure } from '../../../components/states.tsx';
import { usePhone } from '../../../components/use-media.ts';
import { useNow } from '../../../data/clock.ts';
import type { ListState } from '../../../data/lists.ts';
import { useSession } from '../../../data/session.tsx';
import { useStore } from '../../../data/store.ts';
import { counted } from '../../../data/text.ts';
import { useUnsaved } from '../../../data/unsaved.ts';
import { useOwnOrganization, useViewer } from '../../../data/viewer.ts';
import { startsOf } from '../actions/dates.ts';
import { InviteToTransferDocument } from '../actions/transfer-actions.generated.ts';
import { useTransferDates } from '../actions/use-transfer-dates.ts';
import type { Transfer } from '../model.ts';
import { checkRows, readTable } from './check.ts';
import { PasteStep } from './paste-step.tsx';
import { Progress } from './progress.tsx';
import { checkResults, csvOfResults, sendResults } from './result-rows.tsx';
import { ResultsTable } from './results-table.tsx';
import { type BulkRun, inputOf, runOf, startRun } from './run.ts';
import { SideCards } from './side-cards.tsx';
import { Steps } from './steps.tsx';

interface BulkInviteProps {
  /** The organization's transfers, to find customers that are invited already. */
  readonly list: ListState<unknown>;
  readonly transfers: readonly Transfer[];
  readonly onClose: () => void;
}

const SCOPE = 'handshakes:send';

/** Invites many customers: paste or drop, check, send. */
export default function BulkInvite(props: BulkInviteProps) {
  const session = useSession();
  const runs = runOf(session);
  const run = useStore(runs);
  const isPhone = usePhone();
  const close = (
    <button
      type="button"
      className="button button-plain button-icon"
      aria-label="Back to the transfers"
      onClick={props.onClose}
    >
      <ChevronLeftIcon />
    </button>
  );
  const hasScope = useHasScope(SCOPE);
  if (run !== undefined) return <SendStep run={run} before={close} onNew={() => runs.set(undefined)} />;
  if (!hasScope) {
    return (
      <Page title="Invite from CSV" before={close}>
        <Empty icon={<LockIcon size={20} />} title="You cannot invite customers">
          {scopeReason('This', SCOPE)}
        </Empty>
      </Page>
    );
  }
  if (isPhone) {
    return (
      <Page title="Invite from CSV" before={close}>
        <Empty icon={<TransferIcon size={20} />} title="This needs a wider screen">
          Open this page on a computer to paste a file. A phone shows the results while they are sent.
        </Empty>
      </Page>
    );
  }
  return <Preparation {...props} before={close} />;
}

interface PreparationProps extends BulkInviteProps {
  readonly before: React.ReactNode;
}

/** The first two steps. Nothing is sent. */
function Preparation({ list, transfers, before }: PreparationProps) {
  const session = useSession();
  const own = useOwnOrganization().name;
  const ownAccountId = useViewer().data?.viewer.principal.accountId ?? undefined;
  const { starts: allowed, error, reload } = useTransferDates();
  const now = useNow();
  const [text, setText] = useState('');
  const [isChecking, setChecking] = useState(false);
  const [defaultStart, setDefaultStart] = useState('');
  const release = useUnsaved(text !== '');
  const table = useMemo(() => (isChecking ? readTable(text) : undefined), [isChecking, text]);
  const starts = useMemo(() => startsOf(allowed, now), [allowed, now]);
  const checked = useMemo(
    () =>
      table === undefined || 'problem' in table
        ? undefined
        : checkRows(table, { starts, transfers, ownAccountId, defaultStart: defaultStart || undefined, now }),
    [table, starts, transfers, ownAccountId, defaultStart, now],
  );
  const rows = useMemo(() => checked && checkResults(checked), [checked]);
  const problem = table !== undefined && 'problem' in table ? table.problem : undefined;
  const ready = checked?.filter(({ state }) => state === 'ready').length ?? 0;
  const hasEmptyStarts = checked?.some(({ startText }) => startText === '') === true;
  const unused = table !== undefined && 'columns' in table ? table.columns.unused : [];
  // Before the list is complete, an open invitation could be missed.
  const isKnown = list.isReady;

  if (checked === undefined || rows === undefined) {
    return (
      <Page
        title="Invite from CSV"
        before={before}
        beside={<Steps step="paste" />}
        actions={
          <button
            type="button"
            className="button button-primary"
            data-incomplete={text.trim() === '' || undefined}
            onClick={() => setChecking(text.trim() !== '')}
          >
            Check <ArrowRightIcon size={14} />
          </button>
        }
      >
        <div className="bulk">
          <div className="bulk-main">
            <PasteStep
              text={text}
              problem={problem}
              onText={(next) => {
                setText(next);
                setChecking(false);
              }}
            />
          </div>
          <SideCards step="paste" text={text} checked={undefined} starts={starts} unused={[]} />
        </div>
      </Page>
    );
  }
  return (
    <Page
      title="Invite from CSV"
      before={before}
      beside={<Steps step="check" />}
      actions={
        <>
          <button type="button" className="button" onClick={() => setChecking(false)}>
            Change the text
          </button>
          <ActionButton
            action="Inviting customers"
            scope="handshakes:send"
            kind="primary"
            onClick={() => {
              if (ready === 0 || !isKnown) return;
              release();
              startRun(session, checked, text);
            }}
          >
            Send {counted(ready, 'invitation')}
          </ActionButton>
        </>
      }
    >
      <div className="bulk">
        <div className="bulk-main">
          <section className="bulk-progress" aria-label="Result of the check">
            <p className="bulk-progress-text">
              <b>
                {ready} of {checked.length} ready
              </b>
              <span>
                {own} invites them one after the other. {ready < checked.length && 'The others are not sent.'}
              </span>
              <span className="bulk-progress-status">
                <BoltIcon size={14} /> {counted(ready, 'call')}
              </span>
            </p>
            {!isKnown && (
              <p className="form-hint">Reading the transfers, to find customers that are invited already …</p>
            )}
          </section>
          {error && <Failure title="The dates cannot be read" error={error} onRetry={reload} />}
          {hasEmptyStarts && (
            <div className="bulk-default">
              <SelectField
                label="Start of rows without one"
                value={defaultStart}
                options={[
                  { value: '', label: 'None: leave them out' },
                  ...starts.filter(({ whyNot }) => whyNot === undefined).map(({ value, label }) => ({ value, label })),
                ]}
                onChange={setDefaultStart}
              />
            </div>
          )}
          <ResultsTable rows={rows} tabs={['ready', 'attention']} />
        </div>
        <SideCards step="check" text={text} checked={checked} starts={starts} unused={unused} />
      </div>
    </Page>
  );
}

interface SendStepProps {
  readonly run: BulkRun;
  readonly before: React.ReactNode;
  /** Begins with another file. */
  readonly onNew: () => void;
}

/** Sends, and shows what became of each row. */
function SendStep({ run: { batch, checked, text }, before, onNew }: SendStepProps) {
  const state = useStore(batch.state);
  const { starts: allowed } = useTransferDates();
  const now = useNow();
  const isPhone = usePhone();
  const starts = useMemo(() => startsOf(allowed, now), [allowed, now]);
  const rows = useMemo(() => sendResults(checked, state), [checked, state]);
  const failed = state.rows.filter((row) => row.state === 'failed').length;
  const isOver = state.rows.every((row) => row.state === 'done' || row.state === 'failed');
  const [first] = state.rows;
  return (
    <Page
      title="Invite from CSV"
      before={before}
      beside={!isPhone && <Steps step="send" />}
      actions={
        <>
          {first && !isPhone && (
            <CopyAs
              document={String(InviteToTransferDocument)}
              variables={{ input: inputOf(first.item) }}
              aws="The AWS CLI has one command for each row: invite-organization-to-transfer-responsibility."
            />
          )}
          <ExportCsv name="invitation-results" label="Results as CSV" rowsOf={() => csvOfResults(rows, now)} />
          {isOver ? (
            <button type="button" className="button" onClick={onNew}>
              Another file
            </button>
          ) : (
            <button type="button" className="button" onClick={() => (state.isPaused ? batch.start() : batch.pause())}>
              {state.isPaused ? (
                'Continue'
              ) : (
                <>
                  <PauseIcon size={14} /> Pause
                </>
              )}
            </button>
          )}
        </>
      }
    >
      <div className="bulk">
        <div className="bulk-main">
          <Progress checked={checked} state={state} />
          <ResultsTable rows={rows} tabs={['invited', 'attention', 'waiting']}>
            {failed > 0 && (
              <button
                type="button"
                className="button bulk-retry"
                aria-disabled={state.isRunning || undefined}
                onClick={() => !state.isRunning && batch.retry()}
              >
                <RefreshIcon size={14} /> Retry {failed} not sent
              </button>
            )}
          </ResultsTable>
        </div>
        {!isPhone && <SideCards step="send" text={text} checked={checked} starts={starts} unused={[]} />}
      </div>
    </Page>
  );
}
