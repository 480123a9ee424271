import { parentInPath } from '../watcher/paths.ts';
import type { GraphContext } from './context.ts';
import { upstreamCost } from './cost/rules.ts';
import { type NodeName, typeOfId } from './ids.ts';
import { loadObject, type NodeShapes, nullIfNotFound } from './loaders/objects-by-id.ts';
import { ListPages } from './loaders/replies.ts';

export type { NodeShapes } from './loaders/objects-by-id.ts';

/**
 * An object of AWS with its id and the members that are known so far. Known members cost nothing; the first unknown
 * member costs one Describe call, which returns all. So `account { parent { id } }` makes no call for the parent, and
 * `parent { name }` makes one.
 */
export interface Entity<N extends NodeName = NodeName> {
  readonly typename: N;
  readonly id: string;
  readonly known: Partial<NodeShapes[N]>;
  /** Whether `known` has all members that AWS returns. */
  readonly complete: boolean;
  /** Whether it is in a list of the principal's own organization. */
  readonly isOwn?: boolean;
}

/** Creates an entity with all members that AWS returns. */
export function loadedEntity<N extends NodeName>(typename: N, id: string | undefined, shape: NodeShapes[N]): Entity<N> {
  return { typename, id: id ?? '', known: shape, complete: true };
}

/** Creates an entity from a reference: its id, and members that the referring object has. */
export function entityRef<N extends NodeName>(typename: N, id: string, known: Partial<NodeShapes[N]> = {}): Entity<N> {
  return { typename, id, known, complete: false };
}

/** Creates a reference to an entity that is in a list of the principal's own organization. */
export function partialOwn<N extends NodeName>(typename: N, id: string, known: Partial<NodeShapes[N]> = {}): Entity<N> {
  return { typename, id, known, complete: false, isOwn: true };
}

/** Loads an object as an entity; null if it does not exist. */
export function load<N extends NodeName>(
  context: GraphContext,
  typename: N,
  id: string,
): Entity<N> | null | Promise<Entity<N> | null> {
  return mapMaybePromise(loadObject(context, typename, id), (shape) => shape && loadedEntity(typename, id, shape));
}

type Member<N extends NodeName, M extends keyof NodeShapes[N]> = NonNullable<NodeShapes[N][M]> | null;

/** Returns a member of an entity, loading the entity if the member is unknown; null if AWS does not return it. */
export function resolveMember<N extends NodeName, M extends keyof NodeShapes[N]>(
  context: GraphContext,
  { typename, id, known, complete }: Entity<N>,
  name: M,
): Member<N, M> | Promise<Member<N, M>> {
  const value: NodeShapes[N][M] | undefined = known[name];
  if (value !== undefined || complete) return value ?? null;
  const shape = loadObject(context, typename, id, known);
  return shape instanceof Promise ? memberOf(shape, name) : (shape?.[name] ?? null);
}

// Not a closure in `resolveMember`, as that would allocate in each call (docs/performance.md).
const memberOf = <N extends NodeName, M extends keyof NodeShapes[N]>(
  loading: Promise<NodeShapes[N] | null>,
  name: M,
): Promise<Member<N, M>> => loading.then((shape) => shape?.[name] ?? null);

/** Maps a value or a promise. Values stay synchronous, as most resolvers need no promise. */
export function mapMaybePromise<T, R>(value: T | Promise<T>, next: (value: T) => R | Promise<R>): R | Promise<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}

type MemberName = { [N in NodeName]: keyof NodeShapes[N] & string }[NodeName];
/** The types whose objects have a member. */
type TypesWith<M extends MemberName> = { [N in NodeName]: M extends keyof NodeShapes[N] ? N : never }[NodeName];
type MemberValue<M extends MemberName> =
  | { [N in NodeName]: M extends keyof NodeShapes[N] ? NonNullable<NodeShapes[N][M]> : never }[NodeName]
  | null;

interface MemberField<M extends MemberName, R> {
  readonly extensions: ReturnType<typeof upstreamCost>;
  readonly resolve: (entity: Entity<TypesWith<M>>, args: object, context: GraphContext) => R | Promise<R>;
}

/**
 * The resolver and the upstream cost of a field that returns a member of an entity, as options of the field:
 * `t.string({ description: 'Its name.', ...fromMember('Name') })`.
 * @param map Turns the member, or null, into the value of the field.
 */
export function fromMember<M extends MemberName>(name: M): MemberField<M, MemberValue<M>>;
export function fromMember<M extends MemberName, R>(name: M, map: (value: MemberValue<M>) => R): MemberField<M, R>;
export function fromMember<M extends MemberName>(
  name: M,
  map?: (value: MemberValue<M>) => unknown,
): MemberField<M, unknown> {
  const read = (entity: Entity, context: GraphContext) =>
    resolveMember(context, entity, name as never) as MemberValue<M> | Promise<MemberValue<M>>;
  return {
    extensions: upstreamCost({ members: [name] }),
    resolve: map
      ? (entity, _args, context) => mapMaybePromise(read(entity, context), map)
      : (entity, _args, context) => read(entity, context),
  };
}

/** A root or an organizational unit. */
export type ParentEntity = Entity<'Root' | 'OrganizationalUnit'>;

/** Creates a root or organizational unit from its id. */
function parentById(id: string): ParentEntity | undefined {
  const type = typeOfId(id);
  return type === 'Root' || type === 'OrganizationalUnit' ? entityRef(type, id) : undefined;
}

/**
 * Returns the parent in a path: the last root or organizational unit before the object itself.
 * Paths look like `o-…/r-…/ou-…/ou-…/123456789012/` (API model, shape Path).
 */
export function parentFromPath(path: string | undefined): ParentEntity | undefined {
  const id = parentInPath(path);
  if (path === undefined || id === undefined) return undefined;
  // The beginning of the object's path is the path of the unit.
  return typeOfId(id) === 'OrganizationalUnit'
    ? entityRef('OrganizationalUnit', id, { Path: path.slice(0, path.indexOf(`/${id}/`) + id.length + 2) })
    : parentById(id);
}

/** The root and the organizational units above an object, the root first. */
export function ancestorsFromPath(path: string, ownId: string): readonly ParentEntity[] {
  const steps = path.split('/').filter((step) => step !== '' && step !== ownId);
  return steps.flatMap((id, index) => {
    // The beginning of the object's path is the path of the unit.
    if (typeOfId(id) === 'OrganizationalUnit')
      return [entityRef('OrganizationalUnit', id, { Path: `${steps.slice(0, index + 1).join('/')}/` })];
    return parentById(id) ?? [];
  });
}

/** Loads the parent from ListParents, for emulators that return no paths. */
export async function parentFromList(context: GraphContext, childId: string): Promise<ParentEntity | null> {
  const pages = new ListPages(context, { operation: 'ListParents', input: { ChildId: childId } });
  const page = await nullIfNotFound(pages.next());
  const id = page?.items[0]?.Id;
  return (id === undefined ? undefined : parentById(id)) ?? null;
}
