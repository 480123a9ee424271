/**
 * Wakes all who wait for the same thing: one now, each other in a turn of the event loop of its own. What one of them does next may take a
 * millisecond or more; for hundreds in one turn, no deadline's timer would fire meanwhile and no request be read. Who has just connected
 * would wait longest, as Node accepts one connection in a turn (https://github.com/libuv/libuv/pull/3696).
 * Who leaves the set is not woken any more.
 */
export function wakeInTurns(waiting: Set<() => void>): void {
  const [first] = waiting;
  if (first === undefined) return;
  waiting.delete(first);
  first();
  if (waiting.size > 0) setImmediate(wakeInTurns, waiting);
}
