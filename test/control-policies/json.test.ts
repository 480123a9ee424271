import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseJson } from '../../src/control-policies/json.ts';

function accepts(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

test('parses any JSON value like JSON.parse', () => {
  fc.assert(
    fc.property(fc.json(), fc.constantFrom(undefined, 2, '\t'), (text, indent) => {
      const indented = JSON.stringify(JSON.parse(text), null, indent);
      expect(parseJson(indented)).toEqual({ ok: true, value: JSON.parse(indented) });
    }),
  );
});

test('rejects damaged JSON exactly if JSON.parse rejects it', () => {
  const scrap = fc.constantFrom(
    '',
    ',',
    ':',
    '"',
    '{',
    '}',
    '[',
    ']',
    '\\',
    'x',
    '0',
    '-',
    '.',
    'e',
    ' ',
    '\n',
    '\u0001',
    'null',
    '//',
    "'",
  );
  fc.assert(
    fc.property(fc.json(), fc.nat(), fc.nat(3), scrap, (text, at, length, inserted) => {
      const start = at % (text.length + 1);
      const damaged = text.slice(0, start) + inserted + text.slice(start + length);
      const parsed = parseJson(damaged);
      // A mutation can duplicate a key, which JSON.parse accepts.
      if (!parsed.ok && parsed.problem.expected.includes('each key once')) return;
      expect(parsed.ok, damaged).toBe(accepts(damaged));
    }),
    { numRuns: 500 },
  );
});

test.each([
  ['', 'line 1, column 1', 'expected a JSON value, found the end of the text'],
  ['{"a": 1,}', 'line 1, column 9', 'expected a property name, found "}"'],
  ['{\n  "a": 1\n  "b": 2\n}', 'line 3, column 3', `expected ',' or '}', found "\\""`],
  ["{'a': 1}", 'line 1, column 2', `expected a property name or '}', found "'"`],
  ['[1] [2]', 'line 1, column 5', 'expected the end of the text, found "["'],
  ['{"a": 1, "b": 2, "a": 3}', 'line 1, column 18', 'expected each key once, found "a" again'],
  ['{"a" 1}', 'line 1, column 6', `expected ':', found "1"`],
])('%s: reports the problem at %s', (text, path, expected) => {
  expect(parseJson(text)).toEqual({ ok: false, problem: { path, expected } });
});

test('rejects excessive nesting without a stack overflow', () => {
  expect(parseJson('['.repeat(40_000))).toMatchObject({
    ok: false,
    problem: { expected: 'expected at most 100 levels of nesting' },
  });
  expect(parseJson('{"a":'.repeat(40_000))).toMatchObject({ ok: false });
});

test('parses a megabyte of text', () => {
  const long = 'x\\"\u00e9'.repeat(250_000);
  expect(parseJson(JSON.stringify({ long }))).toEqual({ ok: true, value: { long } });
});
