// Builds dist/ when it is missing or no longer belongs to the sources, and otherwise says and does nothing.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inputsHash } from './inputs-hash.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const stamp = join(root, 'dist', '.inputs');
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== inputsHash(root)) {
  process.stderr.write('building dist/ ...\n');
  await import('./build.mjs');
}
