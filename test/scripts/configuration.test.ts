import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { variables } from '../../src/config/environment.ts';
import { type SettingSchema, settingSchema } from '../../src/config/setting-schema.ts';
import { build } from '../support/cli.ts';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/configuration.md'), 'utf8');

/** Settings by their names in the page; a setting of several kinds of a section is there once for each. */
function namesOf(schema: SettingSchema, path: string): string[] {
  const kinds = schema.oneOf ?? [];
  const below = [
    ...Object.entries(schema.properties ?? {}).flatMap(([name, each]) =>
      namesOf(each, path ? `${path}.${name}` : name),
    ),
    ...kinds.flatMap((kind) => namesOf(kind, path).slice(path ? 1 : 0)),
    ...(schema.items?.properties ? namesOf(schema.items, `${path}[]`).slice(1) : []),
  ];
  return path === '' ? below : [path, ...below];
}

test('docs/configuration.md is up to date', () => {
  build();
  execFileSync(process.execPath, [join(root, 'scripts/print-configuration.mjs'), '--check']);
});

test('docs/configuration.md describes every setting and every variable', () => {
  const names = namesOf(settingSchema(), '');
  expect(names).toContain('auth.keys[].expires');
  expect(names).toContain('limits.bufferedBytes.total');
  const rows = new Map(
    [...page.matchAll(/^\| `([^`]+)` \|.*\| (.*) \|$/gm)].map(([_, name = '', meaning = '']) => [name, meaning]),
  );
  for (const name of names) {
    const isSection = page.includes(`\n## ${name}\n`);
    expect(isSection || (rows.get(name) ?? '').length > 3, name).toBe(true);
  }
  for (const [variable, { path }] of Object.entries(variables))
    expect(page).toMatch(new RegExp(`^\\| \`${path.join('\\.')}\` \\|[^\\n]*\\| \`${variable}\` \\|`, 'm'));
});
