import type { Principal } from '../../principal/principal.ts';

/** How many calls a scan takes, as far as it was seen: exactly, or more than so many. */
export class ScanSize {
  calls = 0;
  isExact = false;
  /** How many keys of one operation it answered, the last time that it was complete. */
  answered = 0;

  set(calls: number, isExact: boolean): void {
    this.calls = calls;
    this.isExact = isExact;
  }
}

const sizes = new WeakMap<Principal, Map<string, ScanSize>>();

/** Returns what is remembered of a scan for one principal. It may be out of date: it only chooses between ways to the same value. */
export function knownSize(principal: Principal, name: string): ScanSize {
  let ofPrincipal = sizes.get(principal);
  if (ofPrincipal === undefined) {
    ofPrincipal = new Map();
    sizes.set(principal, ofPrincipal);
  }
  let size = ofPrincipal.get(name);
  if (size === undefined) {
    size = new ScanSize();
    ofPrincipal.set(name, size);
  }
  return size;
}
