// Compiles src/ to dist/. dist/ is replaced only after the compiler has succeeded, so a failed build never leaves half of one.
import { spawnSync } from 'node:child_process';
import { chmodSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inputsHash } from './inputs-hash.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const staging = join(root, `dist.${process.pid}.tmp`);
const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
const hash = inputsHash(root);
try {
  const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', staging], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
  chmodSync(join(staging, 'main.js'), 0o755);
  writeFileSync(join(staging, '.inputs'), hash);
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  renameSync(staging, join(root, 'dist'));
} finally {
  rmSync(staging, { recursive: true, force: true });
}
