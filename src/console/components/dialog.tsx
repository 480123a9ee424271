import './dialog.css';
import { type ReactNode, useRef, useState } from 'react';
import { canLeave, filledForms } from '../data/unsaved.ts';
import { CloseIcon } from './icons.tsx';
import { useModal } from './use-modal.ts';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly className?: string;
  /** For a dialog whose content has its own header. */
  readonly hasHeader?: boolean;
}

/** A modal dialog, the browser's own: it keeps the focus, and Esc closes it. */
export function Dialog({ title, onClose, children, className = '', hasHeader = true }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const onClosed = useModal(dialog);
  // Forms beneath the dialog stay, and only those within it are left.
  const [beneath] = useState(filledForms);
  const close = () => canLeave(beneath) && dialog.current?.close();
  return (
    <dialog
      ref={dialog}
      className={`dialog ${className}`}
      aria-label={title}
      onClose={() => {
        onClosed();
        onClose();
      }}
      onCancel={(event) => {
        if (!canLeave(beneath)) event.preventDefault();
      }}
      onClick={(event) => event.target === dialog.current && close()}
    >
      {hasHeader && (
        <div className="dialog-header">
          <h2>{title}</h2>
          <button type="button" className="button button-plain button-icon" aria-label="Close" onClick={close}>
            <CloseIcon />
          </button>
        </div>
      )}
      {children}
    </dialog>
  );
}
