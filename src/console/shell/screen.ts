import type { ComponentType, ReactNode } from 'react';
import type { ActionScope } from '../actions/action-button.tsx';

/** Something that the command palette finds. */
export interface PaletteItem {
  readonly id: string;
  readonly icon: ReactNode;
  readonly name: string;
  /** What it is, such as "Transfer, active since 1 Jul". */
  readonly note: string;
  readonly open: () => void;
  /** What can be done with it, offered when it is the best match. */
  readonly actions?: readonly PaletteAction[];
}

export interface PaletteAction extends Omit<PaletteItem, 'note' | 'actions'> {
  /** The scope that it needs. */
  readonly scope?: ActionScope;
  /** Why the principal cannot do it, although the caller has the scope. */
  readonly lock?: string | undefined;
  /** The key that does the same on its page. */
  readonly letter?: string;
}

/** A page of the console. Its code is loaded when it is opened. */
export interface Screen {
  readonly path: string;
  readonly name: string;
  readonly Icon: ComponentType<{ readonly size?: number }>;
  /** G, then this letter, opens it. */
  readonly letter: string;
  readonly load: () => Promise<{ readonly default: ComponentType }>;
  /** What the navigation shows beside the name. */
  readonly Count?: ComponentType;
  /** What the command palette finds of this page. Called with what is typed. */
  readonly useItems?: (typed: string) => readonly PaletteItem[];
}

/** A dialog that is at hand on every page. */
export type ShellDialog = 'palette' | 'shortcuts';
