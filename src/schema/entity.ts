import type { GraphContext } from './context.ts';
import { upstreamCost } from './cost/rules.ts';
import { type NodeName, typeOfId } from './ids.ts';
import { loadObject, type NodeShapes, nullIfNotFound } from './loaders/objects-by-id.ts';
import { ListPages } from './loaders/replies.ts';

export type { NodeShapes } from './loaders/objects-by-id.ts';

/**
 * One object of AWS, of which the id and perhaps some members are known. A known member costs nothing;
 * the first unknown one costs the one Describe call that returns all of them. So `account { parent { id } }`
 * needs no call for the parent, while `parent { name }` does.
 */
export interface Entity<N extends NodeName = NodeName> {
  readonly typename: N;
  readonly id: string;
  readonly known: Partial<NodeShapes[N]>;
  /** True if `known` is all that AWS returns. */
  readonly complete: boolean;
  /** Whether a list of the principal's own organization has shown it. */
  readonly isOwn?: boolean;
}

/** An entity whose every member was just read. */
export function loadedEntity<N extends NodeName>(typename: N, id: string | undefined, shape: NodeShapes[N]): Entity<N> {
  return { typename, id: id ?? '', known: shape, complete: true };
}

/** An entity of which another object holds the id, and perhaps some members. */
export function entityRef<N extends NodeName>(typename: N, id: string, known: Partial<NodeShapes[N]> = {}): Entity<N> {
  return { typename, id, known, complete: false };
}

/** A partial entity that a list of the principal's own organization has shown. */
export function partialOwn<N extends NodeName>(typename: N, id: string, known: Partial<NodeShapes[N]> = {}): Entity<N> {
  return { typename, id, known, complete: false, isOwn: true };
}

/** `loadObject` as an entity. */
export function load<N extends NodeName>(
  context: GraphContext,
  typename: N,
  id: string,
): Entity<N> | null | Promise<Entity<N> | null> {
  return mapMaybePromise(loadObject(context, typename, id), (shape) => shape && loadedEntity(typename, id, shape));
}

type Member<N extends NodeName, M extends keyof NodeShapes[N]> = NonNullable<NodeShapes[N][M]> | null;

/** One member of an entity: at once when it is known, else after loading the entity; null when AWS does not return it. */
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

// A function of its own: a closure, made or not, costs each call of the function that it stands in a context on the heap.
const memberOf = <N extends NodeName, M extends keyof NodeShapes[N]>(
  loading: Promise<NodeShapes[N] | null>,
  name: M,
): Promise<Member<N, M>> => loading.then((shape) => shape?.[name] ?? null);

/** Maps a value, or a promise of one. */
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

/** A root or organizational unit by its id alone. */
function parentById(id: string): ParentEntity | undefined {
  const type = typeOfId(id);
  return type === 'Root' || type === 'OrganizationalUnit' ? entityRef(type, id) : undefined;
}

/**
 * The parent in a path: the last root or organizational unit before the object itself.
 * Paths look like `o-…/r-…/ou-…/ou-…/123456789012/` (API model, shape Path).
 */
export function parentFromPath(path: string | undefined, ownId: string): ParentEntity | undefined {
  const before = path?.split('/').filter((step) => step !== '' && step !== ownId) ?? [];
  const id = before.at(-1);
  if (id === undefined) return undefined;
  // The rest of the child's path is the path of the parent.
  return typeOfId(id) === 'OrganizationalUnit'
    ? entityRef('OrganizationalUnit', id, { Path: `${before.join('/')}/` })
    : parentById(id);
}

/** Loads the parent from ListParents, for emulators that return no paths. */
export async function parentFromList(context: GraphContext, childId: string): Promise<ParentEntity | null> {
  const pages = new ListPages(context, { operation: 'ListParents', input: { ChildId: childId } });
  const page = await nullIfNotFound(pages.next());
  const id = page?.items[0]?.Id;
  return (id === undefined ? undefined : parentById(id)) ?? null;
}
