import { useEffect, useReducer } from 'react';
import { clockOffset } from './gateway-status.ts';
import { useStore } from './store.ts';

/** The time at AWS: it decides which transfers have started or ended, and how long is left. */
export const nowAtAws = (): Date => new Date(Date.now() + clockOffset.get());

/** The time of this machine, for what the gateway stamps by its own clock. Ticks as `useNow` does. */
export function useMachineNow(intervalMs: number): Date {
  useNow(intervalMs);
  return new Date();
}

/** The time at AWS. The component renders again after each interval, in ms. */
export function useNow(intervalMs = 30_000): Date {
  const offset = useStore(clockOffset);
  const [, tick] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const timer = setInterval(tick, intervalMs);
    return () => clearInterval(timer);
  }, [intervalMs]);
  return new Date(Date.now() + offset);
}
