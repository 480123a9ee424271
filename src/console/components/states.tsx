import './states.css';
import { type ReactNode, useEffect, useState } from 'react';
import type { TableStatus, WatchError } from '../../client/index.ts';
import type { ListState } from '../data/lists.ts';
import type { RequestError } from '../data/request.ts';
import { useSession } from '../data/session.tsx';
import { useViewer } from '../data/viewer.ts';
import { copyText } from './controls.tsx';
import { AlertIcon, KeyIcon, NetworkIcon, RefreshIcon } from './icons.tsx';

/** Data that arrives sooner is shown without a skeleton before it. In ms. */
const SKELETON_DELAY_MS = 150;

/** Rows without content, while a list is read for the first time. */
export function Skeleton({ rows = 12 }: { readonly rows?: number }) {
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), SKELETON_DELAY_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="skeleton" role="status" aria-label="Loading" data-shown={isShown || undefined}>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all the same.
        <div key={row} className="skeleton-row">
          <span />
          <span />
          <span />
        </div>
      ))}
    </div>
  );
}

interface EmptyProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}

/** What would be here, and the next step. */
export function Empty({ icon, title, children, actions }: EmptyProps) {
  return (
    <div className="empty">
      <span className="empty-icon">{icon}</span>
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {actions && <div className="empty-actions">{actions}</div>}
    </div>
  );
}

/** No row matches the filters. */
export function NoMatch({ noun, onClear }: { readonly noun: string; readonly onClear: () => void }) {
  return (
    <Empty
      icon={<AlertIcon />}
      title={`No ${noun} matches`}
      actions={
        <button type="button" className="button" onClick={onClear}>
          Clear filters
        </button>
      }
    />
  );
}

/** The codes with which AWS or the gateway refuses a principal. */
const REFUSED = new Set(['ACCESS_LOST', 'AccessDeniedException', 'FORBIDDEN', 'UPSTREAM_CREDENTIALS']);

interface FailureProps {
  /** What did not happen, such as "Transfers cannot be read". */
  readonly title: string;
  readonly error: RequestError | WatchError;
  readonly onRetry?: (() => void) | undefined;
}

/** Why something could not be read, what to do, and AWS's code to pass on. */
export function Failure({ title, error, onRetry }: FailureProps) {
  const { code, message } = error;
  const requestId = 'requestId' in error ? error.requestId : requestIdOf(error);
  if (REFUSED.has(code)) return <AccessLost error={error} onRetry={onRetry} />;
  return (
    <div className="failure" role="alert">
      <AlertIcon size={20} />
      <div>
        <h2>{title}</h2>
        <p>{message}</p>
        {onRetry && (
          <button type="button" className="button" onClick={onRetry}>
            <RefreshIcon /> Retry
          </button>
        )}
        <p className="failure-code">
          {code}
          {requestId && <br />}
          {requestId && `Request ${requestId}`}
        </p>
      </div>
    </div>
  );
}

const requestIdOf = (error: WatchError): string | undefined => {
  const id = error.errors[0]?.extensions?.['requestId'];
  return typeof id === 'string' ? id : undefined;
};

const operationOf = (error: RequestError | WatchError): string | undefined => {
  if ('operation' in error) return error.operation;
  const operation = (error as WatchError).errors[0]?.extensions?.['operation'];
  return typeof operation === 'string' ? operation : undefined;
};

function AccessLost({ error, onRetry }: Omit<FailureProps, 'title'>) {
  const { principal } = useSession();
  const viewer = useViewer().data?.viewer;
  const name = principal ?? viewer?.principal.name ?? 'this principal';
  const operation = operationOf(error);
  const permission = operation && `organizations:${operation}`;
  return (
    <Empty
      icon={<KeyIcon size={20} />}
      title={`AWS refuses “${name}” this list`}
      actions={
        <>
          {permission && (
            <button type="button" className="button" onClick={() => copyText(permission, 'the missing permission')}>
              Copy the missing permission
            </button>
          )}
          {onRetry && (
            <button type="button" className="button" onClick={onRetry}>
              <RefreshIcon /> Retry
            </button>
          )}
        </>
      }
    >
      {permission ? `Its role has no ${permission}.` : error.message} Other pages still work.
    </Empty>
  );
}

/** For an account in no organization. */
export function NoOrganization() {
  return (
    <Empty icon={<NetworkIcon size={20} />} title="This account is in no organization">
      An organization has what this page shows. Invitations that the account has received are under Invitations.
    </Empty>
  );
}

/** The error that has ended a list, if one has. */
export const errorOf = (status: TableStatus): WatchError | undefined =>
  status.state === 'ended' && status.reason === 'failed' ? status.error : undefined;

interface ListStatesProps {
  readonly title: string;
  readonly list: ListState<unknown>;
  /** False for an account in no organization, which has no such list. */
  readonly isMember?: boolean;
  readonly children: ReactNode;
}

/** A list's error or skeleton until it has rows; then its rows, also while more of them arrive. */
export function ListStates({ title, list, isMember = true, children }: ListStatesProps) {
  if (!isMember) return <NoOrganization />;
  const error = errorOf(list.status);
  if (error !== undefined) return <Failure title={title} error={error} onRetry={list.retry} />;
  if (list.isReady) return children;
  if (list.rows.size === 0) return <Skeleton />;
  return (
    <>
      <p className="list-arriving">
        <progress aria-label="Reading" /> Reading, {list.rows.size.toLocaleString('en-US')} so far
      </p>
      {children}
    </>
  );
}
