import {
  type CreateAccountStatus,
  type Handshake,
  isNotFound,
  type OperationName,
  type Page,
  type ResponsibilityTransfer,
  UpstreamError,
  type UpstreamSession,
} from '../upstream/index.ts';
import { createAccountStatusKind, handshakeKind, type Kind, responsibilityTransferKind } from './kinds.ts';
import type { WatchedList, WatchedObjects } from './types.ts';

/** What a poller reads. */
export interface Source<T> {
  /** Names the log in cursors: the list, or `describe:<id>`. */
  readonly name: string;
  /** Whose rate the poller shares. */
  readonly operation: OperationName;
  readonly kind: Kind<T>;
  /** Whether a run's first read goes before the pollers' budget, on which it is booked all the same. */
  readonly beginsAtOnce: boolean;
  /** Everything that there is. Rejects, with nothing read, when any page fails. */
  read(session: UpstreamSession): Promise<readonly T[]>;
}

/** The most that AWS gives in one page of these lists. */
const MaxResults = 20;

const list = <T>(
  name: WatchedList,
  operation: OperationName,
  kind: Kind<T>,
  pagesOf: (session: UpstreamSession) => AsyncIterable<Page<T>>,
): Source<T> => ({
  name,
  operation,
  kind,
  beginsAtOnce: false,
  async read(session) {
    const objects: T[] = [];
    for await (const page of pagesOf(session)) objects.push(...page.items);
    return objects;
  },
});

export const listSources: { readonly [L in WatchedList]: Source<WatchedObjects[L]> } = {
  organizationHandshakes: list('organizationHandshakes', 'ListHandshakesForOrganization', handshakeKind, (session) =>
    session.pages('ListHandshakesForOrganization', { MaxResults }),
  ),
  accountHandshakes: list('accountHandshakes', 'ListHandshakesForAccount', handshakeKind, (session) =>
    session.pages('ListHandshakesForAccount', { MaxResults }),
  ),
  inboundResponsibilityTransfers: list(
    'inboundResponsibilityTransfers',
    'ListInboundResponsibilityTransfers',
    responsibilityTransferKind,
    (session) => session.pages('ListInboundResponsibilityTransfers', { Type: 'BILLING', MaxResults }),
  ),
  outboundResponsibilityTransfers: list(
    'outboundResponsibilityTransfers',
    'ListOutboundResponsibilityTransfers',
    responsibilityTransferKind,
    (session) => session.pages('ListOutboundResponsibilityTransfers', { Type: 'BILLING', MaxResults }),
  ),
  createAccountStatuses: list('createAccountStatuses', 'ListCreateAccountStatus', createAccountStatusKind, (session) =>
    session.pages('ListCreateAccountStatus', { MaxResults }),
  ),
};

/** How one object of a kind is read by its id, and which lists may hold it. */
export interface SingleSource<T> {
  readonly kind: Kind<T>;
  readonly operation: OperationName;
  readonly lists: readonly Source<T>[];
  /** Rejects with AWS's own "not found" when there is none. */
  describe(session: UpstreamSession, id: string): Promise<T>;
}

const expectObject = <T>(object: T | null | undefined, operation: OperationName): T => {
  if (object !== undefined && object !== null) return object;
  throw new UpstreamError(`${operation} answered without the object that was asked for.`, {
    code: 'UPSTREAM_BAD_RESPONSE',
    operation,
    retryable: false,
  });
};

export const handshakeSource: SingleSource<Handshake> = {
  kind: handshakeKind,
  operation: 'DescribeHandshake',
  lists: [listSources.organizationHandshakes, listSources.accountHandshakes],
  async describe(session, id) {
    const { Handshake } = await session.read('DescribeHandshake', { HandshakeId: id });
    return expectObject(Handshake, 'DescribeHandshake');
  },
};

export const responsibilityTransferSource: SingleSource<ResponsibilityTransfer> = {
  kind: responsibilityTransferKind,
  operation: 'DescribeResponsibilityTransfer',
  lists: [listSources.inboundResponsibilityTransfers, listSources.outboundResponsibilityTransfers],
  async describe(session, id) {
    const { ResponsibilityTransfer } = await session.read('DescribeResponsibilityTransfer', { Id: id });
    return expectObject(ResponsibilityTransfer, 'DescribeResponsibilityTransfer');
  },
};

export const createAccountStatusSource: SingleSource<CreateAccountStatus> = {
  kind: createAccountStatusKind,
  operation: 'DescribeCreateAccountStatus',
  lists: [listSources.createAccountStatuses],
  async describe(session, id) {
    const { CreateAccountStatus } = await session.read('DescribeCreateAccountStatus', { CreateAccountRequestId: id });
    return expectObject(CreateAccountStatus, 'DescribeCreateAccountStatus');
  },
};

export const describedName = (id: string): string => `describe:${id}`;

/** One object that no list shows, read as if it were a list of at most one. */
export const describedSource = <T>(single: SingleSource<T>, id: string): Source<T> => ({
  name: describedName(id),
  operation: single.operation,
  kind: single.kind,
  // Many objects share the budget of one operation, and whoever subscribes waits for the first read.
  beginsAtOnce: true,
  async read(session) {
    try {
      return [await single.describe(session, id)];
    } catch (error) {
      if (isNotFound(error)) return [];
      throw error;
    }
  },
});
