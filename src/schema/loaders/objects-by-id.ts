import {
  type aws,
  type Input,
  isNotFound,
  type Output,
  type Page,
  type ReadName,
  UpstreamError,
  type UpstreamSession,
} from '../../upstream/index.ts';
import type { GraphContext } from '../context.ts';
import type { NodeName } from '../ids.ts';
import type { ScannedLists, ScanOptions } from './list-scan.ts';
import { type KeyedRead, loadByKey } from './load-by-key.ts';
import { ListPages, type ListRequest, loadReply, pageInput } from './replies.ts';
import { isScanName } from './scan-thresholds.ts';

/** AWS's shape for each node type. Summary and content of policies and resource policies are merged into one object. */
export interface NodeShapes {
  Organization: aws.Organization;
  Root: aws.Root;
  OrganizationalUnit: aws.OrganizationalUnit;
  Account: aws.Account;
  Policy: aws.PolicySummary & { Content?: string | undefined };
  Handshake: aws.Handshake;
  ResponsibilityTransfer: aws.ResponsibilityTransfer;
  CreateAccountStatus: aws.CreateAccountStatus;
  ResourcePolicy: aws.ResourcePolicySummary & { Content?: string | undefined };
}

type Shape<N extends NodeName> = NodeShapes[N] | null;

type KnownReads = Pick<UpstreamSession, 'known' | 'knownPage'>;

/** Describes how objects of a type are read. Both functions return null if the organization has none with this id. */
interface ObjectRead<N extends NodeName> {
  /** Returns undefined if the session does not know the object. */
  known(session: KnownReads, id: string): Shape<N> | undefined;
  read(context: GraphContext, id: string): Promise<Shape<N>>;
  readonly direct?: ReadName;
  /** The lists that hold such objects; undefined if the hints do not determine them. */
  lists?(hints: Hints): ObjectLists | undefined;
}

/** Known members of an object that determine which lists hold it. */
interface Hints {
  readonly Path?: string | undefined;
  readonly Action?: aws.ActionType | undefined;
}

type ObjectList =
  | 'ListAccounts'
  | 'ListOrganizationalUnitsForParent'
  | 'ListHandshakesForOrganization'
  | 'ListHandshakesForAccount'
  | 'ListInboundResponsibilityTransfers'
  | 'ListOutboundResponsibilityTransfers'
  | 'ListCreateAccountStatus';

interface ObjectLists extends Pick<ScanOptions<unknown>, 'maxCostRatio'> {
  /** Objects of different groups are in different lists. */
  readonly group?: string;
  readonly requests: readonly [ListRequest<ObjectList>, ...ListRequest<ObjectList>[]];
}

function describes<N extends NodeName, O extends ReadName>(
  operation: O,
  input: (id: string) => Input<O>,
  shapeOf: (reply: Output<O>, id: string) => NodeShapes[N] | undefined,
  lists?: (hints: Hints) => ObjectLists | undefined,
): ObjectRead<N> {
  return {
    known(session, id) {
      const reply = session.known(operation, input(id));
      return reply && (shapeOf(reply, id) ?? null);
    },
    read: async (context, id) => shapeOf(await loadReply(context, operation, input(id)), id) ?? null,
    direct: operation,
    ...(lists && { lists }),
  };
}

const roots: ListRequest<'ListRoots'> = { operation: 'ListRoots', input: {} };

/** Returns the first page of roots if the session knows it. So far, AWS creates one root per organization. */
const knownRoots = (session: KnownReads) => session.knownPage('ListRoots', pageInput(roots));

/** Finds a root by its id; without an id, the first root. */
async function findRoot(context: GraphContext, id?: string): Promise<aws.Root | null> {
  const pages = new ListPages(context, roots);
  while (!pages.isComplete) {
    const root = (await pages.next()).items.find(({ Id }) => id === undefined || Id === id);
    if (root !== undefined) return root;
  }
  return null;
}

/** Loads the root of the principal's organization; null if its account is in no organization. */
export function loadOnlyRoot(context: GraphContext): aws.Root | null | Promise<aws.Root | null> {
  return knownRoots(context.session)?.items[0] ?? nullIfNotFound(findRoot(context));
}

const organizationIn = ({ Organization }: Output<'DescribeOrganization'>) => Organization ?? null;

/** Loads the organization of the principal's account; null if the account is in no organization. */
export function loadOwnOrganization(context: GraphContext): aws.Organization | null | Promise<aws.Organization | null> {
  const reply = loadReply(context, 'DescribeOrganization', {});
  return reply instanceof Promise ? nullIfNotFound(reply.then(organizationIn)) : organizationIn(reply);
}

