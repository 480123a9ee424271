// Compiles src/ to dist/.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile } from './compile.mjs';

process.exitCode = await compile(join(dirname(fileURLToPath(import.meta.url)), '..'));
