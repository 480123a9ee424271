import { memo } from 'react';
import type { DataGridProps, GridItem } from './grid-items.ts';

interface GridRowProps<Row> extends Pick<DataGridProps<Row>, 'columns' | 'onOpen'> {
  readonly item: GridItem<Row> & { readonly kind: 'row' };
  /** Its place among all rows. */
  readonly index: number;
  /** In px, as `start`, its distance from the top. */
  readonly size: number;
  readonly start: number;
  readonly isTabStop: boolean;
  /** Undefined if rows cannot be selected. */
  readonly isSelected: boolean | undefined;
  readonly isOpen: boolean;
  readonly isChanged: boolean;
  /** On a phone, instead of columns. */
  readonly card: DataGridProps<Row>['card'] | undefined;
  readonly onFocusKey: (key: string) => void;
  readonly onToggle: (key: string) => void;
}

function PlainGridRow<Row>(props: GridRowProps<Row>) {
  const { item, index, size, start, columns, isTabStop, isSelected, isOpen, isChanged, card } = props;
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      data-key={item.key}
      tabIndex={isTabStop ? 0 : -1}
      onFocus={() => props.onFocusKey(item.key)}
      style={{ height: size, transform: `translateY(${start}px)` }}
      className={card ? 'grid-card' : 'grid-row'}
      aria-selected={isSelected}
      data-open={isOpen || undefined}
      data-changed={isChanged || undefined}
      onClick={() => props.onOpen?.(item.row)}
    >
      {card ? (
        <div role="gridcell" className="grid-card-cell">
          {card(item.row)}
        </div>
      ) : (
        <>
          {isSelected === undefined ? (
            <span aria-hidden="true" />
          ) : (
            <div role="gridcell" className="grid-check" onClick={(event) => event.stopPropagation()}>
              <input
                type="checkbox"
                tabIndex={-1}
                aria-label="Select row"
                checked={isSelected}
                onChange={() => props.onToggle(item.key)}
              />
            </div>
          )}
          {columns.map((column) => (
            <div
              key={column.id}
              role={column.isDecorative ? 'presentation' : 'gridcell'}
              aria-hidden={column.isDecorative || undefined}
              className="grid-cell"
              data-column={column.id}
              data-align={column.align}
            >
              {column.cell(item.row)}
            </div>
          ))}
        </>
      )}
    </div>
  );
}

/** A row that stays in sight is not rendered again while the table scrolls. */
export const GridRow = memo(PlainGridRow) as typeof PlainGridRow;
