import './locked-button.css';
import { type ReactNode, useId } from 'react';
import { useViewer } from '../data/viewer.ts';
import { LockIcon } from './icons.tsx';

interface LockedButtonProps {
  /** What the caller may not do, such as "Reading the lists again". */
  readonly action: string;
  readonly scope: string;
  /** Why it is locked although the caller has the scope. */
  readonly reason?: string | undefined;
  readonly children: ReactNode;
}

/** A button for which the caller has no scope, or its principal no right. It can be focused, and says why it does nothing. */
export function LockedButton({ action, scope, reason, children }: LockedButtonProps) {
  const id = useId();
  const caller = useViewer().data?.viewer.caller;
  return (
    <span className="locked">
      <button type="button" className="button" aria-disabled="true" aria-describedby={id}>
        <LockIcon /> {children}
      </button>
      <span className="locked-reason" role="tooltip" id={id}>
        {reason ?? (
          <>
            You are signed in as <b>{caller}</b>. {action} needs the scope <b>{scope}</b>. The operator of this gateway
            can grant it.
          </>
        )}
      </span>
    </span>
  );
}
