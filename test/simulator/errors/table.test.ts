import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { findUnexplained, formatErrorTable } from './table.ts';

const path = new URL('../../../docs/simulator.md', import.meta.url);
const [begin, end] = ['<!-- errors: begin -->', '<!-- errors: end -->'];

test('every declared exception and reason has a test or an explanation', () => {
  expect(findUnexplained()).toEqual([]);
});

test('docs/simulator.md has the current table (scripts/simulator-errors.mjs writes it)', () => {
  const text = readFileSync(path, 'utf8');
  const [before, rest = ''] = text.split(begin);
  const after = rest.split(end)[1];
  const present = `${before}${begin}\n${formatErrorTable()}\n${end}${after}`;
  if (process.env['UPDATE_SIMULATOR_DOCS']) writeFileSync(path, present);
  else expect(text).toBe(present);
});
