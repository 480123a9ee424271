// Builds dist/ when it is missing or no longer belongs to the sources, and otherwise says and does nothing.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { alone } from './build-lock.mjs';
import { compile } from './compile.mjs';
import { inputsHash } from './inputs-hash.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const stamp = join(root, 'dist', '.inputs');
const isStale = () => !existsSync(stamp) || readFileSync(stamp, 'utf8') !== inputsHash(root);

/** Another may have built it meanwhile. */
function build() {
  if (!isStale()) return 0;
  process.stderr.write('building dist/ ...\n');
  return compile(root);
}

if (isStale()) {
  process.exitCode = await alone(root, build, () => process.stderr.write('waiting for another build of dist/ ...\n'));
}
