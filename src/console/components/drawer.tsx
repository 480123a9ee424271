import './drawer.css';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { ChevronDownIcon, ChevronUpIcon, CloseIcon } from './icons.tsx';

interface DrawerProps {
  readonly title: string;
  /** Beside the title: the state. */
  readonly badge?: ReactNode;
  readonly onClose: () => void;
  /** Open the row before and after; absent at the ends of the list. */
  readonly onPrevious?: (() => void) | undefined;
  readonly onNext?: (() => void) | undefined;
  readonly children: ReactNode;
}

/** The open object, beside the list. The list stays usable; Esc closes the drawer, and the focus returns to its row. */
export function Drawer({ title, badge, onClose, onPrevious, onNext, children }: DrawerProps) {
  const id = useId();
  const drawer = useRef<HTMLElement>(null);
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      // What lies above the drawer closes first.
      if (event.key !== 'Escape' || event.defaultPrevented || document.querySelector('dialog[open], :popover-open'))
        return;
      event.preventDefault();
      close.current();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
  return (
    <aside ref={drawer} className="drawer" aria-labelledby={id} tabIndex={-1}>
      <div className="drawer-header">
        <h2 id={id} className="truncate" title={title}>
          {title}
        </h2>
        {badge}
        <div className="drawer-tools">
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
