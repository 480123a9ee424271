import { useEffect, useRef } from 'react';

/** The forms that have been filled in and not sent. */
const filled = new Set<object>();

/** What goes on while other pages are shown, and ends with the tab or the principal. */
const running = new Set<object>();

addEventListener('beforeunload', (event) => {
  if (filled.size + running.size > 0) event.preventDefault();
});

/** Keeps the tab and the principal while something goes on. Returns a function that lets go of them. */
export function keepRunning(): () => void {
  const token = {};
  running.add(token);
  return () => void running.delete(token);
}

/** Whether the page may act as another principal. Asks when what goes on would stop. */
export const canChangePrincipal = (): boolean =>
  running.size === 0 || confirm('Something is still being sent. Change the principal, and leave the rest unsent?');

/** The forms that are filled in now. */
export const filledForms = (): ReadonlySet<object> => new Set(filled);

/** Whether the page may show something else. Asks when a form would be lost. `staying`: forms that are not left. */
export const canLeave = (staying?: ReadonlySet<object>): boolean =>
  [...filled].every((form) => staying?.has(form)) ||
  confirm('A form has been filled in and not sent. Leave it, and lose what was typed?');

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
