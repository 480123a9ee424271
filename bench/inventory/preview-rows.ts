import { setImmediate } from 'node:timers/promises';
import { createCopy } from '../../src/inventory/index.ts';
import { ChangedOrganization, type PolicyChange } from '../../src/inventory/policy-changes.ts';
import { PolicyPreview } from '../../src/inventory/policy-preview.ts';
import type { AccountReach, PolicyTree } from '../../src/inventory/types.ts';
import type { WallMs } from '../../src/upstream/index.ts';
import { attachmentId } from '../../src/watcher/kept-kinds.ts';
import type { KeptOrganizationalUnit } from '../../src/watcher/kept-types.ts';
import { FakeKept } from '../../test/inventory/support/fake-kept.ts';
import { atMost, type Row } from './row.ts';
import { medianOf } from './statistics.ts';

const ROOT = 'r-root';
const UNITS = 1_000;
const TYPE = 'SERVICE_CONTROL_POLICY';
const ROUNDS = 40;
const ANY_AGE = Number.NEGATIVE_INFINITY as WallMs;

const unitId = (number: number): string => `ou-root-${String(number).padStart(8, '0')}`;
const policyId = (number: number): string => `p-${String(number).padStart(8, '0')}`;
const accountId = (number: number): string => String(100_000_000_000 + number);

/** The tree as plain objects, as a walk finds it. */
interface Place {
  readonly id: string;
  readonly policies: readonly string[];
  readonly units: Place[];
  readonly accounts: Place[];
}

interface Organization {
  readonly kept: FakeKept;
  readonly root: Place;
  readonly units: readonly Place[];
}

/** Units have three units each below the root; accounts and policies are spread over all of them. */
function createOrganization(accounts: number, policies: number): Organization {
  const targets = new Map<string, string[]>();
  const attach = (policy: string, target: string) => targets.set(target, [...(targets.get(target) ?? []), policy]);
  const allTargets = [ROOT, ...Array.from({ length: UNITS }, (_, number) => unitId(number))];
  for (const target of allTargets) attach('p-FullAWSAccess', target);
  for (let number = 0; number < accounts; number += 1) attach('p-FullAWSAccess', accountId(number));
  for (let number = 0; number < policies; number += 1) {
    attach(policyId(number), allTargets[1 + (number % UNITS)] ?? ROOT);
    attach(policyId(number), accountId((number * 37) % accounts));
  }
  const place = (id: string): Place => ({ id, policies: targets.get(id) ?? [], units: [], accounts: [] });
  const root = place(ROOT);
  const paths = new Map([[ROOT, `o-exampleorgid/${ROOT}/`]]);
  const units: Place[] = [];
  const keptUnits: [string, KeptOrganizationalUnit][] = [];
  for (let number = 0; number < UNITS; number += 1) {
    const parent = number < 10 ? root : (units[Math.floor((number - 10) / 3)] ?? root);
    const unit = place(unitId(number));
    parent.units.push(unit);
    units.push(unit);
    const path = `${paths.get(parent.id)}${unit.id}/`;
    paths.set(unit.id, path);
    keptUnits.push([unit.id, { Id: unit.id, Name: `unit ${number}`, ParentId: parent.id, Path: path }]);
  }
  const kept = new FakeKept();
  kept.fill('roots', [[ROOT, { Id: ROOT, Name: 'Root', PolicyTypes: [{ Type: TYPE, Status: 'ENABLED' }] }]]);
  kept.fill('organizationalUnits', keptUnits);
  kept.fill(
    'accounts',
    Array.from({ length: accounts }, (_, number) => {
      const parent = units[(number * 13) % UNITS] ?? root;
      const id = accountId(number);
      parent.accounts.push(place(id));
      const Paths = [`${paths.get(parent.id)}${id}/`];
      return [id, { Id: id, Name: `account ${number}`, Email: `${number}@example.com`, State: 'ACTIVE', Paths }];
    }),
  );
  const ids = ['p-FullAWSAccess', 'p-attached1', ...Array.from({ length: policies }, (_, number) => policyId(number))];
  kept.fill(
    'policies',
    ids.map((Id) => [Id, { Id, Name: Id, Type: TYPE, AwsManaged: Id === 'p-FullAWSAccess' }]),
  );
  kept.fill(
    'policyContents',
    ids.map((PolicyId) => [PolicyId, { PolicyId, Content: '{}' }]),
  );
  kept.fill(
    'policyAttachments',
    [...targets].flatMap(([TargetId, of]) =>
      of.map((PolicyId) => [attachmentId(TargetId, PolicyId), { TargetId, PolicyId }] as const),
    ),
  );
  return { kept, root, units };
}

