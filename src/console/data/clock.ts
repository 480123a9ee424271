import { useEffect, useReducer } from 'react';
import { clockOffset } from './gateway-status.ts';
import { useStore } from './store.ts';

/** The time at AWS, from which lists are judged: what has started, what ends, how long is left. */
export const nowAtAws = (): Date => new Date(Date.now() + clockOffset.get());

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
