import './table.css';
import { Fragment, type ReactNode, useState } from 'react';
import { useHeld } from '../../components/use-held.ts';

export interface StatusRow {
  readonly key: string;
  readonly cells: readonly ReactNode[];
  /** Why it fails. */
  readonly error?: string | null | undefined;
}

interface StatusTableProps {
  /** Selects the widths of the columns in status.css. */
  readonly name: string;
  readonly label: string;
  /** The last one is aligned to the end. */
  readonly columns: readonly string[];
  /** The columns are evident: their names are for screen readers. */
  readonly hasHiddenHeader?: boolean;
  readonly rows: readonly StatusRow[];
}

/** A table of one card. Rows come and go, but not under the pointer. */
export function StatusTable({ name, label, columns, hasHiddenHeader, rows }: StatusTableProps) {
  const [isPointed, setPointed] = useState(false);
  const shown = useHeld(rows, isPointed, name);
  return (
    <table
      className="status-table"
      data-table={name}
      aria-label={label}
      onPointerEnter={() => setPointed(true)}
      onPointerLeave={() => setPointed(false)}
    >
      <colgroup>
        {columns.map((column) => (
          <col key={column} />
        ))}
      </colgroup>
      <thead className={hasHiddenHeader ? 'visually-hidden' : undefined}>
        <tr>
          {columns.map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {shown.map(({ key, cells: [first, ...others], error }) => (
          <Fragment key={key}>
            <tr data-row={key}>
              <th scope="row">{first}</th>
              {others.map((cell, at) => (
                <td key={columns[at + 1]}>{cell}</td>
              ))}
            </tr>
            {error && (
              <tr className="status-error">
                <td className="status-error-text" colSpan={columns.length}>
                  {error}
                </td>
              </tr>
            )}
          </Fragment>
        ))}
      </tbody>
    </table>
  );
}

interface CardProps {
  readonly title: string;
  readonly note: ReactNode;
  readonly children: ReactNode;
}

export function Card({ title, note, children }: CardProps) {
  return (
    <section className="card">
      <header className="card-header">
        <h2>{title}</h2>
        <span>{note}</span>
      </header>
      {children}
    </section>
  );
}
