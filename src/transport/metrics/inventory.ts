import { Gauge, type Registry } from 'prom-client';
import type { InventoryListStatus, InventoryStatus, OrganizationCopy } from '../../inventory/types.ts';
import type { Principal } from '../../principal/index.ts';

/** The copies of organizations (setting `inventory`). */
export interface ObservedCopies {
  readonly principals: readonly Principal[];
  readonly copyOf: (principal: Principal) => Pick<OrganizationCopy, 'status'> | undefined;
}

const STATES = ['LOADING', 'READY', 'STALE', 'UNAVAILABLE'] as const;

/**
 * Exposes metrics of the copies, one sample per principal and list. A copy that loads or fails leaves the gateway
 * ready.
 */
export function observeCopies({ principals, copyOf }: ObservedCopies, registry: Registry): void {
  const statuses = (): [string, InventoryStatus][] =>
    principals.flatMap((principal) => {
      const copy = copyOf(principal);
      return copy === undefined ? [] : [[principal.name, copy.status]];
    });
  /** A value of each list; undefined: no sample. */
  const listGauge = (
    name: string,
    help: string,
    valueOfList: (list: InventoryListStatus) => number | undefined,
  ): void => {
    new Gauge({
      name,
      help,
      labelNames: ['principal', 'list'],
      registers: [registry],
      collect() {
        this.reset();
        for (const [principal, { lists }] of statuses())
          for (const list of lists) {
            const value = valueOfList(list);
            if (value !== undefined) this.set({ principal, list: list.name }, value);
          }
      },
    });
  };
  listGauge('orgql_inventory_objects', 'Objects in a list of the copy.', ({ objects }) => objects);
  listGauge(
    'orgql_inventory_age_seconds',
    'Time since the oldest read of a list of the copy began; absent before the list is complete.',
    ({ asOf }) => (asOf === undefined ? undefined : Math.max(0, Date.now() - asOf) / 1_000),
  );
  listGauge(
    'orgql_inventory_sweep_calls',
    'Calls to AWS of the last complete sweep of a list of the copy.',
    ({ calls }) => calls,
  );
  new Gauge({
    name: 'orgql_inventory_state',
    help: '1 for the state of a list of the copy, 0 for the other states.',
    labelNames: ['principal', 'list', 'state'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [principal, { lists }] of statuses())
        for (const list of lists)
          for (const state of STATES) this.set({ principal, list: list.name, state }, Number(list.state === state));
    },
  });
  new Gauge({
    name: 'orgql_inventory_progress_ratio',
    help: 'The part of the present sweep of the copy, or of the first one, that is done: 0 to 1.',
    labelNames: ['principal'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [principal, { progress }] of statuses()) this.set({ principal }, progress);
    },
  });
}
