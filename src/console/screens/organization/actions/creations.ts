import { type WatchError, watch } from '../../../../client/index.ts';
import type { ActionError } from '../../../actions/exceptions.ts';
import { sendAction } from '../../../actions/use-action.ts';
import { errorOf } from '../../../components/states.tsx';
import { removeBackgroundTask, setBackgroundTask } from '../../../data/background.ts';
import { createCallerStore } from '../../../data/caller-store.ts';
import { navigate } from '../../../data/location.ts';
import type { Session } from '../../../data/session.tsx';
import { keepRunning } from '../../../data/unsaved.ts';
import {
  AccountCreationDocument,
  type AccountCreationSubscription,
  MoveAccountDocument,
} from './organization-actions.generated.ts';

type Status = NonNullable<AccountCreationSubscription['createAccountStatusChanges']['createAccountStatus']>;

/** An account that is being created, from the request on. */
export interface Creation {
  /** AWS's id of the creation. */
  readonly id: string;
  readonly name: string;
  /** The unit that it is moved to; undefined leaves it below the root. */
  readonly unit: { readonly id: string; readonly name: string } | undefined;
  readonly step: 'requested' | 'creating' | 'moving' | 'done' | 'failed';
  readonly accountId: string | undefined;
  /** By this machine's clock. */
  readonly startedAt: Date;
  readonly endedAt: Date | undefined;
  /** AWS's reason, such as EMAIL_ALREADY_EXISTS. */
  readonly failureReason: string | undefined;
  /** Why the account is not in its unit. It exists. */
  readonly moveError: ActionError | undefined;
  /** Why it is not known how far it is. */
  readonly lost: WatchError | undefined;
  /** Follows it again, after it was lost. */
  readonly lookAgain: () => void;
}

/** Creations of this page. They go on when the dialog is closed. */
export const creations = createCallerStore<ReadonlyMap<string, Creation>>(new Map());

const change = (id: string, changed: Partial<Creation>): Creation | undefined => {
  const known = creations.get().get(id);
  if (known === undefined) return undefined;
  const next = { ...known, ...changed };
  creations.update((all) => new Map([...all, [id, next]]));
  show(next);
  return next;
};

const TEXTS = {
  requested: 'Creating',
  creating: 'Creating',
  moving: 'Moving',
  done: 'Created',
  failed: 'Not created:',
} as const;

function show({ id, name, step, moveError, lost }: Creation): void {
  const isFailed = step === 'failed' || moveError !== undefined || lost !== undefined;
  const progress = lost === undefined ? `${TEXTS[step]} ${name}` : `Not known: ${name}`;
  const text = moveError === undefined ? progress : `Created ${name}, not moved`;
  const tone = isFailed ? 'red' : step === 'done' ? 'green' : 'blue';
  setBackgroundTask({ id, text, tone, open: () => navigate('/organization', { action: 'create', 'with-id': id }) });
}

export function dismissCreation(id: string): void {
  creations.update((all) => new Map([...all].filter(([each]) => each !== id)));
  removeBackgroundTask(id);
}

interface NewCreation extends Pick<Creation, 'id' | 'name' | 'unit'> {
  readonly rootId: string;
}

/** Follows a creation to its end. AWS creates accounts below the root: the move to the unit is a second step. */
export function followCreation(session: Session, { id, name, unit, rootId }: NewCreation): void {
  const { connection, queries, signal } = session;
  const table = watch<Status>(String(AccountCreationDocument), { transport: connection.transport, variables: { id } });
  const creation: Creation = {
    id,
    name,
    unit,
    step: 'requested',
    accountId: undefined,
    startedAt: new Date(),
    endedAt: undefined,
    failureReason: undefined,
    moveError: undefined,
    lost: undefined,
    lookAgain: () => table.retry(),
  };
  creations.update((all) => new Map([...all, [id, creation]]));
  show(creation);
  // Without this page, nothing would move the account.
  const release = unit === undefined ? () => {} : keepRunning();
  // Another principal has another organization.
  signal.addEventListener('abort', () => {
    table.close();
    release();
    dismissCreation(id);
  });
  let isOver = false;
  const finish = async ({ state, failureReason, failureReasonRaw, accountId }: Status) => {
    if (state === 'FAILED') {
      const reason = failureReason ?? failureReasonRaw ?? 'UNKNOWN';
      return change(id, { step: 'failed', endedAt: new Date(), failureReason: reason });
    }
    if (unit === undefined || !accountId) {
      return change(id, { step: 'done', accountId: accountId ?? undefined, endedAt: new Date() });
    }
    change(id, { step: 'moving', accountId });
    const input = { accountId, sourceParentId: rootId, destinationParentId: unit.id };
    const outcome = await sendAction(queries, MoveAccountDocument, { input });
    const moveError = 'error' in outcome ? outcome.error : undefined;
    return change(id, { step: 'done', endedAt: new Date(), moveError });
  };
  table.subscribe(() => {
    if (isOver) return;
    const { rows, status: followed } = table.getSnapshot();
    const lost = errorOf(followed);
    if (lost !== creations.get().get(id)?.lost) change(id, { lost });
    const status = rows.get(id);
    if (status === undefined) return;
    if (status.state === 'IN_PROGRESS') return void change(id, { step: 'creating' });
    if (status.state !== 'SUCCEEDED' && status.state !== 'FAILED') return;
    isOver = true;
    table.close();
    void finish(status).finally(release);
  });
}
