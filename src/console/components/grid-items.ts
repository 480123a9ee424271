import type { ReactNode } from 'react';

/** Rows that belong together, below a header. */
export interface GridGroup {
  readonly id: string;
  readonly header: ReactNode;
}

/** A column. `width` is in px; one column may `fill` what is left. */
export interface Column<Row> {
  readonly id: string;
  readonly header: ReactNode;
  readonly width: number | 'fill';
  readonly cell: (row: Row) => ReactNode;
  /** Makes the header sort by this value. */
  readonly sortBy?: (row: Row) => string | number | undefined;
  /** The column is left out while the table is narrower, in px. */
  readonly minTableWidth?: number;
  /** Hidden from screen readers, as other columns say the same. */
  readonly isDecorative?: boolean;
  readonly align?: 'end';
}

export interface DataGridProps<Row> {
  /** For screen readers. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  /** In their order; a header that sorts overrides it. */
  readonly rows: readonly Row[];
  readonly idOf: (row: Row) => string;
  readonly groups?: readonly GridGroup[];
  readonly groupOf?: (row: Row) => string;
  /** The row in the drawer. */
  readonly openId: string | undefined;
  /** Absent if there is nothing more to see of a row. */
  readonly onOpen?: ((row: Row) => void) | undefined;
  /** Selected rows, if rows can be selected. */
  readonly selection?: { readonly ids: ReadonlySet<string>; readonly onChange: (ids: ReadonlySet<string>) => void };
  /** Rows that have just changed. */
  readonly changed?: ReadonlySet<string>;
  /** A row on a phone, and its height in px. */
  readonly card: (row: Row) => ReactNode;
  readonly cardHeight: number | ((row: Row) => number);
  readonly headerHeight?: number;
  /** In px, for rows that need more than one line. */
  readonly rowHeight?: ((row: Row) => number) | undefined;
  /** A key on the focused row that the table itself does not use. Returns whether it was used. */
  readonly onRowKey?: (key: string, row: Row) => boolean;
  /** What the reader has chosen: filters, grouping. Its change reorders rows at once. */
  readonly layout: string;
  /** Shown instead of rows. */
  readonly empty: ReactNode;
}

export type GridItem<Row> =
  | {
      readonly kind: 'group';
      readonly key: string;
      readonly group: GridGroup;
      readonly count: number;
      readonly isOpen: boolean;
    }
  | { readonly kind: 'row'; readonly key: string; readonly row: Row };

interface ItemOptions<Row> {
  readonly groups: readonly GridGroup[] | undefined;
  readonly groupOf: ((row: Row) => string) | undefined;
  readonly idOf: (row: Row) => string;
  readonly closed: ReadonlySet<string>;
}

/** Puts rows below the headers of their groups, in the order of the groups. Groups without rows are left out. */
export function toItems<Row>(
  rows: readonly Row[],
  { groups, groupOf, idOf, closed }: ItemOptions<Row>,
): GridItem<Row>[] {
  const toItem = (row: Row): GridItem<Row> => ({ kind: 'row', key: idOf(row), row });
  if (groups === undefined || groupOf === undefined) return rows.map(toItem);
  const members = new Map<string, Row[]>(groups.map(({ id }) => [id, []]));
  for (const row of rows) members.get(groupOf(row))?.push(row);
  return groups.flatMap((group): GridItem<Row>[] => {
    const own = members.get(group.id) ?? [];
    if (own.length === 0) return [];
    const isOpen = !closed.has(group.id);
    const header: GridItem<Row> = { kind: 'group', key: `group:${group.id}`, group, count: own.length, isOpen };
    return isOpen ? [header, ...own.map(toItem)] : [header];
  });
}
