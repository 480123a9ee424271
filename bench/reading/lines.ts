import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Lines {
  readonly title: string;
  readonly files: number;
  readonly count: number;
  /** Average number of characters of a non-blank line, without its indentation. */
  readonly width: number;
}

/** Relative to dist.bench.tmp/bench/reading. */
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

const APART = ['simulator', 'control-policies'];

export function countLines(): readonly Lines[] {
  const src = typeScriptOf('src');
  const partOf = (file: string) => relative(join(ROOT, 'src'), file).split(sep)[0] ?? '';
  return [
    count(
      'src without simulator and control-policies',
      src.filter((file) => !APART.includes(partOf(file))),
    ),
    ...APART.map((part) =>
      count(
        `src/${part}`,
        src.filter((file) => partOf(file) === part),
      ),
    ),
    count('test', typeScriptOf('test')),
  ];
}

function typeScriptOf(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
}

function count(title: string, files: readonly string[]): Lines {
  const lines = files.flatMap((file) => readFileSync(file, 'utf8').replace(/\n$/, '').split('\n'));
  const written = lines.map((line) => line.trim().length).filter((length) => length > 0);
  const characters = written.reduce((sum, length) => sum + length, 0);
  return { title, files: files.length, count: lines.length, width: characters / Math.max(written.length, 1) };
}
