import { expect, test } from 'vitest';
import { createCopy } from '../../src/inventory/copy.ts';
import { createInventory, type InventoryEntry } from '../../src/inventory/index.ts';
import type { Principal } from '../../src/principal/index.ts';
import type { aws } from '../../src/upstream/index.ts';
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

test('a long list is indexed while other work runs, with the changes meanwhile', async () => {
  const kept = new FakeKept();
  using copy = createCopy(kept);
  kept.fill('roots', [['r-demo', { Id: 'r-demo' }]]);
  kept.fill('policies', [['p-1', { Id: 'p-1', Type: 'SERVICE_CONTROL_POLICY' }]]);
  const account = (number: number, parent: string): readonly [string, aws.Account] => {
    const Id = String(100_000_000_000 + number);
    return [Id, { Id, Paths: [`o-exampleorgid/r-demo/${parent}/${Id}/`] }];
  };
  const unit = (Id: string) => [Id, { Id, ParentId: 'r-demo' }] as const;
  kept.fill('organizationalUnits', [unit('ou-demo-old'), unit('ou-demo-new')]);
  const COUNT = 200_000;
  kept.fill(
    'accounts',
    Array.from({ length: COUNT }, (_, number) => account(number, 'ou-demo-old')),
  );
  const countOf = (id: string) => copy.reader(wall(0)).accountCount(id, true)?.value;
  const stateOf = () => copy.status.lists.find(({ name }) => name === 'accounts')?.state;
  expect([stateOf(), countOf('r-demo')]).toEqual(['LOADING', undefined]);
  // The first and the last of the list, one of which is indexed already: moved, moved again, removed and added.
  kept.change('accounts', [account(0, 'ou-demo-new'), account(COUNT - 1, 'ou-demo-new')]);
  kept.change('accounts', [account(1, 'ou-demo-new'), account(COUNT - 2, 'ou-demo-new')]);
  kept.change('accounts', [account(1, 'ou-demo-old'), account(COUNT - 2, 'ou-demo-old')]);
  kept.change('accounts', [
    [account(2, '')[0], undefined],
    [account(COUNT - 3, '')[0], undefined],
    account(COUNT, 'ou-demo-new'),
  ]);
  const MOVED = 150_000;
  kept.change(
    'accounts',
    Array.from({ length: MOVED }, (_, number) => account(number + 3, 'ou-demo-new')),
  );
  await expect.poll(stateOf).toBe('READY');
  const counts = [countOf('r-demo'), countOf('ou-demo-new'), countOf('ou-demo-old')];
  expect(counts).toEqual([COUNT - 1, MOVED + 3, COUNT - MOVED - 4]);
});
