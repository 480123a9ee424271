import type { aws, Input, Output, ReadName, UpstreamSession } from '../upstream/index.ts';
import { isNotFound, UpstreamError } from '../upstream/index.ts';
import type { GraphContext } from './context.ts';
import type { NodeName } from './ids.ts';
import { gather } from './plans/objects-by-id.ts';

/** What AWS tells of each node type. Policies and resource policies are flattened: summary and content side by side. */
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

/**
 * One object of AWS, known by its id and perhaps in part. A field that is known costs nothing;
 * the first that is not costs the one Describe call that tells all of them. So `account { parent { id } }`
 * needs no call for the parent, while `parent { name }` does.
 */
export interface Entity<N extends NodeName = NodeName> {
  readonly typename: N;
  readonly id: string;
  readonly known: Partial<NodeShapes[N]>;
  /** True when `known` is all that AWS has to tell. */
  readonly complete: boolean;
  /** Whether a list of the principal's own organization has shown it. */
  readonly isOwn?: boolean;
}

/** An entity whose every member was just read. */
export function whole<N extends NodeName>(typename: N, id: string | undefined, shape: NodeShapes[N]): Entity<N> {
  return { typename, id: id ?? '', known: shape, complete: true };
}

/** An entity of which another object told the id, and perhaps some members. */
export function partial<N extends NodeName>(typename: N, id: string, known: Partial<NodeShapes[N]> = {}): Entity<N> {
  return { typename, id, known, complete: false };
}

/** A partial entity that a list of the principal's own organization has shown. */
export function partialOwn<N extends NodeName>(typename: N, id: string, known: Partial<NodeShapes[N]> = {}): Entity<N> {
  return { typename, id, known, complete: false, isOwn: true };
}

/** The way to an object of a type. */
interface Loader<N extends NodeName> {
  /** Without a wait; null when it is known that there is none, undefined when what is known does not tell. */
  known(session: UpstreamSession, id: string): NodeShapes[N] | null | undefined;
  read(session: UpstreamSession, id: string): Promise<NodeShapes[N] | undefined>;
}

function describes<N extends NodeName, O extends ReadName>(
  operation: O,
  input: (id: string) => Input<O>,
  shapeOf: (reply: Output<O>, id: string) => NodeShapes[N] | undefined,
): Loader<N> {
  return {
    known(session, id) {
      const reply = session.known(operation, input(id));
      return reply && (shapeOf(reply, id) ?? null);
    },
    read: async (session, id) => shapeOf(await session.read(operation, input(id)), id),
  };
}

const roots: Input<'ListRoots'> = { MaxResults: 20 };

const firstRoots = (session: UpstreamSession) => session.knownPage('ListRoots', roots);

/** The first page of roots, which has had the only one so far, when it is known. */
export const knownRoots = (session: UpstreamSession): readonly aws.Root[] | undefined => firstRoots(session)?.items;

/** Reads roots until one is of the kind. */
export async function findRoot(
  session: UpstreamSession,
  isIt: (root: aws.Root) => boolean,
): Promise<aws.Root | undefined> {
  for await (const page of session.pages('ListRoots', roots)) {
    const root = page.items.find(isIt);
    if (root !== undefined) return root;
  }
  return undefined;
}

