import { useCallback } from 'react';
import { setParams, useLocation } from '../data/location.ts';
import type { DrawerMoves } from './drawer.tsx';

interface OpenRow<Row> {
  readonly openId: string | undefined;
  /** Undefined if there is no such row. */
  readonly open: Row | undefined;
  readonly onOpen: (row: Row) => void;
  readonly moves: DrawerMoves;
}

/** A form belongs to the row that it was opened for, and ends with it. */
const showRow = (id: string | undefined) => setParams({ open: id, action: undefined }, { replace: true });

/** The row that the URL opens. `shown`: the rows that filters leave, in their order. */
export function useOpenRow<Row extends { readonly id: string }>(
  rows: readonly Row[],
  shown: readonly Row[],
): OpenRow<Row> {
  const openId = useLocation().params.get('open') ?? undefined;
  // The same function each time: rows that stay as they are need not render again.
  const onOpen = useCallback(({ id }: Row) => showRow(id), []);
  const at = shown.findIndex(({ id }) => id === openId);
  const move = (to: number) => {
    const row = at === -1 ? undefined : shown[to];
    return row && (() => onOpen(row));
  };
  return {
    openId,
    open: rows.find(({ id }) => id === openId),
    onOpen,
    moves: { onClose: () => showRow(undefined), onPrevious: move(at - 1), onNext: move(at + 1) },
  };
}
