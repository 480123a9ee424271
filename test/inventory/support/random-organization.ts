import fc from 'fast-check';
import type { aws } from '../../../src/upstream/index.ts';
import type { KeptOrganizationalUnit } from '../../../src/watcher/kept-types.ts';
import { FakeKept } from './fake-kept.ts';

const ROOT = 'r-demo';
const POLICIES = ['p-aaaaaaaa', 'p-bbbbbbbb', 'p-cccccccc'] as const;
const STATES = ['ACTIVE', 'SUSPENDED', 'PENDING_CLOSURE', 'CLOSED'] as const;

/** Short texts with few characters, so that many names are equal, contain each other, or differ in case or form. */
export const names = fc
  .array(
    fc.constantFrom(
      'a',
      'A',
      'b',
      'k',
      '\u212a',
      '\u00e9',
      'e\u0301',
      'E',
      '\u03a3',
      '\u03c3',
      '\u03c2',
      '\u00df',
      '.',
      '(',
      ' ',
      '1',
    ),
    {
      minLength: 1,
      maxLength: 4,
    },
  )
  .map((parts) => parts.join(''));

const small = fc.nat({ max: 30 });
const tagLists = fc.uniqueArray(
  fc.record({ Key: fc.constantFrom('team', 'Team', 'stage'), Value: fc.constantFrom('a', 'b', '') }),
  { selector: ({ Key }) => Key, maxLength: 3 },
);

/** A change of the organization. Numbers choose among the objects that exist. */
export type Change =
  | {
      readonly type: 'putAccount';
      readonly id: number;
      readonly parent: number;
      readonly account: Partial<aws.Account>;
    }
  | { readonly type: 'removeAccount'; readonly id: number }
  | { readonly type: 'addUnit'; readonly id: number; readonly parent: number; readonly name: string }
  | { readonly type: 'removeUnit'; readonly id: number }
  | { readonly type: 'attach' | 'detach'; readonly policy: number; readonly target: number }
  | { readonly type: 'tag'; readonly resource: number; readonly tags: aws.Tag[] };

const putAccount = fc.record({
  type: fc.constant('putAccount' as const),
  id: small,
  parent: small,
  account: fc.record({
    Name: names,
    Email: names,
    State: fc.constantFrom(...STATES),
    JoinedMethod: fc.constantFrom('CREATED' as const, 'INVITED' as const),
    JoinedTimestamp: fc.nat({ max: 5 }).map((day) => new Date(day * 86_400_000)),
  }),
});
const addUnit = fc.record({ type: fc.constant('addUnit' as const), id: small, parent: small, name: names });
const attach = fc.record({ type: fc.constant('attach' as const), policy: small, target: small });
const tag = fc.record({ type: fc.constant('tag' as const), resource: small, tags: tagLists });

export const changes: fc.Arbitrary<Change> = fc.oneof(
  putAccount,
  fc.record({ type: fc.constant('removeAccount' as const), id: small }),
  addUnit,
  fc.record({ type: fc.constant('removeUnit' as const), id: small }),
  attach,
  fc.record({ type: fc.constant('detach' as const), policy: small, target: small }),
  tag,
);

/** Changes that build an organization: units first, as accounts are in them. */
export const beginnings: fc.Arbitrary<readonly Change[]> = fc
  .tuple(
    fc.array(addUnit, { maxLength: 8 }),
    fc.array(putAccount, { maxLength: 40 }),
    fc.array(attach, { maxLength: 8 }),
    fc.array(tag, { maxLength: 12 }),
  )
  .map((parts) => parts.flat());

const pick = <T>(values: readonly T[], index: number): T | undefined => values[index % Math.max(values.length, 1)];

/** An organization that random changes build and change, in a copy that follows them. */
export class RandomOrganization {
  readonly kept = new FakeKept();

  constructor(beginning: readonly Change[]) {
    this.kept.fill('organization', [['o-exampleorgid', { Id: 'o-exampleorgid' }]]);
    this.kept.fill('roots', [[ROOT, { Id: ROOT, Name: 'Root' }]]);
    this.kept.fill(
      'policies',
      POLICIES.map((Id) => [Id, { Id, Type: 'SERVICE_CONTROL_POLICY' }]),
    );
    for (const list of ['accounts', 'organizationalUnits', 'policyAttachments', 'tags'] as const)
      this.kept.fill(list, []);
    for (const change of beginning) this.apply(change);
  }

