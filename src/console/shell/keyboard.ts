import { useEffect } from 'react';
import { navigate } from '../data/location.ts';
import { preferences, setPreference, toggleDensity } from '../data/preferences.ts';
import { screens } from '../screens.ts';
import type { ShellDialog } from './screen.ts';

/** After G, the letter of a page follows within this time, in ms. */
const SEQUENCE_MS = 1_500;

/** Where letters are text. */
const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) &&
  !isCheckbox(target);

const isCheckbox = (target: HTMLElement): boolean =>
  target instanceof HTMLInputElement && /^(checkbox|radio)$/.test(target.type);

const click = (selector: string): void => document.querySelector<HTMLElement>(selector)?.click();
const focus = (selector: string): void => document.querySelector<HTMLElement>(selector)?.focus();

/** The shortcuts of every page. Letters work outside of inputs, and can be switched off. */
export function useKeyboard(onDialog: (dialog: ShellDialog) => void): void {
  useEffect(() => {
    let afterG = Number.NEGATIVE_INFINITY;
    const onKeyDown = (event: KeyboardEvent) => {
      const { key } = event;
      if ((event.ctrlKey || event.metaKey) && key.toLowerCase() === 'k') {
        event.preventDefault();
        onDialog('palette');
        return;
      }
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (!preferences.get().shortcuts || document.querySelector('dialog[open], :popover-open')) return;
      if (performance.now() - afterG < SEQUENCE_MS) {
        afterG = Number.NEGATIVE_INFINITY;
        const screen = screens.find(({ letter }) => letter === key);
        if (screen) navigate(screen.path);
        return;
      }
      const { navigation } = preferences.get();
      const actions: Record<string, () => void> = {
        g: () => {
          afterG = performance.now();
        },
        '/': () => focus('[data-filter]'),
        '?': () => onDialog('shortcuts'),
        d: toggleDensity,
        '[': () => setPreference({ navigation: navigation === 'wide' ? 'narrow' : 'wide' }),
        c: () => click('.copy-as-button'),
        e: () => click('[data-export]'),
        j: () => focus('[role="grid"] [role="row"][tabindex="0"], [role="treeitem"][tabindex="0"]'),
        k: () => focus('[role="grid"] [role="row"][tabindex="0"], [role="treeitem"][tabindex="0"]'),
      };
      const button = document.querySelector<HTMLElement>(`[data-letter="${CSS.escape(key)}"]`);
      const action = actions[key] ?? (button && (() => button.click()));
      if (!action) return;
      event.preventDefault();
      action();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [onDialog]);
}
