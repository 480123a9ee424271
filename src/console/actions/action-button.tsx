import type { ReactNode } from 'react';
import { LockIcon } from '../components/icons.tsx';
import { LockedButton } from '../components/locked-button.tsx';
import { useViewer } from '../data/viewer.ts';

/** The scopes that actions need (docs/security.md). */
export type ActionScope = 'handshakes:respond' | 'handshakes:send' | 'transfers:manage' | 'organization:write';

interface ActionButtonProps {
  /** What a caller without the scope may not do: "Ending a transfer". */
  readonly action: string;
  readonly scope: ActionScope;
  /** Why the principal cannot do it, although the caller has the scope. */
  readonly lock?: string | undefined;
  readonly icon?: ReactNode;
  readonly kind?: 'primary' | 'danger';
  /** Whether its form is open. */
  readonly isOpen?: boolean;
  /** The letter that presses it, such as "n". */
  readonly letter?: string;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

const CLASSES = { primary: ' button-primary', danger: ' button-danger-plain' } as const;

/** Opens the form of an action. A caller without its scope sees why it cannot. */
export function ActionButton(props: ActionButtonProps) {
  const { action, scope, lock, icon, kind, isOpen, letter, onClick, children } = props;
  const hasScope = useHasScope(scope);
  if (!hasScope || lock !== undefined) {
    return (
      <LockedButton action={action} scope={scope} reason={hasScope ? lock : undefined}>
        {children}
      </LockedButton>
    );
  }
  return (
    <button
      type="button"
      className={`button${kind === undefined ? '' : CLASSES[kind]}`}
      aria-expanded={isOpen}
      data-letter={letter}
      onClick={onClick}
    >
      {icon} {children}
    </button>
  );
}

export function useHasScope(scope: ActionScope): boolean {
  // Before it is known, no button looks locked.
  return useViewer().data?.viewer.scopes.includes(scope) ?? true;
}

/** Why a caller cannot do something. */
export const scopeReason = (action: string, scope: ActionScope): string =>
  `${action} needs the scope ${scope}. The operator of this gateway can grant it.`;

interface ActionItemProps extends Omit<ActionButtonProps, 'kind' | 'isOpen' | 'letter'> {
  readonly isDanger?: boolean;
}

/** The same in a menu. */
export function ActionItem({ action, scope, lock, icon, isDanger, onClick, children }: ActionItemProps) {
  const why = useHasScope(scope) ? lock : scopeReason(action, scope);
  return (
    <button
      type="button"
      role="menuitem"
      className={isDanger ? 'button-danger-plain' : undefined}
      aria-disabled={why !== undefined || undefined}
      onClick={() => why === undefined && onClick()}
    >
      {why === undefined ? icon : <LockIcon />}
      <span>
        {children}
        {why !== undefined && <span className="menu-reason">{why}</span>}
      </span>
    </button>
  );
}
