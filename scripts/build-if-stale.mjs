// Builds dist/ when it is missing or does not belong to the sources.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile } from './compile.mjs';
import { inputsHash } from './inputs-hash.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const stamp = join(root, 'dist', '.inputs');
const isStale = () => !existsSync(stamp) || readFileSync(stamp, 'utf8') !== inputsHash(root);

if (isStale()) {
  process.stderr.write('building dist/ ...\n');
  process.exitCode = await compile(root, isStale);
}
