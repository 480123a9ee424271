import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { configSchema } from '../../src/config/index.ts';
import { schema } from '../../src/schema/index.ts';

const root = join(import.meta.dirname, '../..');
const pages = readdirSync(join(root, 'docs'))
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`);

/** Code blocks of all pages: [page, text]. */
const blocksIn = (language: string) =>
  pages.flatMap((page) =>
    [
      ...readFileSync(join(root, page), 'utf8').matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm')),
    ].map(([, text = '']) => [page, text] as const),
  );

test.each(blocksIn('graphql'))('%s: an operation is valid: %s', (_, document) => {
  expect(validate(schema, parse(document))).toEqual([]);
});

test.each(blocksIn('yaml').filter(([, text]) => text.startsWith('# orgql.yaml')))(
  '%s: a configuration is valid: %s',
  (_, text) => {
    expect(configSchema.safeParse(parseYaml(text)).error).toBeUndefined();
  },
);

test.each(['README.md', ...pages])('%s: lines of text have at most 160 characters', (page) => {
  const isProse = (line: string) => !/^\s*\||^<!--/.test(line);
  const text = readFileSync(join(root, page), 'utf8').replace(/^```[\s\S]*?^```/gm, '');
  expect(text.split('\n').filter((line) => line.length > 160 && isProse(line))).toEqual([]);
});