const reads: { readonly [N in NodeName]: ObjectRead<N> } = {
  // AWS describes the caller's own organization only.
  Organization: describes(
    'DescribeOrganization',
    () => ({}),
    ({ Organization }, id) => (Organization?.Id === id ? Organization : undefined),
  ),
  // There is no DescribeRoot.
  Root: {
    known(session, id) {
      const page = knownRoots(session);
      return page?.items.find(({ Id }) => Id === id) ?? (page && page.nextToken === undefined ? null : undefined);
    },
    read: findRoot,
  },
  OrganizationalUnit: describes(
    'DescribeOrganizationalUnit',
    (id) => ({ OrganizationalUnitId: id }),
    ({ OrganizationalUnit }) => OrganizationalUnit,
    ({ Path }) => {
      const parentId = Path?.split('/')
        .filter((step) => step !== '')
        .at(-2);
      return parentId === undefined
        ? undefined
        : {
            group: parentId,
            requests: [{ operation: 'ListOrganizationalUnitsForParent', input: { ParentId: parentId } }],
          };
    },
  ),
  Account: describes(
    'DescribeAccount',
    (id) => ({ AccountId: id }),
    ({ Account }) => Account,
    // AWS allows 8 calls a second of ListAccounts, and 20 of DescribeAccount.
    () => ({ maxCostRatio: 0.4, requests: [{ operation: 'ListAccounts', input: {} }] }),
  ),
  Policy: describes(
    'DescribePolicy',
    (id) => ({ PolicyId: id }),
    ({ Policy }) => Policy && { ...Policy.PolicySummary, Content: Policy.Content },
  ),
  Handshake: describes(
    'DescribeHandshake',
    (id) => ({ HandshakeId: id }),
    ({ Handshake }) => Handshake,
    ({ Action }) => {
      const input = Action === undefined ? {} : { Filter: { ActionType: Action } };
      return {
        group: Action ?? '',
        requests: [
          { operation: 'ListHandshakesForOrganization', input },
          { operation: 'ListHandshakesForAccount', input },
        ],
      };
    },
  ),
  ResponsibilityTransfer: describes(
    'DescribeResponsibilityTransfer',
    (id) => ({ Id: id }),
    ({ ResponsibilityTransfer }) => ResponsibilityTransfer,
    () => ({
      requests: [
        { operation: 'ListInboundResponsibilityTransfers', input: { Type: 'BILLING' } },
        { operation: 'ListOutboundResponsibilityTransfers', input: { Type: 'BILLING' } },
      ],
    }),
  ),
  CreateAccountStatus: describes(
    'DescribeCreateAccountStatus',
    (id) => ({ CreateAccountRequestId: id }),
    ({ CreateAccountStatus }) => CreateAccountStatus,
    () => ({ requests: [{ operation: 'ListCreateAccountStatus', input: {} }] }),
  ),
  // AWS describes the one resource policy of the caller's own organization only.
  ResourcePolicy: describes(
    'DescribeResourcePolicy',
    () => ({}),
    ({ ResourcePolicy }, id) =>
      ResourcePolicy?.ResourcePolicySummary?.Id === id
        ? { ...ResourcePolicy.ResourcePolicySummary, Content: ResourcePolicy.Content }
        : undefined,
  ),
};

/** Whether a session has an object without a call. */
export const isKnownObject = (session: KnownReads, typename: NodeName, id: string): boolean =>
  reads[typename].known(session, id) != null;

/** Reads lists one after the other. The session caches each item as the reply to its Describe call. */
class ScannedObjects<N extends NodeName> implements ScannedLists<Shape<N>> {
  readonly #lists: ListPages<ObjectList>[];
  readonly #seen = new Set<string>();
  readonly #known: (id: string) => Shape<N> | undefined;

  constructor(context: GraphContext, typename: N, { requests }: ObjectLists) {
    this.#lists = requests.map((request) => new ListPages(context, request));
    this.#known = (id) => reads[typename].known(context.session, id);
  }

  async readNext() {
    const [pages] = this.#lists;
    try {
      // TypeScript cannot unite the items of these lists; all of them have an Id.
      const page = (await pages?.next()) as Page<{ readonly Id?: string | undefined }> | undefined;
      for (const { Id } of page?.items ?? []) if (Id !== undefined) this.#seen.add(Id);
      if (pages?.isComplete) this.#lists.shift();
    } catch (error) {
      // AWS may reject one of the lists: a member account cannot list its organization's handshakes.
      if (!(error instanceof UpstreamError) || this.#lists.length === 1) throw error;
      this.#lists.shift();
    }
    return { calls: 1, isComplete: this.#lists.length === 0 };
  }

  find(id: string): Shape<N> | undefined {
    return this.#seen.has(id) ? this.#known(id) : undefined;
  }
}

function objectRead<N extends NodeName>(typename: N, hints: Hints): KeyedRead<string, Shape<N>> {
  const { known, read, direct, lists: listsOf } = reads[typename];
  const lists = listsOf?.(hints);
  const isScannable = isScanName(typename) && direct !== undefined && lists !== undefined;
  return {
    name: `${typename} ${lists?.group ?? ''}`,
    cacheKey: (id) => id,
    known,
    read: (context, id) => nullIfNotFound(read(context, id)),
    ...(isScannable && {
      scan: {
        name: typename,
        directOperation: direct,
        listOperation: lists.requests[0].operation,
        ...(lists.maxCostRatio !== undefined && { maxCostRatio: lists.maxCostRatio }),
        dependsOn: [],
        createLists: (context) => new ScannedObjects(context, typename, lists),
      },
    }),
  };
}

/**
 * Loads the object with this id, without a promise if the session knows it. Returns null if AWS replies "not found", or
 * that the principal's account is in no organization.
 * @param hints Known members of the object, which may determine the list that holds it.
 * @throws UpstreamError for every other failure (the promise rejects).
 */
export function loadObject<N extends NodeName>(
  context: GraphContext,
  typename: N,
  id: string,
  hints: Partial<NodeShapes[N]> = {},
): Shape<N> | Promise<Shape<N>> {
  const known = reads[typename].known(context.session, id);
  return known === undefined ? loadByKey(context, objectRead(typename, hints as Hints), id) : known;
}

/** Resolves to null instead of rejecting if AWS replies that the object does not exist for this principal. */
export async function nullIfNotFound<T>(reading: T | Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof UpstreamError && (isNotFound(error) || isNotInUse(error))) return null;
    throw error;
  }
}

/** Whether AWS rejected the call because the principal's account is in no organization. */
function isNotInUse(error: unknown): boolean {
  return error instanceof UpstreamError && error.code === 'AWSOrganizationsNotInUseException';
}
