import { type ReactNode, useEffect, useId, useRef } from 'react';

interface ActionCardProps {
  /** What the form asks: "When does Northwind stop paying?". */
  readonly title: string;
  readonly children: ReactNode;
}

/** What takes the focus: a field, the button that adds one, or else the button that sends the form. */
const FIRST = 'input:not(:disabled), textarea, .form-tags > button, button[type="submit"]';

/** A form within the drawer of its object. The focus moves to its first field, and back when it closes. */
export function ActionCard({ title, children }: ActionCardProps) {
  const id = useId();
  const card = useRef<HTMLElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    const first = card.current?.querySelector<HTMLElement>(FIRST);
    if (!card.current?.contains(before)) first?.focus();
    return () => {
      const target = before instanceof HTMLElement && before.isConnected ? before : document.querySelector('.drawer');
      (target as HTMLElement | null)?.focus();
    };
  }, []);
  return (
    <section ref={card} className="action-card" aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      {children}
    </section>
  );
}

/** Shown instead of a form that makes no sense any more: the event that made it so. */
export function Overtaken({ children, onClose }: { readonly children: ReactNode; readonly onClose: () => void }) {
  return (
    <section className="action-card" role="status">
      <p>{children}</p>
      <div className="form-footer">
        <button type="button" className="button" onClick={onClose}>
          Close
        </button>
      </div>
    </section>
  );
}
