import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import type { InventoryStatus } from '../../src/inventory/types.ts';
import type { Principal } from '../../src/principal/index.ts';
import { observeCopies } from '../../src/transport/metrics/inventory.ts';
import type { WallMs } from '../../src/upstream/index.ts';

test('each list of a copy has its objects, age, calls and state; principals without a copy have none', async () => {
  const list = { nextRefreshAt: undefined, progress: 1, error: undefined };
  const status: InventoryStatus = {
    state: 'LOADING',
    asOf: undefined,
    progress: 0.25,
    lists: [
      { ...list, name: 'accounts', state: 'READY', asOf: (Date.now() - 60_000) as WallMs, objects: 70, calls: 4 },
      { ...list, name: 'tags', state: 'LOADING', asOf: undefined, objects: 0, calls: 0 },
    ],
  };
  const registry = new Registry();
  const principals = [{ name: 'payer' }, { name: 'other' }] as Principal[];
  observeCopies({ principals, copyOf: ({ name }) => (name === 'payer' ? { status } : undefined) }, registry);
  const lines = (await registry.metrics()).split('\n');
  expect(lines).toContain('orgql_inventory_objects{principal="payer",list="accounts"} 70');
  expect(lines).toContain('orgql_inventory_sweep_calls{principal="payer",list="accounts"} 4');
  expect(lines).toContain('orgql_inventory_state{principal="payer",list="tags",state="LOADING"} 1');
  expect(lines).toContain('orgql_inventory_state{principal="payer",list="tags",state="READY"} 0');
  expect(lines).toContain('orgql_inventory_progress_ratio{principal="payer"} 0.25');
  const ages = lines.filter((line) => line.startsWith('orgql_inventory_age_seconds{'));
  expect(ages).toHaveLength(1);
  expect(Number(ages[0]?.split(' ')[1])).toBeGreaterThanOrEqual(60);
  expect(lines.join('\n')).not.toContain('principal="other"');
});
