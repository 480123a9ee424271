import { useEffect, useRef } from 'react';

/** Calls `onEscape` on Esc. What lies above the page, a dialog or a menu, closes first. */
export function useEscape(onEscape: (() => void) | undefined): void {
  const latest = useRef(onEscape);
  latest.current = onEscape;
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented || latest.current === undefined) return;
      if (document.querySelector('dialog[open], :popover-open')) return;
      event.preventDefault();
      latest.current();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
}