type Pair = readonly [policyId: string, targetId: string];

/**
 * Walks the whole tree, and collects what each account gains and loses when a policy is attached at the root: the
 * difference of all policies that reach it before and after.
 */
function walk(root: Place, policy: string): number {
  const rows: { readonly account: string; readonly gained: readonly Pair[]; readonly lost: readonly Pair[] }[] = [];
  const pairsOf = ({ id, policies }: Place): readonly Pair[] => policies.map((policyId) => [policyId, id]);
  const visit = (place: Place, before: readonly Pair[], after: readonly Pair[]) => {
    for (const account of place.accounts) {
      const own = pairsOf(account);
      const [had, has] = [new Set([...before, ...own]), new Set([...after, ...own])];
      const gained = [...has].filter((pair) => !had.has(pair));
      const lost = [...had].filter((pair) => !has.has(pair));
      if (gained.length + lost.length > 0) rows.push({ account: account.id, gained, lost });
    }
    for (const unit of place.units) {
      const own = pairsOf(unit);
      visit(unit, [...before, ...own], [...after, ...own]);
    }
  };
  const own = pairsOf(root);
  visit(root, own, [...own, [policy, root.id]]);
  return rows.length;
}

function timed(one: () => number, other: () => number): readonly [number, number] {
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, work] of [one, other].entries()) {
      const startedAt = performance.now();
      if (work() === 0) throw new Error('A preview affects nothing.');
      // The first rounds compile.
      if (round >= ROUNDS / 4) times[index]?.push(performance.now() - startedAt);
    }
  }
  return times.map(medianOf) as unknown as readonly [number, number];
}

/** Compares previews over the copy with walks of the same tree as plain objects. */
export async function measurePreviews(accounts: number, policies: number): Promise<readonly Row[]> {
  const { kept, root, units } = createOrganization(accounts, policies);
  const copy = createCopy(kept);
  // Long lists are indexed in slices of time.
  while (copy.reader(ANY_AGE).policyTree() === undefined) await setImmediate();
  const preview = (changes: readonly PolicyChange[]): number => {
    const reader = copy.reader(ANY_AGE);
    const tree = reader.policyTree()?.value as PolicyTree;
    const organization = new ChangedOrganization(tree, () => undefined);
    organization.apply(changes);
    const made = new PolicyPreview(organization);
    return count(reader, made, made.affected);
  };
  const count = (reader: ReturnType<typeof copy.reader>, made: PolicyPreview, reach: AccountReach): number => {
    const affected = reader.accounts({ reach });
    let found = 0;
    for (const { Id = '' } of affected?.after(undefined, accounts) ?? [])
      found += made.gained(Id).length + made.lost(Id).length;
    return found;
  };
  const to = units[700]?.id ?? '';
  const moved = units[1]?.accounts[0]?.id ?? '';
  const attached = timed(
    () => preview([{ kind: 'attach', policyId: 'p-attached1', targetId: ROOT }]),
    () => walk(root, 'p-attached1'),
  );
  const movedTimes = timed(
    () => preview([{ kind: 'moveAccount', accountId: moved, destinationParentId: to }]),
    () => walk(root, 'p-attached1'),
  );
  copy[Symbol.dispose]();
  const row = (title: string, [own, plain]: readonly [number, number]) =>
    atMost(title, own / plain, 2, '', 2, ` (${own.toFixed(2)} ms and ${plain.toFixed(2)} ms)`);
  return [
    row(`preview of a policy at the root of ${accounts} accounts ÷ a walk of the tree`, attached),
    row(`preview of moving one of ${accounts} accounts ÷ a walk of the tree`, movedTimes),
  ];
}
