import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toCsv } from '../../src/console/data/csv.ts';
import { parseCsv } from '../../src/console/data/parse-csv.ts';

const cellsOf = (text: string, separator?: string) => {
  const file = parseCsv(text, separator);
  return 'problem' in file ? file : file.records.map(({ cells }) => cells);
};

describe('a CSV file', () => {
  test.each([
    ['commas', 'a,b\nc,d'],
    ['semicolons', 'a;b\nc;d'],
    ['tabs', 'a\tb\nc\td'],
    ['CRLF', 'a,b\r\nc,d\r\n'],
    ['CR', 'a,b\rc,d'],
    ['a byte order mark', '\ufeffa,b\nc,d'],
    ['lines without text', '\n\na,b\n\n , \nc,d\n\n'],
    ['quotes', '"a","b"\n"c","d"'],
  ])('with %s has the same cells', (_name, text) => {
    expect(cellsOf(text)).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  test('keeps delimiters, quotes and line breaks within quotes', () => {
    expect(cellsOf('name,notes\n"Dental, Inc.","He said ""yes""\r\ntwice"\n')).toEqual([
      ['name', 'notes'],
      ['Dental, Inc.', 'He said "yes"\r\ntwice'],
    ]);
  });

  test('knows the line of each row, also after line breaks within quotes', () => {
    const file = parseCsv('name\n\n"a\nb"\nc');
    expect(file).toMatchObject({ records: [{ line: 1 }, { line: 3 }, { line: 5 }] });
  });

  test('is separated by what its first line has most of, outside of quotes', () => {
    expect(cellsOf('"a,b,c";d\n1,5;2')).toEqual([
      ['a,b,c', 'd'],
      ['1,5', '2'],
    ]);
  });

  test('keeps quotes in the middle of a cell, and text after a quoted one', () => {
    expect(cellsOf('5" pipe,"a"b\n')).toEqual([['5" pipe', 'ab']]);
  });

  test('keeps an empty last cell', () => {
    expect(cellsOf('a,b,\nc,d,')).toEqual([
      ['a', 'b', ''],
      ['c', 'd', ''],
    ]);
  });

  test('with a quote that has no end is refused with the line', () => {
    expect(parseCsv('a,b\nc,"d\ne')).toEqual({
      problem: 'Line 2 begins a text in quotes that has no end. Add the quote, or remove it.',
    });
  });

  test('has the cells that were written', () => {
    // What a spreadsheet would run as a formula gets an apostrophe when it is written.
    const cell = fc.string({ unit: 'binary' }).filter((text) => !/^[=+\-@\t\r\ufeff]/.test(text));
    const row = fc
      .array(cell, { minLength: 1, maxLength: 5 })
      .filter((cells) => cells.some((each) => each.trim() !== ''));
    fc.assert(
      fc.property(fc.array(row, { maxLength: 8 }), (rows) => {
        expect(cellsOf(toCsv(rows), ',')).toEqual(rows);
      }),
    );
  });

  test('of any text is read or refused, and ends', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', ',', ';', '\t', '"', '\n', '\r', ' ') }), (text) => {
        const file = parseCsv(text);
        if ('problem' in file) expect(file.problem).toMatch(/^Line \d+ /);
        else for (const { cells } of file.records) expect(cells.join('').trim()).not.toBe('');
      }),
    );
  });
});
