import { Store } from './store.ts';

/** Choices of the reader that outlive the page. They hold no data of the organization, and no secrets. */
export interface Preferences {
  readonly theme: 'system' | 'light' | 'dark';
  /** Of rows in tables. */
  readonly density: 'comfortable' | 'compact';
  readonly navigation: 'wide' | 'narrow';
  /** Whether single letters are shortcuts (WCAG 2.1.4). */
  readonly shortcuts: boolean;
}

const KEY = 'orgql';
const DEFAULTS: Preferences = { theme: 'system', density: 'comfortable', navigation: 'wide', shortcuts: true };

function read(): Preferences {
  try {
    return { ...DEFAULTS, ...JSON.parse(localStorage.getItem(KEY) ?? '{}') };
  } catch {
    // The browser keeps nothing, or something else is stored.
    return DEFAULTS;
  }
}

export const preferences = new Store<Preferences>(read());

export function setPreference(change: Partial<Preferences>): void {
  preferences.update((known) => ({ ...known, ...change }));
}

export const toggleDensity = (): void =>
  setPreference({ density: preferences.get().density === 'compact' ? 'comfortable' : 'compact' });

function apply(): void {
  const { theme, density } = preferences.get();
  document.documentElement.dataset['density'] = density;
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}

apply();
preferences.subscribe(() => {
  apply();
  try {
    localStorage.setItem(KEY, JSON.stringify(preferences.get()));
  } catch {
    // The choice lasts as long as the page.
  }
});
