import { Batch, type Found, type Sent } from '../../../actions/batch.ts';
import { ofRequest, sendAction } from '../../../actions/use-action.ts';
import { clockOffset } from '../../../data/gateway-status.ts';
import type { Session } from '../../../data/session.tsx';
import { Store } from '../../../data/store.ts';
import { keepRunning } from '../../../data/unsaved.ts';
import { InviteToTransferDocument, OpenTransferInvitationsDocument } from '../actions/transfer-actions.generated.ts';
import type { CheckedRow } from './check.ts';

/** Invitations of a file that are being sent. */
export interface BulkRun {
  /** All rows of the file, also those that are not sent. */
  readonly checked: readonly CheckedRow[];
  readonly batch: Batch<CheckedRow>;
  /** What was pasted. */
  readonly text: string;
}

const runs = new WeakMap<Session, Store<BulkRun | undefined>>();

/** The run of a session. It goes on while other pages are shown. */
export function runOf(session: Session): Store<BulkRun | undefined> {
  const known = runs.get(session) ?? new Store<BulkRun | undefined>(undefined);
  runs.set(session, known);
  return known;
}

/** The input of a row's mutation. */
export const inputOf = ({ target, name, start, notes }: CheckedRow) => ({
  type: 'BILLING' as const,
  target: target ?? { id: '', type: 'ACCOUNT' as const },
  sourceName: name,
  startTimestamp: start?.toISOString() ?? '',
  ...(notes !== '' && { notes }),
});

const now = () => new Date(Date.now() + clockOffset.get());

/** Sends the rows that are ready. */
export function startRun(session: Session, checked: readonly CheckedRow[], text: string): void {
  const { connection, queries, signal } = session;
  const batch = new Batch<CheckedRow>({
    items: checked.filter(({ state }) => state === 'ready'),
    send: async (row): Promise<Sent> => {
      const outcome = await sendAction(queries, InviteToTransferDocument, { input: inputOf(row) });
      return 'error' in outcome ? outcome : { result: outcome.payload.handshake?.id ?? '' };
    },
    find: (row, since) => findInvitation(session, row, since),
    isConnected: () => connection.state.get().name === 'live',
    connected: connection.whenLive,
    now,
    signal,
  });
  let release: (() => void) | undefined;
  batch.state.subscribe(() => {
    const { rows } = batch.state.get();
    const isOver = signal.aborted || rows.every(({ state }) => state === 'done' || state === 'failed');
    if (isOver) {
      release?.();
      release = undefined;
    } else release ??= keepRunning();
  });
  runOf(session).set({ checked, batch, text });
  batch.start();
}

/** Invitations of a page of the look-up. */
const PAGE = 500;

/** The clock of this machine may stand for that of AWS, and be wrong. */
const TOLERANCE_MS = 60_000;

/** Looks among the invitations that AWS has for the one of a row, sent since a time. */
async function findInvitation({ queries }: Session, { target }: CheckedRow, since: Date): Promise<Found> {
  const wanted = target?.id.toLowerCase();
  let after: string | null = null;
  do {
    const variables: { first: number; after: string | null } = { first: PAGE, after };
    // Not from a cache: it may be older than the invitation.
    const { data, errors } = await queries.execute(OpenTransferInvitationsDocument, variables, { maxAge: 0 });
    const list = data?.organization?.handshakes;
    const [error] = errors;
    if (!list) {
      if (error === undefined) return { result: undefined };
      return { error: ofRequest(error) };
    }
    const found = list.nodes.find(
      ({ recipient, state, requestedTimestamp }) =>
        recipient?.id?.toLowerCase() === wanted &&
        (state === 'REQUESTED' || state === 'OPEN' || state === 'ACCEPTED') &&
        Date.parse(requestedTimestamp ?? '') >= since.getTime() - TOLERANCE_MS,
    );
    if (found) return { result: found.id };
    after = list.pageInfo.hasNextPage ? list.pageInfo.endCursor : null;
  } while (after !== null);
  return { result: undefined };
}
