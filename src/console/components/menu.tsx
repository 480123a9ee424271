import './menu.css';
import {
  type KeyboardEvent,
  type ReactNode,
  useCallback,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';

interface MenuProps {
  /** The button's content and class. */
  readonly button: ReactNode;
  readonly className?: string;
  /** Names the box; and the button, if that has no text. */
  readonly label: string;
  readonly isIcon?: boolean;
  readonly children: (close: () => void) => ReactNode;
  readonly align?: 'start' | 'end';
  /** A menu of items, or a box with other content. */
  readonly role?: 'menu' | 'dialog';
  readonly isActive?: boolean;
  readonly onOpen?: (() => void) | undefined;
}

const MARGIN = 6;

/** A button that opens a box beside it. It uses the browser's popover, so that it is above everything and Esc closes it. */
export function Menu({
  button,
  className = 'button',
  label,
  isIcon,
  children,
  align = 'start',
  role = 'menu',
  isActive,
  onOpen,
}: MenuProps) {
  const id = useId();
  const trigger = useRef<HTMLButtonElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);
  const close = useCallback(() => {
    box.current?.hidePopover();
    trigger.current?.focus();
  }, []);

  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const onToggle = (event: Event) => setOpen((event as ToggleEvent).newState === 'open');
    element.addEventListener('toggle', onToggle);
    return () => element.removeEventListener('toggle', onToggle);
  }, []);

  // With its content, which says how large it is.
  useLayoutEffect(() => {
    const [element, anchor] = [box.current, trigger.current];
    if (!isOpen || element === null || anchor === null) return;
    const around = anchor.getBoundingClientRect();
    const { width, height } = element.getBoundingClientRect();
    const left = align === 'end' ? around.right - width : around.left;
    const below = around.bottom + MARGIN;
    const isAbove = below + height > innerHeight && around.top > height + MARGIN;
    element.style.left = `${Math.max(MARGIN, Math.min(left, innerWidth - width - MARGIN))}px`;
    element.style.top = `${isAbove ? around.top - height - MARGIN : below}px`;
    const [first = element] = focusable(element);
    first.focus();
  }, [isOpen, align]);

  const open = () => {
    box.current?.showPopover();
    setOpen(true);
    onOpen?.();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      close();
      return;
    }
    const items = focusable(box.current);
    const at = items.indexOf(document.activeElement as HTMLElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (next === undefined || role !== 'menu') return;
    event.preventDefault();
    items[(next + items.length) % items.length]?.focus();
  };

  return (
    <>
      <button
        ref={trigger}
        type="button"
        className={className}
        aria-haspopup={role}
        aria-expanded={isOpen}
        aria-controls={id}
        aria-label={isIcon ? label : undefined}
        data-active={isActive || undefined}
        onClick={() => (isOpen ? close() : open())}
      >
        {button}
      </button>
      <div
        ref={box}
        id={id}
        popover="auto"
        className="menu"
        role={role}
        aria-label={label}
        // A box of text takes the focus itself.
        tabIndex={-1}
        onKeyDown={onKeyDown}
      >
        {isOpen && children(close)}
      </div>
    </>
  );
}

function focusable(within: HTMLElement | null): HTMLElement[] {
  return [...(within?.querySelectorAll<HTMLElement>('button:not(:disabled), a[href], input, [tabindex="0"]') ?? [])];
}
