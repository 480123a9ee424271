import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/testing.md'), 'utf8');
const folder = join(root, 'examples/testing');
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(js|py|go)$/.test(name) && !name.includes('node_modules'))
  .map((name) => readFileSync(join(folder, name), 'utf8'));
const blocks = [...page.matchAll(/^```(js|py|go)\n([\s\S]*?)^```/gm)].map(([, language, text = '']) => [
  language,
  text,
]);

test('docs/testing.md shows code of all three languages', () => {
  expect(new Set(blocks.map(([language]) => language))).toEqual(new Set(['js', 'py', 'go']));
});

test.each(blocks)('docs/testing.md shows %s code of examples/testing, whose tests run: %s', (_, text = '') => {
  expect(sources.some((source) => source.includes(text))).toBe(true);
});
