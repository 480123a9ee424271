/** A cell that a spreadsheet would run as a formula: names come from other organizations. */
const FORMULA = /^[=+\-@\t\r]/;

function cell(value: string): string {
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The rows of a file, of which the first has the names of the columns. */
export type CsvRows = readonly (readonly (string | null | undefined)[])[];

/** Rows as RFC 4180 has them. */
export const toCsv = (rows: CsvRows): string =>
  rows.map((row) => `${row.map((value) => cell(value ?? '')).join(',')}\r\n`).join('');

/** Saves a CSV file on the reader's machine. */
export function saveCsv(name: string, rows: CsvRows): void {
  const link = document.createElement('a');
  // Spreadsheets take a file without this mark for another encoding.
  link.href = URL.createObjectURL(new Blob(['\ufeff', toCsv(rows)], { type: 'text/csv;charset=utf-8' }));
  link.download = `${name}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
