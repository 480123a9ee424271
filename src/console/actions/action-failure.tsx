import type { ReactNode } from 'react';
import { CopyButton } from '../components/controls.tsx';
import { AlertIcon, RefreshIcon } from '../components/icons.tsx';
import { type ActionError, sentenceOf } from './exceptions.ts';

interface ActionFailureProps {
  /** What did not happen: "Zinnia Zoos was not invited". */
  readonly title: string;
  readonly error: ActionError;
  /** For errors after which the same can succeed. */
  readonly onRetry?: () => void;
  /** Buttons that help: "Show the open invitation". */
  readonly children?: ReactNode;
}

/** What did not happen, why, what to do, and AWS's code to pass on. */
export function ActionFailure({ title, error, onRetry, children }: ActionFailureProps) {
  const { code, reason, requestId, message, isUnknown } = error;
  const { cause, next } = sentenceOf(error);
  return (
    <div className="action-failure" role="alert">
      <h3>
        <AlertIcon size={16} /> {isUnknown ? `It is not known whether this happened` : title}
      </h3>
      <p>
        {cause} {next}
      </p>
      {message !== cause && <p className="muted">“{message}”</p>}
      {(onRetry || children) && (
        <div className="action-failure-buttons">
          {onRetry && (
            <button type="button" className="button" onClick={onRetry}>
              <RefreshIcon /> Retry
            </button>
          )}
          {children}
        </div>
      )}
      <p className="failure-code">
        {code}
        {reason && `, ${reason}`}
        {requestId && (
          <>
            <br />
            Request {requestId} <CopyButton text={`${code} ${requestId}`} what="code and request id" />
          </>
        )}
      </p>
    </div>
  );
}
