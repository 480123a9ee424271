import './sign-in-again.css';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { CloseIcon } from '../components/icons.tsx';
import { useSession } from '../data/session.tsx';
import { openIssuerWindow } from '../data/sign-in/issuer.ts';
import { type SignInState, signIn } from '../data/sign-in/sign-in.ts';
import { Store, useStore } from '../data/store.ts';
import { useViewer } from '../data/viewer.ts';
import { SignInForm } from './sign-in-form.tsx';

/** Whether the form is over the page. It can be closed, to read on. */
const isAsking = new Store(true);

export const askToSignIn = (): void => isAsking.set(true);

/** Asks an expired caller to sign in again, over the page, which stays as it is. */
export function SignInAgain() {
  const state = useStore(signIn.state);
  const isOpen = useStore(isAsking);
  const { lists } = useSession();
  const { reload } = useViewer();
  const isExpired = state.name === 'expired';
  useEffect(() => {
    if (!isExpired) return;
    askToSignIn();
    return () => {
      // The scopes may have changed.
      reload();
      lists.retryEnded();
    };
  }, [isExpired, lists, reload]);
  if (!isExpired || !isOpen) return null;
  return <SignInDialog state={state} />;
}

function SignInDialog({ state }: { readonly state: Extract<SignInState, { readonly name: 'expired' }> }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [hasWindow, setWindow] = useState(false);
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    // The focus goes back to where the user was typing.
    return () => element?.close();
  }, []);
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
      onClose={() => dialog.current?.open === false && isAsking.set(false)}
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
