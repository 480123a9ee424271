import './connection.css';
import { OfflineIcon } from '../components/icons.tsx';
import { Ago } from '../components/time.tsx';
import { useMachineNow } from '../data/clock.ts';
import { useSession } from '../data/session.tsx';
import { pageSettings } from '../data/settings.ts';
import { hasSignIn } from '../data/sign-in/sign-in.ts';
import { useStore } from '../data/store.ts';
import { utcTime } from '../data/time.ts';
import { askToSignIn } from '../sign-in/sign-in-again.tsx';

/** A connection that is back within this time, in ms, is not worth a banner. */
const BANNER_DELAY_MS = 1_500;

/** Without an event or a bookmark for this time, a list is stale. In ms; a late bookmark is none that is missing. */
const STALE_MS = Math.max(30_000, 1.5 * pageSettings.bookmarkMs);

/** When the last event or bookmark of a stale list has arrived, although the connection looks live. */
function useStaleSince(): Date | undefined {
  const { lists } = useSession();
  const watched = useStore(lists.watched);
  const now = useMachineNow(1_000).getTime();
  const heard = watched.flatMap((list) => (list.get().status.state === 'live' ? [list.heardAt] : []));
  const first = Math.min(...heard);
  return now - first >= STALE_MS ? new Date(first) : undefined;
}

/** Says of when the data is, while the connection is lost or silent. The data stays. */
export function ConnectionBanner() {
  const { connection } = useSession();
  const state = useStore(connection.state);
  // The clock of this machine, as `since` is by it.
  const now = useMachineNow(1_000).getTime();
  const staleSince = useStaleSince();
  if (state.name === 'live' && staleSince !== undefined) {
    return (
      <div className="banner" role="status">
        <OfflineIcon />
        <span>
          <b className="strong">Stale.</b> This is the state of {utcTime(staleSince)} UTC. The gateway is connected, and
          sends nothing.
        </span>
        <button type="button" className="button" onClick={() => connection.reconnect()}>
          Reconnect
        </button>
      </div>
    );
  }
  if (state.name !== 'reconnecting' && state.name !== 'offline' && state.name !== 'signed-out') return null;
  if (state.name === 'signed-out') {
    return (
      <div className="banner" role="alert">
        <OfflineIcon />
        <span>
          <b className="strong">Signed out.</b> This is the state of {utcTime(state.since)} UTC.
          {!hasSignIn && ' The gateway does not accept the credentials of this page.'}
        </span>
        <button type="button" className="button" onClick={hasSignIn ? askToSignIn : () => location.reload()}>
          {hasSignIn ? 'Sign in' : 'Reload'}
        </button>
      </div>
    );
  }
  if (now - state.since.getTime() < BANNER_DELAY_MS) return null;
  const left = state.name === 'reconnecting' && state.retryAt ? Math.ceil((state.retryAt.getTime() - now) / 1_000) : 0;
  return (
    <div className="banner" role="status">
      <OfflineIcon />
      <span>
        <b className="strong">{state.name === 'offline' ? 'Offline.' : 'Reconnecting.'}</b> This is the state of{' '}
        {utcTime(state.since)} UTC.
        {left > 0 && <span className="muted"> Next try in {left} s.</span>}
      </span>
      <button type="button" className="button" onClick={() => connection.retry()}>
        Try now
      </button>
    </div>
  );
}

const NAMES = {
  connecting: 'Connecting',
  live: 'Live',
  stale: 'Stale',
  reconnecting: 'Reconnecting',
  offline: 'Offline',
  'signed-out': 'Signed out',
} as const;

const TONES = {
  connecting: 'gray',
  live: 'green',
  stale: 'amber',
  reconnecting: 'amber',
  offline: 'amber',
  'signed-out': 'red',
} as const;

/** The state of the connection as a word. `isBadge`: as on phones. */
export function ConnectionName({ isBadge = false }: { readonly isBadge?: boolean }) {
  const { connection } = useSession();
  const { name: own } = useStore(connection.state);
  const isStale = useStaleSince() !== undefined;
  const name = own === 'live' && isStale ? 'stale' : own;
  return (
    <span className={isBadge ? 'badge connection' : 'connection'} data-tone={TONES[name]}>
      <span className="connection-dot" />
      <b>{NAMES[name]}</b>
    </span>
  );
}

export function LastChange() {
  const { lists } = useSession();
  const at = useStore(lists.lastChange);
  if (at === undefined) return <span>no change since opened</span>;
  return (
    <span>
      last change <Ago at={at} />
    </span>
  );
}
