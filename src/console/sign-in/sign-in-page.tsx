import './sign-in-page.css';
import { useEffect } from 'react';
import { redirectToIssuer } from '../data/sign-in/issuer.ts';
import type { SignInState } from '../data/sign-in/sign-in.ts';
import { Brand } from '../shell/brand.tsx';
import { SignInForm } from './sign-in-form.tsx';

interface SignInPageProps {
  readonly state: Extract<SignInState, { readonly name: 'signed-out' | 'busy' | 'handed-over' }>;
}

/** What a user sees that is not signed in: nothing of the organization. */
export function SignInPage({ state }: SignInPageProps) {
  useEffect(() => {
    document.title = 'Sign in · orgql';
  }, []);
  return (
    <main className="sign-in-page" id="main">
      <div className="sign-in-card">
        <div className="sign-in-brand">
          <Brand /> orgql
        </div>
        {state.name === 'signed-out' && (
          <>
            <h1>Sign in</h1>
            <p className="muted">
              The gateway at <b className="strong">{location.host}</b> shows an organization to callers that it knows.
            </p>
            <SignInForm error={state.error} onIssuer={redirectToIssuer} />
          </>
        )}
        {state.name === 'busy' && <h1 role="status">{state.text}</h1>}
        {state.name === 'handed-over' && (
          <>
            <h1>You can close this window</h1>
            <p className="muted">The sign-in goes on in the page that has opened it.</p>
          </>
        )}
      </div>
    </main>
  );
}
