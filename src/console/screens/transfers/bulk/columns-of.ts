import type { CsvRecord } from '../../../data/parse-csv.ts';

/** What a column has. A file may have accounts in two columns: ids in one, e-mail addresses in the other. */
type Kind = 'name' | 'account' | 'start' | 'notes';

/** Where a file has what, by the numbers of columns from 0. */
export interface FileColumns {
  readonly name: number;
  readonly accounts: readonly number[];
  readonly start: number | undefined;
  readonly notes: number | undefined;
  /** Names of columns that are not used. */
  readonly unused: readonly string[];
  readonly hasHeader: boolean;
}

const HEADERS: Readonly<Record<Kind, readonly string[]>> = {
  name: ['name', 'customer', 'customername', 'company', 'organization', 'sourcename'],
  account: [
    ...['account', 'accountid', 'awsaccount', 'awsaccountid', 'managementaccount', 'managementaccountid', 'id'],
    ...['accountoremail', 'email', 'emailaddress', 'mail', 'target', 'accountidoremail', 'accountidoremailaddress'],
  ],
  start: ['start', 'starts', 'startdate', 'startmonth', 'startson', 'billingstarts', 'starttimestamp', 'month'],
  notes: ['note', 'notes', 'message', 'comment'],
};

const plain = (header: string): string => header.toLowerCase().replace(/[^a-z]/g, '');

const kindOfHeader = (header: string): Kind | undefined =>
  (Object.keys(HEADERS) as Kind[]).find((kind) => HEADERS[kind].includes(plain(header)));

const isAccount = (cell: string): boolean =>
  /@/.test(cell) || /^\d[\d\s-]{7,}$|^\d+([.,]\d+)?e\+?\d+$/i.test(cell.trim());
const isMonth = (cell: string): boolean =>
  /^\d{4}[-/.]\d{1,2}\b|^(\d{1,2}[./]){1,2}\d{4}$|^(\d{1,2}\.? )?[a-z]{3,9}\.? (\d{1,2}, ?)?\d{4}$/i.test(cell.trim());

/** Finds the columns by the header, or, without one, by what the cells look like. */
export function columnsOf(records: readonly CsvRecord[]): FileColumns | { readonly problem: string } {
  const [first] = records;
  if (first === undefined) return { problem: 'There are no rows. Paste one row for each customer.' };
  const hasHeader = first.cells.some((cell) => kindOfHeader(cell) !== undefined) && !first.cells.some(isAccount);
  const kinds = hasHeader ? first.cells.map(kindOfHeader) : kindsByShape(records);
  const columnOf = (kind: Kind) => {
    const at = kinds.indexOf(kind);
    return at === -1 ? undefined : at;
  };
  const accounts = kinds.flatMap((kind, at) => (kind === 'account' ? [at] : []));
  const name = columnOf('name');
  const fix = 'Add a first line with the names of the columns, such as: name,account,start,notes.';
  if (accounts.length === 0) return { problem: `No column has account ids or e-mail addresses. ${fix}` };
  if (name === undefined) return { problem: `No column has the names of the customers. ${fix}` };
  const used = new Set([name, columnOf('start'), columnOf('notes'), ...accounts]);
  const unused = hasHeader ? first.cells.filter((cell, at) => !used.has(at) && cell.trim() !== '') : [];
  return { name, accounts, start: columnOf('start'), notes: columnOf('notes'), unused, hasHeader };
}

/** Rows that decide what a column has. */
const SAMPLE = 100;

function kindsByShape(records: readonly CsvRecord[]): readonly (Kind | undefined)[] {
  const width = Math.max(...records.slice(0, SAMPLE).map(({ cells }) => cells.length));
  const texts: Kind[] = ['name', 'notes'];
  return Array.from({ length: width }, (_, at) => {
    const cells = records.slice(0, SAMPLE).flatMap((record) => record.cells[at]?.trim() || []);
    const isMost = (test: (cell: string) => boolean) => cells.filter(test).length * 2 > cells.length;
    if (isMost(isAccount)) return 'account';
    if (isMost(isMonth)) return 'start';
    return cells.length === 0 ? undefined : texts.shift();
  });
}
