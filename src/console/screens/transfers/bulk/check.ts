import { type CsvRecord, parseCsv } from '../../../data/parse-csv.ts';
import { counted } from '../../../data/text.ts';
import { utcDay, utcMoment } from '../../../data/time.ts';
import { fullDay, type Start } from '../actions/dates.ts';
import { nameProblem, noteProblem, type Target, targetOf } from '../actions/fields.ts';
import { columnsOf, type FileColumns } from './columns-of.ts';
import { startOf } from './start-month.ts';

/** Bounds of what is pasted or dropped. */
export const MAX_ROWS = 5_000;
export const MAX_BYTES = 2_000_000;

export type CheckState = 'ready' | 'duplicate' | 'open' | 'start' | 'malformed';

/** A row of the file, and whether it can be sent. */
export interface CheckedRow {
  /** From 1, without the header. */
  readonly number: number;
  readonly line: number;
  readonly name: string;
  /** As the file has it, if it is not valid. */
  readonly account: string;
  readonly target: Target | undefined;
  /** Undefined if it is not clear. */
  readonly start: Date | undefined;
  readonly startText: string;
  readonly notes: string;
  readonly state: CheckState;
  /** Why it cannot be sent, and the fix. */
  readonly message: string;
}

/** A transfer that the organization has. */
export interface KnownTransfer {
  readonly group: string;
  readonly accountId: string | undefined;
  readonly email: string | undefined;
  readonly start: string | undefined;
  readonly expires: string | undefined;
}

export interface CheckContext {
  /** The months that AWS could accept. */
  readonly starts: readonly Start[];
  /** The organization's transfers, to find those that are invited already. */
  readonly transfers: readonly KnownTransfer[];
  readonly ownAccountId: string | undefined;
  /** The month of rows that have none, as an ISO time. */
  readonly defaultStart: string | undefined;
  readonly now: Date;
}

export interface Table {
  readonly columns: FileColumns;
  readonly records: readonly CsvRecord[];
}

/** Reads what was pasted or dropped; or says what is wrong with it as a whole. */
export function readTable(text: string): Table | { readonly problem: string } {
  if (text.length > MAX_BYTES) return { problem: tooLarge(text.length) };
  const file = parseCsv(text);
  if ('problem' in file) return file;
  const columns = columnsOf(file.records);
  if ('problem' in columns) return columns;
  const records = columns.hasHeader ? file.records.slice(1) : file.records;
  if (records.length === 0) return { problem: 'There is a header, but no rows. Paste one row for each customer.' };
  if (records.length > MAX_ROWS) {
    return {
      problem: `${counted(records.length, 'row')}, and ${counted(MAX_ROWS, 'row')} are allowed. Split the file.`,
    };
  }
  return { columns, records };
}

export const tooLarge = (bytes: number): string =>
  `The file has ${(bytes / 1_000_000).toFixed(1)} MB, and ${MAX_BYTES / 1_000_000} MB are allowed. Split it.`;

/** Checks every row. A row is compared with those before it, and with the transfers of the organization. */
export function checkRows({ columns, records }: Table, context: CheckContext): readonly CheckedRow[] {
  const known = knownTargets(context.transfers);
  const seen = new Map<string, number>();
  return records.map(({ line, cells }, at): CheckedRow => {
    const cell = (column: number | undefined) => (column === undefined ? '' : (cells[column]?.trim() ?? ''));
    const account = columns.accounts.map(cell).find((text) => text !== '') ?? '';
    const found = targetOf(account);
    const target = 'problem' in found ? undefined : found;
    const startText = cell(columns.start);
    const start = startOfRow(startText, context);
    const row = {
      number: at + 1,
      line,
      name: cell(columns.name),
      account: target?.id ?? account,
      target,
      start: 'problem' in start ? undefined : start.start,
      startText,
      notes: cell(columns.notes),
    };
    const verdict = (state: CheckState, message = '') => ({ ...row, state, message });

    const problem = nameProblem(row.name) ?? noteProblem(row.notes);
    if ('problem' in found) return verdict('malformed', found.problem);
    if (problem !== undefined) return verdict('malformed', problem);
    if ('problem' in start) return verdict('malformed', start.problem);
    if (found.id === context.ownAccountId) {
      return verdict('malformed', 'This is your own account. Enter the customer’s.');
    }
    const key = found.id.toLowerCase();
    const earlier = seen.get(key);
    if (earlier !== undefined) return verdict('duplicate', `The same account as row ${earlier}. Remove one of them.`);
    seen.set(key, row.number);
    const transfer = known.get(key);
    if (transfer !== undefined) return verdict('open', openMessage(transfer, context.now));
    const notAllowed = startProblem(start.start, context);
    return notAllowed === undefined ? verdict('ready') : verdict('start', notAllowed);
  });
}

function startOfRow(text: string, { defaultStart, starts }: CheckContext): ReturnType<typeof startOf> {
  if (text !== '') return startOf(text);
  if (defaultStart !== undefined) return { start: new Date(defaultStart) };
  return { problem: `There is no start. Write ${allowedOf(starts)}, or choose a month for all rows without one.` };
}

const allowedOf = (starts: readonly Start[]): string =>
  starts
    .filter(({ whyNot }) => whyNot === undefined)
    .map(({ value }) => value.slice(0, 7))
    .join(' or ');

function startProblem(start: Date, { starts }: CheckContext): string | undefined {
  const known = starts.find(({ value }) => Date.parse(value) === start.getTime());
  if (known !== undefined) return known.whyNot;
  const allowed = starts.filter(({ whyNot }) => whyNot === undefined).map(({ label }) => label);
  return `AWS allows ${allowed.join(' or ')}.`;
}

function knownTargets(transfers: readonly KnownTransfer[]): ReadonlyMap<string, KnownTransfer> {
  const known = new Map<string, KnownTransfer>();
  for (const transfer of transfers) {
    if (!['awaiting', 'scheduled', 'active'].includes(transfer.group)) continue;
    for (const id of [transfer.accountId, transfer.email]) if (id) known.set(id.toLowerCase(), transfer);
  }
  return known;
}

function openMessage({ group, start, expires }: KnownTransfer, now: Date): string {
  const day = start === undefined ? 'an unknown day' : utcDay(new Date(start), now);
  if (group === 'active') return `Billed here since ${day}.`;
  if (group === 'scheduled') return `Accepted already. Billing starts ${day}.`;
  const until = expires === undefined ? '' : ` until ${utcMoment(new Date(expires), now)} UTC`;
  return `Invited already. The invitation is open${until}.`;
}

/** "1 Dec 2026", or what the file has instead of a month. */
export const startLabel = ({ start, startText }: CheckedRow, now: Date): string =>
  start === undefined ? startText || '–' : fullDay(start, now);
