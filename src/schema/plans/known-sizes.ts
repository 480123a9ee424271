import type { Principal } from '../../principal/principal.ts';

/** How many calls a sweep takes, as far as it was seen: exactly, or more than so many. */
export class KnownSize {
  calls = 0;
  exact = false;
  /** How many demands of one operation it answered, the last time that it was complete. */
  served = 0;

  set(calls: number, exact: boolean): void {
    this.calls = calls;
    this.exact = exact;
  }
}

const sizes = new WeakMap<Principal, Map<string, KnownSize>>();

/** What is remembered of a sweep for one principal. It only chooses between ways to the same answer, so it may be out of date. */
export function knownSize(principal: Principal, sweep: string): KnownSize {
  let ofPrincipal = sizes.get(principal);
  if (ofPrincipal === undefined) {
    ofPrincipal = new Map();
    sizes.set(principal, ofPrincipal);
  }
  let size = ofPrincipal.get(sweep);
  if (size === undefined) {
    size = new KnownSize();
    ofPrincipal.set(sweep, size);
  }
  return size;
}
