import type { Principal } from '../principal/principal.ts';
import type { Fellows, ReadName, WriteName } from '../upstream/index.ts';
import type { Bell } from './bell.ts';
import { within } from './patience.ts';
import type { RedisCache } from './redis-cache.ts';

/** Whoever writes waits this long, in ms, for the others to be told. */
const tellWithinMs = 500;

/** The gateways on one Redis: what one writes, the others forget to have read, and what is shared is shared no more. */
export class RedisFellows implements Fellows {
  readonly #bell: Bell;
  readonly cache: RedisCache | undefined;

  constructor(bell: Bell, cache: RedisCache | undefined) {
    this.#bell = bell;
    this.cache = cache;
  }

  async wrote(principal: Principal, operation: WriteName, changed: readonly ReadName[] | 'everything'): Promise<void> {
    const tell = () => within(tellWithinMs, this.#bell.tell({ kind: 'wrote', principal: principal.name, operation }));
    const known = this.cache?.knows(principal) ?? true;
    // In this order: who forgets at this ring must not find the same again where it is shared.
    const told = [this.cache?.changed(principal, changed), tell()];
    await Promise.allSettled(told);
    if (!known) await tell().catch(() => undefined);
  }

  onWrote(listener: (principalName: string, operation: string) => void): void {
    this.#bell.listen((ring) => ring.kind === 'wrote' && listener(ring.principal, ring.operation));
  }
}
