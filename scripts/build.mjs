// Compiles src/ to dist/.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { alone } from './build-lock.mjs';
import { compile } from './compile.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
process.exitCode = await alone(
  root,
  () => compile(root),
  () => process.stderr.write('waiting for another build of dist/ ...\n'),
);
