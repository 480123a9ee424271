import './drawer.css';
import { type ReactNode, useId } from 'react';
import { ChevronDownIcon, ChevronUpIcon, CloseIcon } from './icons.tsx';
import { useEscape } from './use-escape.ts';

/** Where a drawer leads to. */
export interface DrawerMoves {
  readonly onClose: () => void;
  /** Open the row before and after; absent at the ends of the list. */
  readonly onPrevious?: (() => void) | undefined;
  readonly onNext?: (() => void) | undefined;
}

interface DrawerProps extends DrawerMoves {
  readonly title: string;
  /** Beside the title: the state. */
  readonly badge?: ReactNode;
  /** What Esc closes instead: a form within the drawer. */
  readonly onEscape?: (() => void) | undefined;
  /** False for a form, which has no row before or after. */
  readonly hasMoves?: boolean;
  readonly children: ReactNode;
}

/** The open object, beside the list. The list stays usable; Esc closes the drawer, and the focus returns to its row. */
export function Drawer({
  title,
  badge,
  onEscape,
  onClose,
  onPrevious,
  onNext,
  hasMoves = true,
  children,
}: DrawerProps) {
  const id = useId();
  useEscape(onEscape ?? onClose);
  return (
    <aside className="drawer" aria-labelledby={id} tabIndex={-1}>
      <div className="drawer-header">
        <h2 id={id} className="truncate" title={title}>
          {title}
        </h2>
        {badge}
        <div className="drawer-tools">
          {hasMoves && (
            <>
              <button
                type="button"
                className="button button-plain button-icon"
                aria-label="Previous"
                disabled={!onPrevious}
                onClick={onPrevious}
              >
                <ChevronUpIcon />
              </button>
              <button
                type="button"
                className="button button-plain button-icon"
                aria-label="Next"
                disabled={!onNext}
                onClick={onNext}
              >
                <ChevronDownIcon />
              </button>
            </>
          )}
          <button type="button" className="button button-plain button-icon" aria-label="Close" onClick={onClose}>
            <CloseIcon />
          </button>
        </div>
      </div>
      <div className="drawer-body">{children}</div>
    </aside>
  );
}

/** A fact of the drawer: its name and its value. */
export function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
