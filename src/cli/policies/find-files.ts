import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { FileError } from './read-document.ts';

export interface FoundFile {
  readonly file: string;
  /** Whether the command line names the file itself, not a folder above it. */
  readonly isNamed: boolean;
}

/**
 * Returns the given files, and all files with one of the extensions in the given folders, in the order of their names.
 * Hidden folders and `node_modules` are skipped.
 *
 * @throws {FileError} if a path does not exist
 */
export async function findFiles(paths: readonly string[], extensions: readonly string[]): Promise<FoundFile[]> {
  const found = await Promise.all(
    paths.map(async (path): Promise<FoundFile[]> => {
      const about = await stat(path).catch((error: NodeJS.ErrnoException) => {
        throw new FileError(
          error.code === 'ENOENT' ? `${path} does not exist` : `${path} cannot be read: ${error.code}`,
        );
      });
      if (!about.isDirectory()) return [{ file: path, isNamed: true }];
      const files = await filesIn(path, extensions);
      return files.map((file) => ({ file, isNamed: false }));
    }),
  );
  const seen = new Set<string>();
  return found.flat().filter(({ file }) => !seen.has(file) && seen.add(file));
}

async function filesIn(folder: string, extensions: readonly string[]): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  entries.sort((one, other) => (one.name < other.name ? -1 : 1));
  const files: string[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!entry.name.startsWith('.') && entry.name !== 'node_modules')
        files.push(...(await filesIn(path, extensions)));
    } else if (extensions.includes(extname(entry.name).toLowerCase())) files.push(path);
  }
  return files;
}
