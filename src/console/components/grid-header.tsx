import type { SortingState } from '@tanstack/react-table';
import type { Column, DataGridProps } from './grid-items.ts';
import { ChevronDownIcon, ChevronUpIcon } from './icons.tsx';

interface GridHeaderProps<Row> {
  readonly columns: readonly Column<Row>[];
  readonly height: number;
  readonly sorting: SortingState;
  readonly onSort: (sorting: SortingState) => void;
  readonly selection: DataGridProps<Row>['selection'];
  /** The rows that "select all" means. */
  readonly keys: readonly string[];
}

/** The headers of columns, which stay in sight. A click sorts: up, down, then as before. */
export function GridHeader<Row>({ columns, height, sorting, onSort, selection, keys }: GridHeaderProps<Row>) {
  const [sorted] = sorting;
  const directionOf = (id: string) => (sorted?.id !== id ? undefined : sorted.desc ? 'descending' : 'ascending');
  const sort = (id: string) => {
    const direction = directionOf(id);
    onSort(direction === undefined ? [{ id, desc: false }] : direction === 'ascending' ? [{ id, desc: true }] : []);
  };
  const isAll = selection !== undefined && keys.length > 0 && keys.every((key) => selection.ids.has(key));
  return (
    <div role="rowgroup" className="grid-head" style={{ height }}>
      <div role="row" aria-rowindex={1} className="grid-header">
        {selection ? (
          <div role="columnheader" className="grid-check">
            <input
              type="checkbox"
              aria-label="Select all rows"
              checked={isAll}
              onChange={() => selection.onChange(new Set(isAll ? [] : keys))}
            />
          </div>
        ) : (
          <span aria-hidden="true" />
        )}
        {columns.map(({ id, header, sortBy, isDecorative, align }) => {
          const direction = directionOf(id);
          return (
            <div
              key={id}
              role={isDecorative ? 'presentation' : 'columnheader'}
              aria-hidden={isDecorative || undefined}
              aria-sort={isDecorative ? undefined : (direction ?? (sortBy ? 'none' : undefined))}
              className="grid-heading"
              data-column={id}
              data-align={align}
            >
              {sortBy ? (
                <button type="button" tabIndex={-1} onClick={() => sort(id)}>
                  {header}
                  {direction === 'ascending' && <ChevronUpIcon size={12} />}
                  {direction === 'descending' && <ChevronDownIcon size={12} />}
                </button>
              ) : (
                header
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}
