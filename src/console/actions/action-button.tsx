import type { ReactNode } from 'react';
import { LockedButton } from '../components/locked-button.tsx';
import { useViewer } from '../data/viewer.ts';

/** The scopes that actions need (docs/security.md). */
export type ActionScope = 'handshakes:respond' | 'handshakes:send' | 'transfers:manage' | 'organization:write';

interface ActionButtonProps {
  /** What a caller without the scope may not do: "Ending a transfer". */
  readonly action: string;
  readonly scope: ActionScope;
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
export function ActionButton({ action, scope, icon, kind, isOpen, letter, onClick, children }: ActionButtonProps) {
  if (!useHasScope(scope)) {
    return (
      <LockedButton action={action} scope={scope}>
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

interface ActionItemProps extends Omit<ActionButtonProps, 'kind' | 'isOpen' | 'letter'> {
  readonly isDanger?: boolean;
}

/** The same in a menu. */
export function ActionItem({ action, scope, icon, isDanger, onClick, children }: ActionItemProps) {
  const hasScope = useHasScope(scope);
  return (
    <button
      type="button"
      role="menuitem"
      className={isDanger ? 'button-danger-plain' : undefined}
      aria-disabled={!hasScope || undefined}
      onClick={() => hasScope && onClick()}
    >
      {icon} {children}
      {!hasScope && (
        <span className="menu-note">
          {action} needs {scope}
        </span>
      )}
    </button>
  );
}
