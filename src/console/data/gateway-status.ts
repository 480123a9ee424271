import { useEffect } from 'react';
import { GatewayStatusDocument, type GatewayStatusSubscription } from './gateway-status.generated.ts';
import { useSession } from './session.tsx';
import { Store, useStore } from './store.ts';

export type GatewayStatus = GatewayStatusSubscription['gatewayStatusChanges'];

const stores = new WeakMap<object, Store<GatewayStatus | undefined>>();

function storeOf(session: object): Store<GatewayStatus | undefined> {
  const known = stores.get(session);
  if (known !== undefined) return known;
  const store = new Store<GatewayStatus | undefined>(undefined);
  stores.set(session, store);
  return store;
}

/** How far AWS's clock is ahead of this machine's, in ms. The simulator's clock can be moved by months. */
export const clockOffset = new Store(0);

/** Whether AWS's clock is known, or will not be. Before, a page would judge objects by another clock. */
export const isClockKnown = new Store(false);

/** Without an answer, a page is shown by this machine's clock after this time, in ms. */
const MAX_WAIT_MS = 2_000;

/** A difference below this is delay, not another clock. */
const MIN_OFFSET_MS = 2_000;

/** Follows the state of the gateway. Used once, by the shell. */
export function useStatusSubscription(): void {
  const session = useSession();
  useEffect(() => {
    const store = storeOf(session);
    const stopWaiting = () => isClockKnown.set(true);
    const timer = setTimeout(stopWaiting, MAX_WAIT_MS);
    const query = String(GatewayStatusDocument);
    const unsubscribe = session.connection.client.subscribe<GatewayStatusSubscription>(
      { query },
      {
        next: ({ data }) => {
          if (!data) return;
          const ahead = Date.parse(data.gatewayStatusChanges.now) - Date.now();
          clockOffset.set(Math.abs(ahead) < MIN_OFFSET_MS ? 0 : ahead);
          store.set(data.gatewayStatusChanges);
          stopWaiting();
        },
        // Without the scope `gateway:read` the page shows no budget, and uses this machine's clock.
        error: stopWaiting,
        complete: stopWaiting,
      },
    );
    return () => {
      clearTimeout(timer);
      unsubscribe();
    };
  }, [session]);
}

/** The state of the gateway; undefined before it is known, and without the scope `gateway:read`. */
export const useGatewayStatus = (): GatewayStatus | undefined => useStore(storeOf(useSession()));
