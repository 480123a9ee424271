import { type RefObject, useLayoutEffect, useRef } from 'react';

/** Shows a dialog above the page, and returns a function to call when it has closed. */
export function useModal(dialog: RefObject<HTMLDialogElement | null>): () => void {
  const restoreField = useRef(() => {});
  useLayoutEffect(() => {
    restoreField.current = rememberField();
    dialog.current?.showModal();
  }, [dialog]);
  return () => restoreField.current();
}

/**
 * Returns a function that gives the focus, and the place of the cursor, back to the field that is being typed in.
 * Chromium focuses it when a dialog closes, but leaves it without a cursor, so that keys do nothing.
 */
function rememberField(): () => void {
  const field = document.activeElement;
  if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) return () => {};
  const { selectionStart, selectionEnd } = field;
  return () => {
    if (!field.isConnected) return;
    field.blur();
    field.focus();
    if (selectionStart !== null) field.setSelectionRange(selectionStart, selectionEnd);
  };
}
