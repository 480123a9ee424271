import { useEffect, useRef } from 'react';

/** The forms that have been filled in and not sent. */
const filled = new Set<object>();

addEventListener('beforeunload', (event) => {
  if (filled.size > 0) event.preventDefault();
});

/** Whether the page may show something else. Asks when a form would be lost. */
export const canLeave = (): boolean =>
  filled.size === 0 || confirm('A form has been filled in and not sent. Leave it, and lose what was typed?');

/** Keeps the page while a form is filled in. Returns a function that ends that, for a form that has been sent. */
export function useUnsaved(isFilled: boolean): () => void {
  const token = useRef({});
  useEffect(() => {
    const form = token.current;
    if (!isFilled) return;
    filled.add(form);
    return () => void filled.delete(form);
  }, [isFilled]);
  return () => void filled.delete(token.current);
}
