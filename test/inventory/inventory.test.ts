import { expect, test } from 'vitest';
import { createInventory, type InventoryEntry } from '../../src/inventory/index.ts';
import type { Principal } from '../../src/principal/index.ts';
import type { KeepOptions } from '../../src/watcher/kept-types.ts';
import { principalOf } from '../watcher/support/fake-upstream.ts';
import { FakeKept, wall } from './support/fake-kept.ts';

const entry = (principal: string, options: Partial<KeepOptions> = {}): InventoryEntry => ({
  principal,
  maxAgeMs: 900_000,
  tagsMaxAgeMs: 3_600_000,
  budgetShare: 0.3,
  tags: true,
  policyContents: true,
  ...options,
});

class FakeKeeper {
  readonly kept: { readonly principal: Principal; readonly options: KeepOptions; readonly organization: FakeKept }[] =
    [];

  keep(principal: Principal, options: KeepOptions): FakeKept {
    const organization = new FakeKept();
    this.kept.push({ principal, options, organization });
    return organization;
  }
}

const partner = principalOf('partner');
const customer = principalOf('customer', '444444444444');

test('the organizations of the named principals are kept with their own options', () => {
  const keeper = new FakeKeeper();
  const inventory = createInventory(
    keeper,
    [entry('partner'), entry('customer', { tags: false })],
    [partner, customer],
  );
  expect(keeper.kept.map(({ principal, options }) => [principal.name, options.tags])).toEqual([
    ['partner', true],
    ['customer', false],
  ]);
  expect(inventory.of(partner)).not.toBe(inventory.of(customer));
  expect(inventory.of(customer)?.status.lists.some(({ name }) => name === 'tags')).toBe(false);
});

test('other principals have no copy', () => {
  const inventory = createInventory(new FakeKeeper(), [entry('partner'), entry('missing')], [partner, customer]);
  expect(inventory.of(customer)).toBeUndefined();
});

test('a copy follows its lists until the inventory is closed', () => {
  const keeper = new FakeKeeper();
  const inventory = createInventory(keeper, [entry('partner')], [partner]);
  const organization = keeper.kept[0]?.organization;
  organization?.fill('roots', [['r-demo', { Id: 'r-demo' }]]);
  expect(inventory.of(partner)?.reader(wall(0)).list('ListRoots', {})?.length).toBe(1);
  inventory.close();
  expect(organization?.isReleased).toBe(true);
  expect(organization?.listeners.size).toBe(0);
});
