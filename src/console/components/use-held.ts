import { useEffect, useReducer, useRef } from 'react';

/** A change of the order waits for this long at most, in ms. */
const HOLD_MS = 3_000;

interface Keyed {
  readonly key: string;
}

/**
 * Keeps items in their places while the pointer is over them: what a reader is about to click does not move. Their
 * content is always the latest, and a removed item stays as it was. The new order shows when the pointer leaves, after
 * three seconds, or with the reader's own change of `layout`.
 */
export function useHeld<Item extends Keyed>(items: readonly Item[], isHeld: boolean, layout: string): readonly Item[] {
  const shown = useRef({ items, latest: items, layout, heldSince: 0 });
  const [, render] = useReducer((count: number) => count + 1, 0);
  const { current } = shown;
  const isMoved =
    current.items !== items &&
    (current.items.length !== items.length || items.some(({ key }, at) => key !== current.items[at]?.key));
  const isDue = current.heldSince !== 0 && performance.now() - current.heldSince >= HOLD_MS;
  const isHolding = isMoved && isHeld && layout === current.layout && !isDue;

  if (!isHolding) shown.current = { items, latest: items, layout, heldSince: 0 };
  else if (current.heldSince === 0) current.heldSince = performance.now();

  useEffect(() => {
    if (!isHolding) return;
    const timer = setTimeout(render, HOLD_MS);
    return () => clearTimeout(timer);
  }, [isHolding]);

  if (!isHolding) return items;
  // The same array until something arrives: effects of a new one may render again.
  if (current.latest === items) return current.items;
  const latest = new Map(items.map((item) => [item.key, item]));
  const held = current.items.map((item) => latest.get(item.key) ?? item);
  shown.current = { ...current, items: held, latest: items };
  return held;
}
