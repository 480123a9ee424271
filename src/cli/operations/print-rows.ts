import { printable } from '../../config/printable.ts';
import { cellOf } from './rows.ts';

/** Cells are cut to this number of characters in a table. */
const MAX_WIDTH = 60;
const GAP = '  ';

/** Prints rows one by one, so that a watch needs not know all of them. */
export interface RowPrinter {
  /** The line with the names of the columns. */
  header(): string;
  /** The lines of some rows. */
  rows(rows: readonly unknown[]): string;
}

/** RFC 4180. */
export function csvPrinter(columns: readonly string[]): RowPrinter {
  const line = (cells: readonly string[]) => `${cells.map(csvCell).join(',')}\r\n`;
  return {
    header: () => line(columns),
    rows: (rows) => rows.map((row) => line(columns.map((column) => cellOf(row, column)))).join(''),
  };
}

/** A cell that a spreadsheet would run as a formula: names come from other organizations. */
const FORMULA = /^[=+\-@\t\r]/;

function csvCell(value: string): string {
  const isNumber = /^-\d+(\.\d+)?$/.test(value);
  // Line breaks are allowed in a quoted cell; no other control character is.
  const text = (FORMULA.test(value) && !isNumber ? `'${value}` : value)
    .split(/(\r?\n)/)
    .map((part, index) => (index % 2 ? part : printable(part)))
    .join('');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A table with aligned columns. A column is as wide as its widest cell so far. */
export function tablePrinter(columns: readonly string[]): RowPrinter {
  const widths = columns.map((column) => column.length);
  const line = (cells: readonly string[]) =>
    `${cells
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join(GAP)
      .trimEnd()}\n`;
  return {
    header: () => line(columns),
    rows: (rows) => {
      const lines = rows.map((row) => columns.map((column) => cut(printable(cellOf(row, column)))));
      for (const cells of lines)
        for (const [index, cell] of cells.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
      return lines.map(line).join('');
    },
  };
}

const cut = (text: string): string => (text.length > MAX_WIDTH ? `${text.slice(0, MAX_WIDTH - 1)}…` : text);
