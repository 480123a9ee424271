import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as possibleTypes from '../../src/schema/possible-types.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const page = read('docs/api.md');
const { exports } = JSON.parse(read('package.json'));

/** Names in the code spans of a section's tables and text. */
const namesIn = (heading: string) => {
  const section = page.split(/^## /m).find((each) => each.startsWith(heading)) ?? '';
  return new Set([...section.matchAll(/`([A-Za-z]\w*)[^`]*`/g)].map(([, name]) => name));
};

/** Names that a module exports, types included. Each export of an index names what it exports. */
const exportsOf = (source: string) =>
  [...source.matchAll(/^export (?:type )?\{([^}]+)\}/gm)].flatMap(([, list = '']) =>
    list.split(',').map((each) => each.trim().replace(/^type /, '')),
  );

describe('docs/api.md', () => {
  it.each(Object.keys(exports))('documents the export %s', (name) => {
    expect(page).toContain(`\`orgql${name.slice(1)}\``);
  });

  it('documents every export of orgql/simulator, types included', () => {
    const source = read('src/simulator/index.ts');
    const exported = exportsOf(source).filter(Boolean);
    expect(exported).toContain('startSimulator');
    expect(source).not.toMatch(/^export (?:\*|const|function|class|interface|default)/m);
    expect(exported.filter((name) => !namesIn('orgql/simulator').has(name))).toEqual([]);
  });

  it('documents every option of startSimulator', () => {
    const [, body = ''] =
      /export interface SimulatorOptions \{([\s\S]*?)^\}/m.exec(read('src/simulator/options.ts')) ?? [];
    const options = [...body.matchAll(/^ {2}readonly (\w+)\?/gm)].map(([, name = '']) => name);
    expect(options).toContain('seed');
    expect(options.filter((name) => !namesIn('orgql/simulator').has(name))).toEqual([]);
  });

  it('documents every export of orgql/possible-types', () => {
    const names = Object.keys(possibleTypes).filter((name) => name !== 'default');
    expect(names.filter((name) => !namesIn('orgql/possible-types').has(name))).toEqual([]);
  });
});
