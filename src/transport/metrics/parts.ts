import { Counter, Gauge, type Registry } from 'prom-client';

/** Parts of the gateway that go on when they fail, so that metrics have to show it. */
export interface ObservedParts {
  /** Absent without `watch.store`. */
  readonly store?: { readonly code: string | undefined } | undefined;
  /** Absent without `auth.jwksUri`. */
  readonly jwks?:
    | { readonly reads: number; readonly failedReads: number; readonly ageMs: number | undefined }
    | undefined;
}

export function observeParts({ store, jwks }: ObservedParts, registry: Registry): void {
  const registers = [registry];
  new Gauge({
    name: 'orgql_store_failed',
    help: '1 when watch.store could not be opened or written since the start, so that events are in memory only; otherwise 0.',
    registers,
    collect() {
      this.set(store?.code === undefined ? 0 : 1);
    },
  });
  new Gauge({
    name: 'orgql_jwks_age_seconds',
    help: "Age of the token issuer's keys that are in use; 0 when none are.",
    registers,
    collect() {
      this.set((jwks?.ageMs ?? 0) / 1_000);
    },
  });
  new Counter({
    name: 'orgql_jwks_reads_total',
    help: "Reads of the token issuer's keys.",
    labelNames: ['outcome'],
    registers,
    collect() {
      this.reset();
      this.inc({ outcome: 'ok' }, jwks?.reads ?? 0);
      this.inc({ outcome: 'error' }, jwks?.failedReads ?? 0);
    },
  });
}
