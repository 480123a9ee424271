import { type RefObject, useEffect, useMemo, useRef, useState } from 'react';

interface RowFocusOptions {
  readonly rows: readonly { readonly key: string }[];
  readonly scroller: RefObject<HTMLElement | null>;
  readonly scrollToIndex: (at: number) => void;
  /** The tab stop until the reader moves the focus. Default: the first row. */
  readonly initialKey?: string | undefined;
}

/** The focus among rows of which only those in sight exist: one of them is the tab stop. */
export function useRowFocus({ rows, scroller, scrollToIndex, initialKey }: RowFocusOptions) {
  const [focusKey, setFocusKey] = useState<string>();
  const mustFocus = useRef(false);
  // Scrolling renders often, and looks through all rows only once.
  const tabStop = useMemo(() => {
    const has = (key: string | undefined) => key !== undefined && rows.some((row) => row.key === key);
    return [focusKey, initialKey].find(has) ?? rows[0]?.key;
  }, [rows, focusKey, initialKey]);
  useEffect(() => {
    if (!mustFocus.current || focusKey === undefined) return;
    const element = scroller.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(focusKey)}"]`);
    if (!element) return;
    mustFocus.current = false;
    element.focus({ preventScroll: true });
  });
  return {
    tabStop,
    setFocusKey,
    /** Moves the focus to a row, or to the first or the last one beyond them. */
    focus(wanted: number): void {
      const at = Math.max(0, Math.min(wanted, rows.length - 1));
      const row = rows[at];
      if (row === undefined) return;
      mustFocus.current = true;
      setFocusKey(row.key);
      scrollToIndex(at);
    },
    /** The row that a key moves to from another; undefined for other keys. `page`: the rows in sight. */
    targetOf(key: string, at: number, page: number): number | undefined {
      const step = Math.max(1, page - 2);
      return {
        ...{ ArrowDown: at + 1, j: at + 1, ArrowUp: at - 1, k: at - 1 },
        ...{ Home: 0, End: rows.length - 1, PageDown: at + step, PageUp: at - step },
      }[key];
    },
  };
}
