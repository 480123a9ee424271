import type { KeptOrganization } from '../../src/watcher/kept-types.ts';

/** The same data as the copy's, as plain objects in arrays, with the members of the graph. */
export interface PlainPolicy {
  readonly id: string;
  readonly name: string;
}

export interface PlainUnit {
  readonly __typename: 'Root' | 'OrganizationalUnit';
  readonly id: string;
  readonly name: string;
  readonly parent: PlainUnit | undefined;
  readonly policies: () => { readonly nodes: readonly PlainPolicy[] };
  readonly policyList: readonly PlainPolicy[];
  readonly tags: ReadonlyMap<string, string>;
}

export interface PlainAccount extends Omit<PlainUnit, '__typename' | 'parent'> {
  readonly __typename: 'Account';
  readonly email: string;
  readonly state: string;
  readonly joinedMethod: string;
  readonly joinedAt: number;
  readonly parent: PlainUnit;
}

export interface PlainOrganization {
  readonly root: PlainUnit;
  /** Both in the order of their ids. */
  readonly units: readonly PlainUnit[];
  readonly accounts: readonly PlainAccount[];
}

const byId = <T extends { readonly id: string }>(items: T[]): readonly T[] =>
  items.sort((a, b) => (a.id < b.id ? -1 : 1));

const objectsOf = <T>(list: {
  readonly objects: ReadonlyMap<string, { readonly object: T }> | undefined;
}): readonly T[] => [...(list.objects?.values() ?? [])].map(({ object }) => object);

/** Copies the data out of a complete copy. */
export function plainDataOf(kept: KeptOrganization): PlainOrganization {
  const policies = new Map(
    objectsOf(kept.list('policies')).map(({ Id = '', Name = '' }) => [Id, { id: Id, name: Name }] as const),
  );
  const policiesOf = new Map<string, PlainPolicy[]>();
  for (const { PolicyId, TargetId } of objectsOf(kept.list('policyAttachments'))) {
    const policy = policies.get(PolicyId);
    if (policy !== undefined) policiesOf.set(TargetId, [...(policiesOf.get(TargetId) ?? []), policy]);
  }
  const tagsOf = new Map(
    objectsOf(kept.list('tags')).map(({ ResourceId, Tags }) => [
      ResourceId,
      new Map(Tags.map(({ Key = '', Value = '' }) => [Key, Value])),
    ]),
  );
  const target = (id: string) => {
    const policyList = byId(policiesOf.get(id) ?? []);
    const connection = { nodes: policyList };
    return { policyList, policies: () => connection, tags: tagsOf.get(id) ?? new Map<string, string>() };
  };
  const parents = new Map<string, PlainUnit>();
  for (const { Id = '', Name = '' } of objectsOf(kept.list('roots')))
    parents.set(Id, { __typename: 'Root', id: Id, name: Name, parent: undefined, ...target(Id) });
  const [root] = parents.values();
  if (root === undefined) throw new Error('The copy has no root.');
  const units = new Map(objectsOf(kept.list('organizationalUnits')).map((unit) => [unit.Id ?? '', unit]));
  const unitOf = (id: string): PlainUnit => {
    const known = parents.get(id);
    if (known !== undefined) return known;
    const { Name = '', ParentId = root.id } = units.get(id) ?? {};
    const parent = unitOf(ParentId);
    const unit: PlainUnit = { __typename: 'OrganizationalUnit', id, name: Name, parent, ...target(id) };
    parents.set(id, unit);
    return unit;
  };
  const plainUnits = [...units.keys()].map(unitOf);
  const accounts = objectsOf(kept.list('accounts')).map(
    ({ Id = '', Name = '', Email = '', State = '', JoinedMethod = '', JoinedTimestamp, Paths }): PlainAccount => ({
      __typename: 'Account',
      id: Id,
      name: Name,
      email: Email,
      state: State,
      joinedMethod: JoinedMethod,
      joinedAt: JoinedTimestamp?.getTime() ?? 0,
      parent: unitOf(Paths?.[0]?.split('/').at(-3) ?? root.id),
      ...target(Id),
    }),
  );
  return { root, units: byId(plainUnits), accounts: byId(accounts) };
}

/** Whether a unit is this one, or below it. */
export function isWithin(unit: PlainUnit | undefined, id: string): boolean {
  for (let at = unit; at !== undefined; at = at.parent) if (at.id === id) return true;
  return false;
}
