import './caller.css';
import { CheckIcon, LockIcon, UserIcon } from '../components/icons.tsx';
import { Menu } from '../components/menu.tsx';
import { SCOPES, scopesInWords } from '../data/scopes.ts';
import { hasSignIn, signIn } from '../data/sign-in/sign-in.ts';
import { canLeave } from '../data/unsaved.ts';
import { useViewer } from '../data/viewer.ts';

/** Who is signed in, at the bottom of the navigation. A click shows the scopes in words, and signs out. */
export function Caller() {
  const viewer = useViewer().data?.viewer;
  if (viewer === undefined) return <div className="navigation-caller" />;
  const { caller, scopes } = viewer;
  const words = scopesInWords(scopes);
  return (
    <Menu
      className="navigation-caller"
      label={`${caller} · ${words}`}
      isIcon
      role="dialog"
      button={
        <>
          <UserIcon />
          <span className="wide-only truncate">
            <b>{caller}</b> · {words}
          </span>
        </>
      }
    >
      {() => <CallerBox />}
    </Menu>
  );
}

/** The caller's scopes, and the way out. */
export function CallerBox() {
  const viewer = useViewer().data?.viewer;
  if (viewer === undefined) return null;
  const { caller, scopes } = viewer;
  return (
    <div className="caller-box">
      <h3>{caller}</h3>
      <ul className="caller-scopes">
        {Object.entries(SCOPES).map(([scope, words]) => (
          <li key={scope} title={scope} data-missing={!scopes.includes(scope) || undefined}>
            {scopes.includes(scope) ? <CheckIcon size={14} /> : <LockIcon size={14} />} {words}
            {!scopes.includes(scope) && <span className="visually-hidden">: not allowed</span>}
          </li>
        ))}
      </ul>
      {hasSignIn && (
        <button type="button" className="button" onClick={() => canLeave() && void signIn.signOut()}>
          Sign out
        </button>
      )}
    </div>
  );
}
