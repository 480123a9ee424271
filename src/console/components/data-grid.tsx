import './data-grid.css';
import {
  createSortedRowModel,
  rowSortingFeature,
  type SortingState,
  sortFn_basic,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { preferences } from '../data/preferences.ts';
import { useStore } from '../data/store.ts';
import { GridHeader } from './grid-header.tsx';
import { type DataGridProps, type GridItem, toItems } from './grid-items.ts';
import { GridRow } from './grid-row.tsx';
import { ChevronDownIcon, ChevronRightIcon } from './icons.tsx';
import { useHeld } from './use-held.ts';
import { usePhone } from './use-media.ts';
import { useRowFocus } from './use-row-focus.ts';
import { useWidth } from './use-width.ts';

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });

/** Heights by density, in px. */
const ROWS = { comfortable: 34, compact: 28 };
const GROUP_ROWS = { comfortable: 32, compact: 28 };
const HEADER = 32;

/**
 * A table for up to tens of thousands of rows: only those in sight exist. It is one tab stop; the arrow keys move within
 * it, Enter opens a row and X selects it.
 */
export function DataGrid<Row extends object>(props: DataGridProps<Row>) {
  const {
    label,
    columns,
    rows,
    idOf,
    groups,
    groupOf,
    layout,
    selection,
    card,
    cardHeight,
    headerHeight = HEADER,
  } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const width = useWidth(scroller);
  const isPhone = usePhone();
  const { density } = useStore(preferences);
  const row = ROWS[density];
  const groupRow = GROUP_ROWS[density];
  const [sorting, setSorting] = useState<SortingState>([]);
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [isPointed, setPointed] = useState(false);

  const definitions = useMemo(
    () =>
      columns.map(({ id, sortBy }) => ({
        id,
        accessorFn: (row: Row) => sortBy?.(row),
        enableSorting: sortBy !== undefined,
        sortFn: sortFn_basic,
        sortUndefined: 'last' as const,
      })),
    [columns],
  );
  const table = useTable({
    features,
    columns: definitions,
    data: rows as Row[],
    getRowId: idOf,
    state: { sorting },
    onSortingChange: setSorting,
  });
  const sorted = table.getRowModel().rows;
  const visible = useMemo(() => columns.filter(({ minTableWidth = 0 }) => width >= minTableWidth), [columns, width]);
  const items = useMemo(
    () =>
      toItems(
        sorted.map(({ original }) => original),
        { groups, groupOf, idOf, closed },
      ),
    [sorted, groups, groupOf, idOf, closed],
  );
  const view = JSON.stringify([layout, sorting, [...closed], isPhone]);
  const shown = useHeld<GridItem<Row>>(items, isPointed, view);

  const groupIndexes = useMemo(() => shown.flatMap(({ kind }, at) => (kind === 'group' ? [at] : [])), [shown]);
  const stickyIndex = useRef<number | undefined>(undefined);
  const heightOf = (item: GridItem<Row> | undefined): number => {
    if (item?.kind === 'group') return groupRow;
    if (item === undefined) return row;
    if (!isPhone) return props.rowHeight?.(item.row) ?? row;
    return typeof cardHeight === 'number' ? cardHeight : cardHeight(item.row);
  };
  const top = isPhone ? 0 : headerHeight;
  const virtualizer = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: (at) => heightOf(shown[at]),
    getItemKey: (at) => shown[at]?.key ?? at,
    overscan: 8,
    scrollMargin: top,
    scrollPaddingStart: top + (groups ? groupRow : 0),
    rangeExtractor: (range) => {
      stickyIndex.current = groupIndexes.findLast((at) => at <= range.startIndex);
      const indexes = defaultRangeExtractor(range);
      const sticky = stickyIndex.current;
      return sticky === undefined || indexes.includes(sticky) ? indexes : [sticky, ...indexes];
    },
  });
  // Heights differ by kind, which the virtualizer remembers by index.
  // biome-ignore lint/correctness/useExhaustiveDependencies: measures again when the kinds may have changed.
  useEffect(() => virtualizer.measure(), [virtualizer, shown, isPhone, density]);

  const { tabStop, setFocusKey, focus, targetOf } = useRowFocus({
    rows: shown,
    scroller,
    scrollToIndex: (at) => virtualizer.scrollToIndex(at),
  });

  // A row that a link or the palette opens may be out of sight.
  const shownOpenId = useRef<string | undefined>(undefined);
  useEffect(() => {
    const at = shown.findIndex(({ key }) => key === props.openId);
    if (at !== -1 && shownOpenId.current !== props.openId) virtualizer.scrollToIndex(at, { align: 'auto' });
    shownOpenId.current = at === -1 ? undefined : props.openId;
  }, [virtualizer, shown, props.openId]);

  const toggleGroup = (id: string) =>
    setClosed((known) => new Set(known.has(id) ? [...known].filter((each) => each !== id) : [...known, id]));
  const latestSelection = useRef(selection);
  latestSelection.current = selection;
  const toggleRow = useCallback((id: string) => {
    if (latestSelection.current === undefined) return;
    const { ids, onChange } = latestSelection.current;
    onChange(new Set(ids.has(id) ? [...ids].filter((each) => each !== id) : [...ids, id]));
  }, []);

  const onKeyDown = (event: KeyboardEvent) => {
    // A checkbox or a menu in a row has keys of its own.
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if ((event.target as HTMLElement).dataset['key'] === undefined) return;
    const at = shown.findIndex(({ key }) => key === tabStop);
    const item = shown[at];
    if (item === undefined) return;
    const next = targetOf(event.key, at, Math.floor((scroller.current?.clientHeight ?? 0) / heightOf(item)));
    if (next !== undefined) {
      event.preventDefault();
      if (event.shiftKey && item.kind === 'row') selectWith(item.key, shown[next]);
      focus(next);
    } else if (event.key === 'Enter' || (event.key === ' ' && item.kind === 'group')) {
      event.preventDefault();
      if (item.kind === 'group') toggleGroup(item.group.id);
      else props.onOpen?.(item.row);
    } else if (item.kind === 'group' && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
      if (item.isOpen === (event.key === 'ArrowLeft')) toggleGroup(item.group.id);
    } else if (item.kind === 'row') {
      if (event.key === 'x') toggleRow(item.key);
      else if (props.onRowKey?.(event.key, item.row)) event.preventDefault();
    }
  };
  const selectWith = (key: string, other: GridItem<Row> | undefined) => {
    if (selection === undefined) return;
    selection.onChange(new Set([...selection.ids, key, ...(other?.kind === 'row' ? [other.key] : [])]));
  };

  const template = [
    ...(selection && !isPhone ? ['40px'] : ['20px']),
    ...visible.map(({ width: each }) => (each === 'fill' ? 'minmax(0, 1fr)' : `${each}px`)),
  ].join(' ');
  const canSelect = selection !== undefined;
  const allKeys = useMemo(
    () => (canSelect ? items.flatMap(({ kind, key }) => (kind === 'row' ? [key] : [])) : []),
    [canSelect, items],
  );

  return (
    <div
      ref={scroller}
      className="grid-scroller"
      onPointerEnter={() => setPointed(true)}
      onPointerLeave={() => setPointed(false)}
      onKeyDown={onKeyDown}
    >
      <div
        className="grid"
        data-empty={shown.length === 0 || undefined}
        role="grid"
        aria-label={label}
        aria-rowcount={shown.length + 1}
        aria-colcount={visible.filter(({ isDecorative }) => !isDecorative).length + (selection ? 1 : 0)}
        style={{ '--columns': template } as CSSProperties}
      >
        {!isPhone && (
          <GridHeader
            columns={visible}
            height={headerHeight}
            sorting={sorting}
            onSort={setSorting}
            selection={selection}
            keys={allKeys}
          />
        )}
        <div className="grid-rows" role="rowgroup" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ index, start, size }) => {
            const item = shown[index];
            if (item === undefined) return null;
            const isSticky = index === stickyIndex.current;
            const common = {
              role: 'row',
              'aria-rowindex': index + 2,
              'data-key': item.key,
              tabIndex: item.key === tabStop ? 0 : -1,
              onFocus: () => setFocusKey(item.key),
              style: isSticky ? { height: size, top } : { height: size, transform: `translateY(${start - top}px)` },
            };
            if (item.kind === 'group') {
              return (
                <div
                  key={item.key}
                  {...common}
                  className="grid-group"
                  data-sticky={isSticky || undefined}
                  onClick={() => toggleGroup(item.group.id)}
                >
                  <div role="gridcell" aria-colindex={1} className="grid-group-cell">
                    {item.isOpen ? <ChevronDownIcon size={14} /> : <ChevronRightIcon size={14} />}
                    <span className="visually-hidden">{item.isOpen ? 'Open group' : 'Closed group'}</span>
                    {item.group.header}
                  </div>
                </div>
              );
            }
            return (
              <GridRow
                key={item.key}
                item={item}
                index={index}
                size={size}
                start={start - top}
                columns={visible}
                isTabStop={item.key === tabStop}
                isSelected={selection?.ids.has(item.key)}
                isOpen={item.key === props.openId}
                isChanged={props.changed?.has(item.key) === true}
                card={isPhone ? card : undefined}
                onFocusKey={setFocusKey}
                onOpen={props.onOpen}
                onToggle={toggleRow}
              />
            );
          })}
        </div>
      </div>
      {/* No part of the grid, which has rows only. */}
      {shown.length === 0 && props.empty}
    </div>
  );
}
