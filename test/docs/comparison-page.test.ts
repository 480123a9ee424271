import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const page = readFileSync(join(import.meta.dirname, '../../docs/comparison.md'), 'utf8');
const sources = new Map([...page.matchAll(/^\[([\w-]+)\]: (\S+)$/gm)].map(([, name = '', url = '']) => [name, url]));
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (?:project |orgql|\[orgql)/.test(line))
  .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')));

test('docs/comparison.md compares orgql with eight projects', () => {
  expect(rows).toHaveLength(8);
  expect(new Set(sources.values()).size).toBe(sources.size);
  for (const url of sources.values()) expect(url).toMatch(/^https:\/\//);
});

test.each(rows.map((row) => [row[0], row] as const))(
  '%s: what it does with AWS Organizations has a source',
  (_, row) => {
    const [name = '', ...cells] = row;
    const used = (text: string) => [...text.matchAll(/\]\[([\w-]+)\]/g)].map(([, source = '']) => source);
    for (const source of used(row.join())) expect(sources.has(source), source).toBe(true);
    expect(used(name)).toHaveLength(name.includes(' + ') ? 2 : 1);
    // The first or second cell is of AWS Organizations.
    expect(used(cells.slice(0, 2).join()).length).toBeGreaterThan(0);
  },
);

test('every source of docs/comparison.md is used', () => {
  const body = page.replace(/^\[[\w-]+\]: .*$/gm, '');
  expect([...sources.keys()].filter((name) => !body.includes(`][${name}]`))).toEqual([]);
});
