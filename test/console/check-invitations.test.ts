import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { startsOf } from '../../src/console/screens/transfers/actions/dates.ts';
import { targetOf } from '../../src/console/screens/transfers/actions/fields.ts';
import {
  type CheckContext,
  checkRows,
  type KnownTransfer,
  MAX_ROWS,
  readTable,
} from '../../src/console/screens/transfers/bulk/check.ts';
import { startOf } from '../../src/console/screens/transfers/bulk/start-month.ts';

const now = new Date('2026-11-28T23:38:00Z');
const context: CheckContext = {
  starts: startsOf(['2026-12-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'], now),
  transfers: [],
  ownAccountId: '111111111111',
  defaultStart: undefined,
  now,
};

const transfer = (members: Partial<KnownTransfer>): KnownTransfer => ({
  ...{ group: 'awaiting', accountId: undefined, email: undefined },
  ...{ start: '2027-01-01T00:00:00Z', expires: '2026-12-31T00:00:00Z' },
  ...members,
});

function check(text: string, more: Partial<CheckContext> = {}) {
  const table = readTable(text);
  if ('problem' in table) return table.problem;
  return checkRows(table, { ...context, ...more }).map(({ state, message }) =>
    message === '' ? state : `${state}: ${message}`,
  );
}

describe('columns', () => {
  const ready = ['ready'];
  test.each([
    ['by the header', 'name,account,start,notes\nDaphne Dental,128409173355,2027-01,hi'],
    ['in another order and words', 'Start month;E-mail;Customer name\n2027-01;aws@daphne.example.com;Daphne Dental'],
    [
      'with ids and addresses in two columns',
      'Company\tAccount ID\tEmail\tStart\nDaphne\t\taws@daphne.example.com\t2027-01',
    ],
    ['by their shape', 'Daphne Dental,128409173355,2027-01'],
    ['by their shape, from a spreadsheet', '1284 0917 3355\t1 Jan 2027\tDaphne Dental\tA note'],
  ])('are found %s', (_name, text) => {
    expect(check(text)).toEqual(ready);
  });

  test.each([
    ['', 'There are no rows. Paste one row for each customer.'],
    ['name,account,start', 'There is a header, but no rows. Paste one row for each customer.'],
    ['name,start\nDaphne,2027-01', /^No column has account ids or e-mail addresses\. Add a first line/],
    ['account,start\n128409173355,2027-01', /^No column has the names of the customers\. Add a first line/],
    [
      `name,account\n${'a,128409173355\n'.repeat(MAX_ROWS + 1)}`,
      '5,001 rows, and 5,000 rows are allowed. Split the file.',
    ],
    ['x'.repeat(2_100_000), 'The file has 2.1 MB, and 2 MB are allowed. Split it.'],
  ])('a file that cannot be read says why: %#', (text, problem) => {
    expect(check(text)).toEqual(problem instanceof RegExp ? expect.stringMatching(problem) : problem);
  });

  test('that are not used are named', () => {
    const table = readTable('name,account,start,phone\nDaphne,128409173355,2027-01,555');
    expect(table).toMatchObject({ columns: { unused: ['phone'] } });
  });
});

