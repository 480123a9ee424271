import { type Concern, organizationEvents } from './organization-events.ts';
import type { WatchedList } from './types.ts';

/** Somebody says that something was done. It is never believed: it makes pollers look, with their own credentials and within their budget. */
export interface Hint {
  /** AWS's name of what was done: an operation, or a service event of CloudTrail. */
  readonly eventName: string;
  /** The accounts that it concerns: the caller, the one whose trail has it, and those that it names. */
  readonly accountIds: readonly string[];
  /** Ids of handshakes and transfers that it names. */
  readonly objectIds: readonly string[];
}

const listsByConcern: Readonly<Partial<Record<Concern, readonly WatchedList[]>>> = {
  handshakes: ['organizationHandshakes', 'accountHandshakes'],
  transfers: ['inboundResponsibilityTransfers', 'outboundResponsibilityTransfers'],
  'account creations': ['createAccountStatuses'],
};

/** The watched lists in which an event may show; none for one of something that is not watched, or that is not known. */
export const listsOfHint = ({ eventName }: Hint): readonly WatchedList[] =>
  (organizationEvents.get(eventName)?.concerns ?? []).flatMap((concern) => listsByConcern[concern] ?? []);
