import './sign-in-form.css';
import { type FormEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { AlertIcon, ExternalIcon } from '../components/icons.tsx';
import { pageSettings } from '../data/settings.ts';
import { credentialOf, SignInError } from '../data/sign-in/credential.ts';
import { oidc } from '../data/sign-in/issuer.ts';
import { signIn } from '../data/sign-in/sign-in.ts';

interface SignInFormProps {
  /** Why the last attempt has failed, or the session has ended. */
  readonly error: SignInError | undefined;
  /** Goes to the issuer of OpenID Connect. */
  readonly onIssuer: () => Promise<void>;
  /** Below the button of the issuer. */
  readonly issuerNote?: ReactNode;
}

/** The ways to sign in: the issuer, if there is one, and an API key or a token. */
export function SignInForm({ error, onIssuer, issuerNote }: SignInFormProps) {
  const focused = useRef<HTMLButtonElement>(null);
  useEffect(() => focused.current?.focus(), []);
  if (oidc === undefined) return <CredentialForm error={error} hasFocus />;
  return (
    <div className="sign-in-form">
      {error && <SignInFailure error={error} />}
      <button ref={focused} type="button" className="button button-primary" onClick={() => void onIssuer()}>
        <ExternalIcon /> Sign in with {new URL(oidc.issuer).host}
      </button>
      {issuerNote}
      <details>
        <summary>Use an access token instead</summary>
        <CredentialForm />
      </details>
    </div>
  );
}

const isKey = pageSettings.signIn?.credential === 'key';

/** A field for an API key or a token. What is typed leaves the page only to the gateway. */
function CredentialForm({
  error: given,
  hasFocus = false,
}: {
  readonly error?: SignInError | undefined;
  readonly hasFocus?: boolean;
}) {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [error, setError] = useState<SignInError>();
  const [isSending, setSending] = useState(false);
  const shown = error ?? given;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the focus moves once, when the form opens.
  useEffect(() => {
    if (hasFocus) field.current?.focus();
  }, []);

  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    const input = field.current;
    if (input === null || isSending) return;
    setSending(true);
    setError(undefined);
    try {
      const credential = credentialOf(input.value, isKey ? 'an API key' : 'an access token');
      await signIn.signIn(credential);
      input.value = '';
    } catch (cause) {
      setError(cause instanceof SignInError ? cause : new SignInError('SIGN_IN_FAILED', 'Signing in has failed.'));
      input.focus();
      input.select();
    }
    setSending(false);
  };
  return (
    <form className="sign-in-form" noValidate onSubmit={(event) => void onSubmit(event)}>
      {shown && <SignInFailure error={shown} />}
      <div className="sign-in-field">
        <label htmlFor={id}>{isKey ? 'API key' : 'Access token'}</label>
        {/* Not a value of React's, which would be in the markup. */}
        <input
          ref={field}
          id={id}
          type="password"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          aria-invalid={error !== undefined || undefined}
          aria-describedby={`${id}-hint`}
        />
        <p id={`${id}-hint`}>
          It stays in the memory of this page, and is sent to {location.host} only. After a reload you enter it again.
        </p>
      </div>
      <button
        type="submit"
        className={oidc ? 'button' : 'button button-primary'}
        aria-disabled={isSending || undefined}
      >
        {isSending ? 'Signing in…' : 'Sign in'}
      </button>
    </form>
  );
}

function SignInFailure({ error }: { readonly error: SignInError }) {
  return (
    <div className="sign-in-failure" role="alert">
      <AlertIcon />
      <p>
        {error.message} <span className="sign-in-code">{error.code}</span>
      </p>
    </div>
  );
}