const loaders: { readonly [N in NodeName]: Loader<N> } = {
  // AWS describes the caller's own organization only.
  Organization: describes(
    'DescribeOrganization',
    () => ({}),
    ({ Organization }, id) => (Organization?.Id === id ? Organization : undefined),
  ),
  // There is no DescribeRoot; an organization has one root.
  Root: {
    known(session, id) {
      const page = firstRoots(session);
      return page?.items.find(({ Id }) => Id === id) ?? (page && page.nextToken === undefined ? null : undefined);
    },
    read: (session, id) => findRoot(session, ({ Id }) => Id === id),
  },
  OrganizationalUnit: describes(
    'DescribeOrganizationalUnit',
    (id) => ({ OrganizationalUnitId: id }),
    ({ OrganizationalUnit }) => OrganizationalUnit,
  ),
  Account: describes(
    'DescribeAccount',
    (id) => ({ AccountId: id }),
    ({ Account }) => Account,
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
  ),
  ResponsibilityTransfer: describes(
    'DescribeResponsibilityTransfer',
    (id) => ({ Id: id }),
    ({ ResponsibilityTransfer }) => ResponsibilityTransfer,
  ),
  CreateAccountStatus: describes(
    'DescribeCreateAccountStatus',
    (id) => ({ CreateAccountRequestId: id }),
    ({ CreateAccountStatus }) => CreateAccountStatus,
  ),
  // AWS describes the caller's own organization's one resource policy only.
  ResourcePolicy: describes(
    'DescribeResourcePolicy',
    () => ({}),
    ({ ResourcePolicy }, id) =>
      ResourcePolicy?.ResourcePolicySummary?.Id === id
        ? { ...ResourcePolicy.ResourcePolicySummary, Content: ResourcePolicy.Content }
        : undefined,
  ),
};

/**
 * The object with this id, read from AWS, or null when AWS says that there is none for this principal:
 * a "not found" of the operation, or an account that is in no organization at all. At once when it is known.
 * @param known What is known of it beside the id, which may tell a cheaper way to it.
 * @throws UpstreamError for every other failure (by rejecting).
 */
export function load<N extends NodeName>(
  context: GraphContext,
  typename: N,
  id: string,
  known: Partial<NodeShapes[N]> = {},
): Entity<N> | null | Promise<Entity<N> | null> {
  const shape = loaders[typename].known(context.session, id);
  if (shape === undefined) return loadUnknown(context, typename, id, known);
  return shape && whole(typename, id, shape);
}

async function loadUnknown<N extends NodeName>(
  context: GraphContext,
  typename: N,
  id: string,
  known: Partial<NodeShapes[N]>,
): Promise<Entity<N> | null> {
  await gather(context, typename, id, { ...known });
  const shape = await unlessNotFound(loaders[typename].read(context.session, id));
  return shape === undefined ? null : whole(typename, id, shape);
}

/** One member of an entity: at once when it is known, else after loading the entity; null when AWS does not tell it. */
export function member<N extends NodeName, M extends keyof NodeShapes[N]>(
  context: GraphContext,
  { typename, id, known, complete }: Entity<N>,
  name: M,
): Known<N, M> | Promise<Known<N, M>> {
  const value: NodeShapes[N][M] | undefined = known[name];
  if (value !== undefined || complete) return value ?? null;
  const shape = loaders[typename].known(context.session, id);
  if (shape !== undefined) return shape?.[name] ?? null;
  return loadedMember(loadUnknown(context, typename, id, known), name);
}

// A function of its own: a closure, made or not, costs each call of the function that it stands in a context on the heap.
const loadedMember = <N extends NodeName, M extends keyof NodeShapes[N]>(
  loading: Promise<Entity<N> | null>,
  name: M,
): Promise<Known<N, M>> => loading.then((loaded) => loaded?.known[name] ?? null);

/** What follows from a value that may still have to come: at once when it is there. */
export function following<T, R>(value: T | Promise<T>, next: (value: T) => R | Promise<R>): R | Promise<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}

type Known<N extends NodeName, M extends keyof NodeShapes[N]> = NonNullable<NodeShapes[N][M]> | null;

/** Resolves to undefined instead of rejecting when AWS says that the object does not exist for this principal. */
export async function unlessNotFound<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof UpstreamError && (isNotFound(error) || isNotInUse(error))) return undefined;
    throw error;
  }
}

/** Whether AWS refused because the principal's account is in no organization. */
export function isNotInUse(error: unknown): boolean {
  return error instanceof UpstreamError && error.code === 'AWSOrganizationsNotInUseException';
}