  get accounts(): readonly aws.Account[] {
    return this.#objects('accounts');
  }

  get units(): readonly KeptOrganizationalUnit[] {
    return this.#objects('organizationalUnits');
  }

  /** The root, then the units. */
  get parentIds(): readonly string[] {
    return [ROOT, ...this.units.map(({ Id = '' }) => Id)];
  }

  isAttached(policyId: string, targetId: string): boolean {
    return this.kept.lists.policyAttachments.objects?.has(`${targetId}/${policyId}`) === true;
  }

  tagsOf(id: string): readonly aws.Tag[] {
    return this.kept.lists.tags.objects?.get(id)?.object.Tags ?? [];
  }

  /** The ids of the root and the units above, according to the units. */
  ancestorsOf(parentId: string): readonly string[] {
    const unit = this.kept.lists.organizationalUnits.objects?.get(parentId)?.object;
    return unit === undefined ? [parentId] : [...this.ancestorsOf(unit.ParentId), parentId];
  }

  parentOf(account: aws.Account): string {
    return account.Paths?.[0]?.split('/').at(-3) ?? '';
  }

  apply(change: Change): void {
    const { kept } = this;
    if (change.type === 'putAccount') {
      const Id = accountId(change.id);
      const parents = this.ancestorsOf(pick(this.parentIds, change.parent) ?? ROOT);
      const Paths = [`o-exampleorgid/${[...parents, Id].join('/')}/`];
      kept.change('accounts', [[Id, { Id, ...change.account, Paths }]]);
    } else if (change.type === 'removeAccount') kept.change('accounts', [[accountId(change.id), undefined]]);
    else if (change.type === 'addUnit') this.#addUnit(change.id, change.parent, change.name);
    else if (change.type === 'removeUnit') this.#removeUnit(unitId(change.id));
    else if (change.type === 'tag') {
      const ResourceId = pick(this.#resources(), change.resource) ?? ROOT;
      kept.change('tags', [[ResourceId, { ResourceId, Tags: change.tags }]]);
    } else {
      const PolicyId = pick(POLICIES, change.policy) ?? POLICIES[0];
      const TargetId = pick(this.#resources(), change.target) ?? ROOT;
      const attachment = change.type === 'attach' ? { PolicyId, TargetId } : undefined;
      kept.change('policyAttachments', [[`${TargetId}/${PolicyId}`, attachment]]);
    }
  }

  #addUnit(index: number, parent: number, Name: string): void {
    const Id = unitId(index);
    const known = this.kept.lists.organizationalUnits.objects?.get(Id)?.object;
    // AWS renames units and does not move them.
    const ParentId = known?.ParentId ?? pick(this.parentIds, parent) ?? ROOT;
    const Path = `o-exampleorgid/${[...this.ancestorsOf(ParentId), Id].join('/')}/`;
    this.kept.change('organizationalUnits', [[Id, { Id, Name, ParentId, Path }]]);
  }

  #removeUnit(id: string): void {
    const isEmpty =
      this.units.every(({ ParentId }) => ParentId !== id) && this.accounts.every((one) => this.parentOf(one) !== id);
    if (isEmpty) this.kept.change('organizationalUnits', [[id, undefined]]);
  }

  #resources(): readonly string[] {
    return [...this.parentIds, ...this.accounts.map(({ Id = '' }) => Id)];
  }

  #objects<L extends 'accounts' | 'organizationalUnits'>(list: L) {
    return [...(this.kept.lists[list].objects?.values() ?? [])].map(({ object }) => object);
  }
}

export const accountId = (index: number): string => String(100_000_000_000 + index * 37);
export const unitId = (index: number): string => `ou-demo-${String(index).padStart(8, '0')}`;
export const parentIdAt = (organization: RandomOrganization, index: number): string =>
  pick(organization.parentIds, index) ?? ROOT;
export const policyIdAt = (index: number): string => pick(POLICIES, index) ?? POLICIES[0];
