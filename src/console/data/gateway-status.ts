import { useEffect } from 'react';
import { GatewayStatusDocument, type GatewayStatusSubscription } from './gateway-status.generated.ts';
import { RequestError } from './request.ts';
import { useSession } from './session.tsx';
import { Store, useStore } from './store.ts';

export type GatewayStatus = GatewayStatusSubscription['gatewayStatusChanges'];

export interface GatewayStatusState {
  /** The latest; undefined before the first. */
  readonly status: GatewayStatus | undefined;
  /** Why there is none, or no later one. */
  readonly error: RequestError | undefined;
}

const stores = new WeakMap<object, Store<GatewayStatusState>>();

function storeOf(session: object): Store<GatewayStatusState> {
  const known = stores.get(session);
  if (known !== undefined) return known;
  const store = new Store<GatewayStatusState>({ status: undefined, error: undefined });
  stores.set(session, store);
  return store;
}

/** Counts the reader's attempts after an error. */
const attempts = new Store(0);

export const retryGatewayStatus = (): void => attempts.update((count) => count + 1);

/** How far AWS's clock is ahead of this machine's, in ms. The simulator's clock can be moved by months. */
export const clockOffset = new Store(0);

/** Whether AWS's clock is known, or will not be. Before, a page would judge objects by another clock. */
export const isClockKnown = new Store(false);

/** Without an answer, a page is shown by this machine's clock after this time, in ms. */
const MAX_WAIT_MS = 2_000;

/** A difference below this is delay, not another clock. In ms. */
const MIN_OFFSET_MS = 2_000;

/** Follows the state of the gateway. Used once, by the shell. */
export function useStatusSubscription(): void {
  const session = useSession();
  const attempt = useStore(attempts);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each attempt subscribes again.
  useEffect(() => {
    const store = storeOf(session);
    const stopWaiting = () => isClockKnown.set(true);
    const fail = (cause: unknown) => {
      // Without the scope `gateway:read` the page shows no budget, and uses this machine's clock.
      store.update(({ status }) => ({ status, error: toRequestError(cause) }));
      stopWaiting();
    };
    const timer = setTimeout(stopWaiting, MAX_WAIT_MS);
    const query = String(GatewayStatusDocument);
    const unsubscribe = session.connection.client.subscribe<GatewayStatusSubscription>(
      { query },
      {
        next: ({ data, errors }) => {
          if (!data) return errors && fail(errors);
          const ahead = Date.parse(data.gatewayStatusChanges.now) - Date.now();
          if (Math.abs(ahead - clockOffset.get()) >= MIN_OFFSET_MS) clockOffset.set(ahead);
          store.set({ status: data.gatewayStatusChanges, error: undefined });
          stopWaiting();
        },
        error: fail,
        complete: stopWaiting,
      },
    );
    return () => {
      clearTimeout(timer);
      unsubscribe();
    };
  }, [session, attempt]);
}

/** `cause`: the errors of a result, or why the connection has ended. */
function toRequestError(cause: unknown): RequestError {
  const [error] = Array.isArray(cause) ? cause : [];
  return new RequestError(
    error ?? {
      message: 'The connection to the gateway has ended.',
      extensions: { code: 'NETWORK_ERROR', retryable: true },
    },
  );
}

/** The state of the gateway; undefined before it is known, and without the scope `gateway:read`. */
export const useGatewayStatus = (): GatewayStatus | undefined => useGatewayStatusState().status;

export const useGatewayStatusState = (): GatewayStatusState => useStore(storeOf(useSession()));
