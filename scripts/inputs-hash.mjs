import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A digest of everything that a build of dist/ depends on: the sources, the compiler's settings and the lockfile.
 * Contents rather than times, since a fresh clone gives every file the same time.
 */
export function inputsHash(root) {
  const hash = createHash('sha256');
  const sources = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const file of [
    ...sources,
    ...[
      ...['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json', 'scripts/compress.mjs'],
      ...['scripts/graphiql-assets.mjs', 'scripts/console-assets.mjs', 'scripts/console-documents.mjs'],
    ].map((name) => join(root, name)),
  ]) {
    hash.update(file.slice(root.length)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}