describe('rows', () => {
  const row = (text: string, more?: Partial<CheckContext>) => check(`name,account,start,notes\n${text}`, more);

  test.each([
    ['Daphne,128409173355,2026-12,', 'ready'],
    ['Daphne,128409173355,2027-03,', 'start: AWS allows 1 Dec 2026 or 1 Jan 2027.'],
    [',128409173355,2027-01,', 'malformed: There is no name. Type one.'],
    ['Zoë,128409173355,2027-01,', /^malformed: “ë”: AWS allows only letters without accents/],
    ['Daphne,,2027-01,', 'malformed: There is no account. Type the account id or the e-mail address.'],
    ['Daphne,1.28409E+11,2027-01,', /^malformed: “1\.28409E\+11” was rounded by a spreadsheet\./],
    ['Daphne,12840917335,2027-01,', /^malformed: “12840917335” has 11 digits, not 12\./],
    ['Daphne,daphne@,2027-01,', 'malformed: “daphne@” is no e-mail address. Correct it.'],
    ['Daphne,128409173355,soon,', 'malformed: “soon” is no month. Write it as 2027-01.'],
    ['Daphne,128409173355,2027-01-15,', /^malformed: “2027-01-15”: a transfer starts on the first day of a month/],
    ['Daphne,128409173355,,', /^malformed: There is no start\. Write 2026-12 or 2027-01/],
    ['Daphne,1111 1111 1111,2027-01,', 'malformed: This is your own account. Enter the customer’s.'],
    [`Daphne,128409173355,2027-01,${'x'.repeat(1_025)}`, /^malformed: The note has 1025 characters/],
  ])('%s', (text, expected) => {
    expect(row(text)).toEqual([expected instanceof RegExp ? expect.stringMatching(expected) : expected]);
  });

  test('a row for an account that occurs before is a duplicate', () => {
    expect(row('A,aws@a.example.com,2027-01,\nB,AWS@A.example.com,2027-01,\nC,128409173355,2027-01,')).toEqual([
      'ready',
      'duplicate: The same account as row 1. Remove one of them.',
      'ready',
    ]);
  });

  test('a customer that is invited or billed already is not invited again', () => {
    const transfers = [
      transfer({ email: 'aws@a.example.com' }),
      transfer({ accountId: '128409173355', group: 'active', start: '2026-07-01T00:00:00Z' }),
      transfer({ accountId: '128409173356', group: 'ending' }),
    ];
    expect(
      row('A,AWS@a.example.com,2027-01,\nB,128409173355,2027-01,\nC,128409173356,2027-01,', { transfers }),
    ).toEqual([
      'open: Invited already. The invitation is open until 31 Dec 00:00 UTC.',
      'open: Billed here since 1 Jul.',
      'ready',
    ]);
  });

  test('a month whose invitations would have expired is not allowed', () => {
    const late = new Date('2026-11-30T10:00:00Z');
    const starts = startsOf(['2027-01-01T00:00:00.000Z'], late);
    expect(row('A,128409173355,2026-12,', { starts, now: late })).toEqual([
      'start: The invitation would have expired on 30 Nov 00:00 UTC, 24 hours before the start.',
    ]);
  });

  test('rows without a start take the chosen one', () => {
    expect(row('A,128409173355,,', { defaultStart: '2027-01-01T00:00:00.000Z' })).toEqual(['ready']);
  });

  test('any text has a verdict for each row', () => {
    const cell = fc.oneof(
      fc.string(),
      fc.constantFrom('128409173355', 'a@example.com', '2027-01', '1 Dec 2026', 'Daphne'),
    );
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 1, maxLength: 5 }), { maxLength: 10 }), (rows) => {
        const text = rows.map((cells) => cells.map((each) => `"${each.replaceAll('"', '""')}"`).join(',')).join('\n');
        const table = readTable(text);
        if ('problem' in table) {
          expect(table.problem).toMatch(/\.$/);
          return;
        }
        const checked = checkRows(table, context);
        expect(checked).toHaveLength(table.records.length);
        for (const { state, message, target, start } of checked) {
          if (state === 'ready') expect([target, start]).not.toContain(undefined);
          else expect(message).toMatch(/\.$/);
        }
      }),
    );
  });
});

describe('months', () => {
  test.each([
    ...['2027-01', '2027-1', '2027-01-01', '2027/01/01', '2027-01-01T00:00:00Z', '2027-01-01 00:00:00', '01.01.2027'],
    ...[
      '1/1/2027',
      '01/2027',
      '1 Jan 2027',
      'Jan 2027',
      'January 2027',
      '1. January 2027',
      'Jan 1, 2027',
      '1-Jan-2027',
    ],
  ])('%s is January', (text) => {
    expect(startOf(text)).toEqual({ start: new Date('2027-01-01T00:00:00Z') });
  });

  test.each(['12/1/2026', '1/12/2026', '2026-13', 'Janx 2027', '2027', '44927', '1 Jan'])('%s is not clear', (text) => {
    expect(startOf(text)).toMatchObject({ problem: expect.stringContaining(text) });
  });

  test('every first day of a month is read back', () => {
    const month = fc.record({ year: fc.integer({ min: 2000, max: 2100 }), month: fc.integer({ min: 1, max: 12 }) });
    fc.assert(
      fc.property(month, ({ year, month: at }) => {
        const start = new Date(Date.UTC(year, at - 1, 1));
        const two = String(at).padStart(2, '0');
        const name = start.toLocaleString('en-US', { month: 'long', timeZone: 'UTC' });
        for (const text of [
          `${year}-${two}`,
          `1.${at}.${year}`,
          `${two}/${year}`,
          `${name} ${year}`,
          start.toISOString(),
        ]) {
          expect(startOf(text)).toEqual({ start });
        }
      }),
    );
  });
});

test('account ids are read with spaces and hyphens, and every address that has no spaces', () => {
  const id = fc.stringMatching(/^\d{12}$/);
  fc.assert(
    fc.property(id, fc.constantFrom(' ', '-', ''), (digits, between) => {
      const typed = digits.replace(/(\d{4})(?=\d)/g, `$1${between}`);
      expect(targetOf(` ${typed} `)).toEqual({ id: digits, type: 'ACCOUNT' });
    }),
  );
  expect(targetOf('aws+billing@sub.example.com')).toEqual({ id: 'aws+billing@sub.example.com', type: 'EMAIL' });
});
