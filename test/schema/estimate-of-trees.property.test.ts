import fc from 'fast-check';
import { parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { estimate } from '../../src/schema/cost/estimate.ts';
import { schema } from '../../src/schema/index.ts';
import { runs } from '../support/runs.ts';

const UNITS = 2_000;
const DEPTH = 5;

interface Unit {
  readonly id: string;
  readonly units: Unit[];
  accounts: number;
}

/** Selections of each unit, and in lists of its units. */
interface Shape {
  readonly name: boolean;
  readonly tags: number | undefined;
  readonly accounts: number | undefined;
  readonly accountTags: number | undefined;
  readonly policies: readonly string[];
  readonly below: readonly { readonly first: number; readonly shape: Shape }[];
}

/** An organization with all units that AWS allows: most of them where `concentration` says, the others anywhere. */
function organization(seed: readonly number[], concentration: number, accounts: number): Unit {
  const root: Unit = { id: 'root', units: [], accounts: 0 };
  const all = [{ unit: root, level: 0 }];
  for (let index = 0; index < UNITS; index += 1) {
    const random = (seed[index % seed.length] ?? 0) * (index + 1);
    const parents = all.filter(({ level }) => level < DEPTH);
    const at = random % 10 < concentration ? random % Math.min(parents.length, 7) : random % parents.length;
    const above = parents[at] ?? { unit: root, level: 0 };
    const unit: Unit = { id: String(index), units: [], accounts: 0 };
    above.unit.units.push(unit);
    all.push({ unit, level: above.level + 1 });
  }
  for (let index = 0; index < accounts; index += 1) {
    const random = (seed[index % seed.length] ?? 0) * (index + 3);
    const at = random % 10 < concentration ? 0 : random % all.length;
    const { unit } = all[at] ?? { unit: root };
    unit.accounts += 1;
  }
  return root;
}

const tagsOfEach = 50;
const policiesOfEach = 10;
const pagesOf = (items: number, first: number) => Math.max(1, Math.ceil(Math.min(items, first) / 20));

/** The calls and values that an operation really takes, read list by list: each page of each list once. */
class Reality {
  readonly #pages = new Map<string, number>();
  values = 0;

  get calls(): number {
    return [...this.#pages.values()].reduce((sum, pages) => sum + pages, 0);
  }

  ask(unit: Unit, { name, tags, accounts, accountTags, policies, below }: Shape): void {
    if (name) this.values += 1;
    this.values += 1;
    if (tags !== undefined) this.#list(`tags ${unit.id}`, tagsOfEach, tags, 1);
    for (const type of policies) this.#list(`policies ${type} ${unit.id}`, policiesOfEach, 20, 1);
    if (accounts !== undefined) {
      this.#list(`accounts ${unit.id}`, unit.accounts, accounts, 1);
      for (let index = 0; accountTags !== undefined && index < Math.min(accounts, unit.accounts); index += 1)
        this.#list(`tags ${unit.id} account ${index}`, tagsOfEach, accountTags, 1);
    }
    for (const { first, shape } of below) {
      this.#list(`units ${unit.id}`, unit.units.length, first, 0);
      for (const each of unit.units.slice(0, first)) this.ask(each, shape);
    }
  }

  /** `fields`: values of each item beside its selection. */
  #list(key: string, items: number, first: number, fields: number): void {
    this.#pages.set(key, Math.max(this.#pages.get(key) ?? 0, pagesOf(items, first)));
    this.values += 2 + fields * Math.min(items, first);
  }
}

function textOf({ name, tags, accounts, accountTags, policies, below }: Shape): string {
  const parts = ['id', name ? 'name' : ''];
  if (tags !== undefined) parts.push(`tags(first: ${tags}) { nodes { key } }`);
  for (const [index, type] of policies.entries()) parts.push(`p${index}: policies(type: ${type}) { nodes { id } }`);
  const ofAccount = accountTags === undefined ? '' : `tags(first: ${accountTags}) { nodes { key } }`;
  if (accounts !== undefined) parts.push(`accounts(first: ${accounts}) { nodes { id ${ofAccount} } }`);
  for (const [index, { first, shape }] of below.entries())
    parts.push(`u${index}: organizationalUnits(first: ${first}) { nodes { ${textOf(shape)} } }`);
  return parts.join(' ');
}

const first = fc.constantFrom(1, 7, 20, 50, 100, 1_000);
const { shape } = fc.letrec<{ shape: Shape }>((tie) => ({
  shape: fc.record({
    name: fc.boolean(),
    tags: fc.option(first, { nil: undefined }),
    accounts: fc.option(first, { nil: undefined }),
    accountTags: fc.option(first, { nil: undefined }),
    policies: fc.array(fc.constantFrom('TAG_POLICY', 'BACKUP_POLICY'), { maxLength: 2 }),
    below: fc.oneof(
      { depthSize: 'large', withCrossShrink: true },
      fc.constant([]),
      fc.array(fc.record({ first, shape: tie('shape') }), { minLength: 1, maxLength: 2 }),
    ),
  }),
}));

/** Every unit with its lists, on all levels. */
const whole = (depth: number, own: Omit<Shape, 'below'>): Shape => ({
  ...own,
  below: depth === 0 ? [] : [{ first: 1_000, shape: whole(depth - 1, own) }],
});
const seed = Array.from({ length: 20 }, (_, index) => 7_919 * (index + 1));
const lists = { name: true, accounts: 50, accountTags: undefined, policies: ['TAG_POLICY'] };
const near20: [Shape, number[], number, number] = [whole(6, { ...lists, tags: 20 }), seed, 10, 1_000];
const near50: [Shape, number[], number, number] = [whole(6, { ...lists, tags: 50 }), seed, 10, 500];

test('no query of a tree of 2,000 units exceeds its estimate of calls or values', () => {
  let near = 0;
  fc.assert(
    fc.property(
      shape,
      fc.array(fc.nat(100_000), { minLength: 20, maxLength: 20 }),
      fc.integer({ min: 0, max: 10 }),
      fc.integer({ min: 0, max: 1_000 }),
      (asked, seed, concentration, accounts) => {
        const document = parse(`{ root { ${textOf(asked)} } }`);
        fc.pre(validate(schema, document).length === 0);
        const settings = { maxFirst: 1_000, accounts, maxValues: 1e9 };
        const { calls, values } = estimate(schema, { document }, settings);
        const reality = new Reality();
        reality.ask(organization(seed, concentration, accounts), asked);
        // The root itself.
        expect(reality.calls + 1).toBeLessThanOrEqual(calls);
        expect(reality.values + 1).toBeLessThanOrEqual(values);
        if (reality.calls > 2_000 && calls < 1.5 * reality.calls) near += 1;
      },
    ),
    { numRuns: runs(200), examples: [near20, near50] },
  );
  // The estimates are close enough for the comparison to mean something.
  expect(near).toBeGreaterThanOrEqual(2);
});
