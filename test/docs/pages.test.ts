import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const { scripts } = JSON.parse(read('package.json'));

describe.each(['ARCHITECTURE.md', 'CONTRIBUTING.md'])('%s', (page) => {
  const text = read(page);

  it('names only files and folders that exist', () => {
    const named = [...text.matchAll(/\b((?:src|test|bench|scripts|docs|examples|\.ci|\.changeset)\/[\w./-]*[\w/])/g)];
    expect(named.length).toBeGreaterThan(10);
    expect(named.map(([, path]) => path ?? '').filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('names only commands of package.json', () => {
    const named = [...text.matchAll(/\bnpm run ([\w:]+)/g)].map(([, name]) => name ?? '');
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  it('has no line of more than 160 characters', () => {
    expect(text.split('\n').filter((line) => line.length > 160)).toEqual([]);
  });
});

it('docs/releasing.md names only commands of package.json and files that exist', () => {
  const text = read('docs/releasing.md');
  const commands = [...text.matchAll(/\bnpm run ([\w:]+)/g)].map(([, name]) => name ?? '');
  expect(commands).toContain('version');
  expect(commands.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  const files = [...text.matchAll(/`((?:\.changeset|deploy|docs)\/[\w./-]+)`/g)].map(([, path]) => path ?? '');
  expect(files).toContain('.changeset/pre.json');
  expect(files.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

it('ARCHITECTURE.md draws the parts, a query, an event, the copy and a notification, each in fewer than 60 lines', () => {
  const drawings = [...read('ARCHITECTURE.md').matchAll(/^```mermaid\n(.*?)^```$/gms)].map(
    ([, drawing]) => drawing ?? '',
  );
  expect(drawings).toHaveLength(5);
  for (const drawing of drawings) expect(drawing.split('\n').length).toBeLessThan(60);
});
