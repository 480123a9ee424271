import { type OperationName, type TransportCode, UpstreamError } from '../upstream/index.ts';

export type WatchErrorCode =
  /** `after` is no cursor of this subscription; subscribe without it. */
  | 'INVALID_CURSOR'
  /** The subscriber did not read; resume from `cursor`, and read faster. */
  | 'SUBSCRIBER_TOO_SLOW'
  /** AWS refuses the principal: its permissions or credentials must be mended before anything else helps. */
  | 'ACCESS_LOST'
  /** The principal's account left its organization, or the organization was deleted. */
  | 'NOT_IN_ORGANIZATION'
  /** AWS could not be read many times in a row; resume from `cursor` later. */
  | 'UPSTREAM_FAILING'
  /** Where the events are kept is out of reach, or has lost some; resume from `cursor`. */
  | 'LOG_UNAVAILABLE'
  /** This gateway is shutting down; resume from `cursor` at once, at another or after its restart. */
  | 'GOING_AWAY';

export interface WatchErrorDetails {
  readonly code: WatchErrorCode;
  readonly reason?: string | undefined;
  /** True when subscribing again, with `cursor`, may succeed although nothing was repaired. */
  readonly retryable: boolean;
  /** Cursor of the last event that the subscriber was given: nothing is lost by `after: cursor`. */
  readonly cursor?: string | undefined;
  readonly cause?: unknown;
}

/** Why a subscription ended before its time. `message` and `extensions` are safe to show to the subscriber. */
export class WatchError extends Error {
  readonly code: WatchErrorCode;
  readonly reason: string | undefined;
  readonly retryable: boolean;
  readonly cursor: string | undefined;
  /** What GraphQL shows as the error's `extensions`. */
  readonly extensions: Readonly<Record<string, string | boolean>>;

  constructor(message: string, details: WatchErrorDetails) {
    super(message, { cause: details.cause });
    this.name = 'WatchError';
    this.code = details.code;
    this.reason = details.reason;
    this.retryable = details.retryable;
    this.cursor = details.cursor;
    this.extensions = {
      code: details.code,
      retryable: details.retryable,
      ...(details.reason === undefined ? {} : { reason: details.reason }),
      ...(details.cursor === undefined ? {} : { cursor: details.cursor }),
    };
  }
}

/** Makes the error that one subscriber gets, with the cursor of the last event that it was given. */
export type CreateEndError = (cursor: string | undefined) => Error;

const resumeHint = (cursor: string | undefined) =>
  cursor === undefined ? 'Subscribe again.' : 'Subscribe again with `after` set to extensions.cursor; nothing is lost.';

export const goingAway: CreateEndError = (cursor) =>
  new WatchError(`The gateway is shutting down. ${resumeHint(cursor)}`, {
    code: 'GOING_AWAY',
    retryable: true,
    cursor,
  });

export const subscriberTooSlow =
  (maxBuffered: number): CreateEndError =>
  (cursor) =>
    new WatchError(`${maxBuffered} events or more were waiting for this subscriber to read. ${resumeHint(cursor)}`, {
      code: 'SUBSCRIBER_TOO_SLOW',
      retryable: true,
      cursor,
    });

/** What a subscriber learns of a store or Redis that cannot be used. Why is in the log: it names hosts, which are no subscriber's business. */
export const logUnreachable = 'Where the events are kept is out of reach, or takes nothing.';

/** The place where the events are kept cannot be reached, or has lost some that were published. */
export const logUnavailable =
  (description: string, reason: 'UNREACHABLE' | 'REWOUND', cause?: unknown): CreateEndError =>
  (cursor) =>
    new WatchError(`${description} ${resumeHint(cursor)}`, {
      code: 'LOG_UNAVAILABLE',
      reason,
      retryable: true,
      cursor,
      cause,
    });

/** AWS's answers that no retry mends: subscriptions must end soon. */
const permanentCodes: Readonly<Record<string, 'ACCESS_LOST' | 'NOT_IN_ORGANIZATION'>> = {
  AccessDeniedException: 'ACCESS_LOST',
  AccessDeniedForDependencyException: 'ACCESS_LOST',
  UPSTREAM_CREDENTIALS: 'ACCESS_LOST',
  AWSOrganizationsNotInUseException: 'NOT_IN_ORGANIZATION',
};

/** True for failures that tell of the principal, not of the moment. */
export const isPermanent = (error: unknown): boolean => error instanceof UpstreamError && error.code in permanentCodes;

/** `reason` of the error of a poll that took too long. */
const pollDeadline = 'POLL_DEADLINE';

export const pollTimeout = (operation: OperationName, deadlineMs: number, calls: number) =>
  new UpstreamError(
    `${operation} did not come to its end within ${deadlineMs / 1000} s (watch.pollDeadlineMs) and ${calls} ${calls === 1 ? 'call' : 'calls'}. ` +
      'AWS does not answer, or returns ever more pages; if the list is that long, raise the setting.',
    { code: 'UPSTREAM_TIMEOUT', reason: pollDeadline, operation, retryable: true },
  );

/** Whether so many failed polls in a row end subscriptions. A poll that ran into its deadline has kept them waiting for long enough already. */
export const endsSubscriptions = (error: UpstreamError, failures: number): boolean =>
  failures >= (isPermanent(error) || error.reason === pollDeadline ? 2 : 10);

/** True where AWS refuses description is read, and may still grant something else to the same principal. */
export const isRefusal = (error: UpstreamError): boolean =>
  isPermanent(error) && error.code !== ('UPSTREAM_CREDENTIALS' satisfies TransportCode);

/**
 * The end of a subscription to one object that its list does not show any more, where AWS does not say whether it is
 * still there.
 */
export const unconfirmedRemoval =
  (id: string, error: UpstreamError): CreateEndError =>
  (cursor) =>
    new WatchError(
      `The list that ${id} was in does not show it any more, and ${error.operation}, ` +
        `which would tell whether it is gone, failed with ${error.code}: ${error.message} ${resumeHint(cursor)}`,
      { code: 'UPSTREAM_FAILING', reason: error.code, retryable: true, cursor, cause: error },
    );

/** The end of a subscription whose list AWS refuses, or has failed to give `failures` times in a row. */
export const upstreamFailed =
  (error: UpstreamError, failures: number): CreateEndError =>
  (cursor) => {
    const code = permanentCodes[error.code] ?? 'UPSTREAM_FAILING';
    const description = {
      ACCESS_LOST: `${error.operation} is refused to this principal now (${error.message}). Mend its permissions or credentials first.`,
      NOT_IN_ORGANIZATION: `The principal's account is in no organization now (${error.message}).`,
      UPSTREAM_FAILING: `${error.operation} failed ${failures} times in a row, last with ${error.code}: ${error.message}`,
    }[code];
    const retryable = code === 'UPSTREAM_FAILING';
    return new WatchError(`${description} ${resumeHint(cursor)}`, {
      code,
      reason: error.code,
      retryable,
      cursor,
      cause: error,
    });
  };
