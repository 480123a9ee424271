import './sign-in-again.css';
import { useEffect, useRef, useState } from 'react';
import { CloseIcon } from '../components/icons.tsx';
import { useModal } from '../components/use-modal.ts';
import { useSession } from '../data/session.tsx';
import { openIssuerWindow } from '../data/sign-in/issuer.ts';
import { type SignInState, signIn } from '../data/sign-in/sign-in.ts';
import { Store, useStore } from '../data/store.ts';
import { useViewer } from '../data/viewer.ts';
import { SignInForm } from './sign-in-form.tsx';

/** Whether the form is over the page. It can be closed, to read on. */
const isAsking = new Store(false);

export const askToSignIn = (): void => isAsking.set(true);

type Expired = Extract<SignInState, { readonly name: 'expired' }>;

/** Asks an expired caller to sign in again, over the page, which stays as it is. */
export function SignInAgain() {
  const state = useStore(signIn.state);
  const isOpen = useStore(isAsking);
  const expired = useRef<Expired>(undefined);
  const { lists } = useSession();
  const { reload } = useViewer();
  const isExpired = state.name === 'expired';
  if (isExpired) expired.current = state;
  useEffect(() => {
    if (!isExpired) return;
    askToSignIn();
    return () => {
      // The scopes may have changed.
      reload();
      lists.retryEnded();
    };
  }, [isExpired, lists, reload]);
  // Another caller is not asked.
  useEffect(() => () => isAsking.set(false), []);
  if (!isOpen || expired.current === undefined) return null;
  return <SignInDialog state={expired.current} isDone={!isExpired} />;
}

/** `isDone`: the caller has signed in. */
function SignInDialog({ state, isDone }: { readonly state: Expired; readonly isDone: boolean }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [hasWindow, setWindow] = useState(false);
  const onClosed = useModal(dialog);
  useEffect(() => {
    if (isDone) dialog.current?.close();
  }, [isDone]);
  const openWindow = async () => {
    await openIssuerWindow();
    setWindow(true);
  };
  return (
    <dialog
      ref={dialog}
      className="dialog sign-in-again"
      aria-labelledby="sign-in-again"
      // Forms listen to keys of the page, and this dialog is not within them.
      onKeyDown={(event) => event.stopPropagation()}
      onClose={() => {
        isAsking.set(false);
        onClosed();
      }}
    >
      <div className="dialog-header">
        <h2 id="sign-in-again">Sign in again</h2>
        <button
          type="button"
          className="button button-plain button-icon"
          aria-label="Close"
          onClick={() => dialog.current?.close()}
        >
          <CloseIcon />
        </button>
      </div>
      <div className="dialog-body">
        <p>
          Your session as <b className="strong">{state.caller}</b> has ended.{' '}
          <span className="muted">{state.reason}</span>
        </p>
        <p>The page stays as it is, with all that you have typed. Another caller would start with an empty page.</p>
        <SignInForm
          error={state.error}
          onIssuer={openWindow}
          issuerNote={
            hasWindow && state.error === undefined && <p className="muted">Continue in the window that has opened.</p>
          }
        />
      </div>
    </dialog>
  );
}
