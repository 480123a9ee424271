import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createCopy } from '../../src/inventory/index.ts';
import { ChangedOrganization, ChangeRejectedError, type PolicyChange } from '../../src/inventory/policy-changes.ts';
import { PolicyPreview } from '../../src/inventory/policy-preview.ts';
import type { aws } from '../../src/upstream/index.ts';
import { runs } from '../support/runs.ts';
import { wall } from './support/fake-kept.ts';
import { beginnings, RandomOrganization } from './support/random-organization.ts';

const POLICIES = ['p-aaaaaaaa', 'p-bbbbbbbb', 'p-cccccccc'];
const ROOT = 'r-demo';
const accepts = () => undefined;

/** Numbers choose among the objects that exist. */
const steps = fc.array(
  fc.record({
    kind: fc.constantFrom('attach', 'attach', 'detach', 'moveAccount', 'updateContent'),
    policy: fc.nat({ max: 2 }),
    account: fc.nat({ max: 40 }),
    target: fc.nat({ max: 60 }),
  }),
  { maxLength: 12 },
);

/** The organization as plain sets, which each change changes in the simplest way. */
class Model {
  readonly parents: Map<string, string>;
  readonly attached: Set<string>;
  readonly edited = new Set<string>();
  readonly #organization: RandomOrganization;

  constructor(organization: RandomOrganization) {
    this.#organization = organization;
    this.parents = new Map(organization.accounts.map((one) => [one.Id ?? '', organization.parentOf(one)]));
    const targets = [...organization.parentIds, ...this.parents.keys()];
    const pairs = targets.flatMap((target) => POLICIES.map((policy) => [policy, target] as const));
    this.attached = new Set(
      pairs.filter(([policy, target]) => organization.isAttached(policy, target)).map((pair) => pair.join(' at ')),
    );
  }

  /** Applies a change; false if AWS rejects it. */
  apply(change: PolicyChange): boolean {
    if (change.kind === 'updateContent') {
      this.edited.add(change.policyId);
      return true;
    }
    if (change.kind === 'moveAccount') {
      if (this.parents.get(change.accountId) === change.destinationParentId) return false;
      this.parents.set(change.accountId, change.destinationParentId);
      return true;
    }
    const pair = `${change.policyId} at ${change.targetId}`;
    if (change.kind === 'attach') {
      if (this.attached.has(pair)) return false;
      this.attached.add(pair);
      return true;
    }
    const others = POLICIES.filter((policy) => this.attached.has(`${policy} at ${change.targetId}`));
    return others.length > 1 && this.attached.delete(pair);
  }

  /** The policies at the levels of an account. */
  levelsOf(accountId: string): Set<string> {
    const parent = this.parents.get(accountId) ?? ROOT;
    const levels = [...this.#organization.ancestorsOf(parent), accountId];
    return new Set([...this.attached].filter((pair) => levels.includes(pair.split(' at ')[1] ?? '')));
  }
}

const without = (one: ReadonlySet<string>, other: ReadonlySet<string>) =>
  [...one].filter((pair) => !other.has(pair)).sort();

function toChange(
  organization: RandomOrganization,
  { kind, policy, account, target }: { kind: string; policy: number; account: number; target: number },
): PolicyChange | undefined {
  const accounts = organization.accounts.map(({ Id = '' }) => Id);
  const parents = organization.parentIds;
  const targets = [...parents, ...accounts];
  const policyId = POLICIES[policy] ?? '';
  const accountId = accounts[account % accounts.length];
  if (kind === 'updateContent') return { kind, policyId, content: '{}' };
  if (kind === 'attach' || kind === 'detach')
    return { kind, policyId, targetId: targets[target % targets.length] ?? ROOT };
  if (accountId === undefined) return undefined;
  return { kind: 'moveAccount', accountId, destinationParentId: parents[target % parents.length] ?? ROOT };
}

test('a preview has what changes in the sets of policies of each account, and only those accounts', () => {
  fc.assert(
    fc.property(beginnings, steps, (beginning, given) => {
      const organization = new RandomOrganization(beginning);
      const PolicyTypes: aws.PolicyTypeSummary[] = [{ Type: 'SERVICE_CONTROL_POLICY', Status: 'ENABLED' }];
      organization.kept.fill('roots', [[ROOT, { Id: ROOT, PolicyTypes }]]);
      organization.kept.fill('policyContents', []);
      using copy = createCopy(organization.kept);
      const reader = copy.reader(wall(0));
      const tree = reader.policyTree()?.value;
      if (tree === undefined) throw new Error('the copy has all lists');
      const before = new Model(organization);
      const after = new Model(organization);
      const changed = new ChangedOrganization(tree, accepts);
      for (const step of given) {
        const change = toChange(organization, step);
        if (change === undefined) continue;
        const isAccepted = after.apply(change);
        if (isAccepted) changed.apply([change]);
        else expect(() => changed.apply([change])).toThrow(ChangeRejectedError);
      }
      const preview = new PolicyPreview(changed);
      const expected: string[] = [];
      for (const accountId of [...before.parents.keys()].sort()) {
        const [old, next] = [before.levelsOf(accountId), after.levelsOf(accountId)];
        const pairs = (found: ReturnType<PolicyPreview['kept']>) =>
          found.map(({ policyId, targetId }) => `${policyId} at ${targetId}`).sort();
        expect(pairs(preview.gained(accountId))).toEqual(without(next, old));
        expect(pairs(preview.lost(accountId))).toEqual(without(old, next));
        expect(pairs(preview.kept(accountId))).toEqual([...next].filter((pair) => old.has(pair)).sort());
        const isEdited = [...next].some((pair) => after.edited.has(pair.split(' at ')[0] ?? ''));
        if (isEdited || without(old, next).length + without(next, old).length > 0) expected.push(accountId);
      }
      const found = reader.accounts({ reach: preview.affected });
      expect(found?.after(undefined, 1_000).map(({ Id }) => Id)).toEqual(expected);
    }),
    { numRuns: runs(60) },
  );
});
