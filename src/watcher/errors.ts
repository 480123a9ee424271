import { type OperationName, type TransportCode, UpstreamError } from '../upstream/index.ts';
import type { KeptListName } from './kept-types.ts';

export type WatchErrorCode =
  /** `after` is not a cursor of this subscription; subscribe without it. */
  | 'INVALID_CURSOR'
  /** The subscriber reads too slowly; resume from `cursor`, and read faster. */
  | 'SUBSCRIBER_TOO_SLOW'
  /** AWS refuses the principal: fix its permissions or credentials. */
  | 'ACCESS_LOST'
  /** The principal's account left its organization, or the organization was deleted. */
  | 'NOT_IN_ORGANIZATION'
  /** Reads from AWS failed many times in a row; resume from `cursor` later. */
  | 'UPSTREAM_FAILING'
  /** The event log is unreachable, or has lost events; resume from `cursor`. */
  | 'LOG_UNAVAILABLE'
  /** This gateway is shutting down; resume from `cursor` at another one, or after its restart. */
  | 'GOING_AWAY';

export interface WatchErrorDetails {
  readonly code: WatchErrorCode;
  readonly reason?: string | undefined;
  /** True when subscribing again with `cursor` may succeed without a repair. */
  readonly retryable: boolean;
  /** The cursor of the last event that the subscriber has read: `after: cursor` loses no event. */
  readonly cursor?: string | undefined;
  readonly cause?: unknown;
}

/** The error that ends a subscription. `message` and `extensions` are safe to show to the subscriber. */
export class WatchError extends Error {
  readonly code: WatchErrorCode;
  readonly reason: string | undefined;
  readonly retryable: boolean;
  readonly cursor: string | undefined;
  /** The `extensions` of the GraphQL error. */
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

/** Creates one subscriber's error, with the cursor of the last event that it has read. */
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
    new WatchError(
      `This subscriber has ${maxBuffered} or more unread events (watch.maxBuffered). ${resumeHint(cursor)}`,
      {
        code: 'SUBSCRIBER_TOO_SLOW',
        retryable: true,
        cursor,
      },
    );

/** The lists are those of another organization now, so that the logs of the former one end. */
export const otherOrganization: CreateEndError = (cursor) =>
  new WatchError(`The principal's account is in another organization now. Subscribe again for a new snapshot.`, {
    code: 'LOG_UNAVAILABLE',
    reason: 'OTHER_ORGANIZATION',
    retryable: true,
    cursor,
  });

/** The message to subscribers when the store or Redis fails. The reason is only logged, because it names hosts. */
export const logUnreachable = 'The event log is unreachable or rejects writes.';

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

/** Errors that a retry does not fix: subscriptions must end soon. */
const permanentCodes: Readonly<Record<string, 'ACCESS_LOST' | 'NOT_IN_ORGANIZATION'>> = {
  AccessDeniedException: 'ACCESS_LOST',
  AccessDeniedForDependencyException: 'ACCESS_LOST',
  UPSTREAM_CREDENTIALS: 'ACCESS_LOST',
  AWSOrganizationsNotInUseException: 'NOT_IN_ORGANIZATION',
};

/** Whether an error lasts until the principal's permissions, credentials or organization change. */
export const isPermanent = (error: unknown): boolean => error instanceof UpstreamError && error.code in permanentCodes;

/** The `reason` of a poll that takes too long. */
const pollDeadline = 'POLL_DEADLINE';

export const pollTimeout = (operation: OperationName, deadlineMs: number, calls: number) =>
  new UpstreamError(
    `${operation} is not complete after ${deadlineMs / 1000} s (watch.pollDeadlineMs) and ${calls} ${calls === 1 ? 'call' : 'calls'}. ` +
      'AWS does not reply or returns endless pages; if the list is that long, increase watch.pollDeadlineMs.',
    { code: 'UPSTREAM_TIMEOUT', reason: pollDeadline, operation, retryable: true },
  );

/**
 * Whether this number of failed polls in a row ends subscriptions. Polls that reach their deadline take long, so two
 * are enough.
 */
export const endsSubscriptions = (error: UpstreamError, failures: number): boolean =>
  failures >= (isPermanent(error) || error.reason === pollDeadline ? 2 : 10);

/** Whether AWS refuses this read, but may grant others to the same principal. */
export const isRefusal = (error: UpstreamError): boolean =>
  isPermanent(error) && error.code !== ('UPSTREAM_CREDENTIALS' satisfies TransportCode);

/** The lists whose objects say which parts other lists have, with the operations that read them. */
const sourceOperations = { roots: 'ListRoots', policies: 'ListPolicies' } satisfies Partial<
  Record<KeptListName, OperationName>
>;
export type SourceList = keyof typeof sourceOperations;
export const isSourceList = (list: KeptListName): list is SourceList => Object.hasOwn(sourceOperations, list);

/** A list cannot be read, as AWS refuses the one that says which parts it has. */
export const sourceRefused = (list: KeptListName, source: SourceList): UpstreamError =>
  new UpstreamError(`The list ${list} needs the list ${source}. Permit organizations:${sourceOperations[source]}.`, {
    code: 'AccessDeniedForDependencyException',
    operation: sourceOperations[source],
    retryable: false,
  });

/**
 * Creates the error of a subscription to one object that its list no longer shows, when the describe fails that would
 * confirm the removal.
 */
export const unconfirmedRemoval =
  (id: string, error: UpstreamError): CreateEndError =>
  (cursor) =>
    new WatchError(
      `The list of ${id} no longer shows it, and ${error.operation}, ` +
        `which would confirm the removal, failed with ${error.code}: ${error.message} ${resumeHint(cursor)}`,
      { code: 'UPSTREAM_FAILING', reason: error.code, retryable: true, cursor, cause: error },
    );

/** Creates the error of a subscription whose list AWS refuses, or whose reads failed `failures` times in a row. */
export const upstreamFailed =
  (error: UpstreamError, failures: number): CreateEndError =>
  (cursor) => {
    const code = permanentCodes[error.code] ?? 'UPSTREAM_FAILING';
    const description = {
      ACCESS_LOST: `AWS refuses ${error.operation} to this principal now (${error.message}). Fix its permissions or credentials first.`,
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
