import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeGraphiQLAssets } from './graphiql-assets.mjs';
import { inputsHash } from './inputs-hash.mjs';

/**
 * Compiles src/ to dist/, with GraphiQL's files. dist/ is replaced only after the compiler has succeeded, and at once, so a failed build never leaves half of one. Returns the compiler's status,
 * 0 for success. Only one process at a time may do it (build-lock.mjs).
 */
export async function compile(root) {
  const dist = join(root, 'dist');
  const staging = join(root, `dist.${process.pid}.tmp`);
  const before = join(root, `dist.before-${process.pid}.tmp`);
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const hash = inputsHash(root);
  try {
    const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', staging], {
      cwd: root,
      stdio: 'inherit',
    });
    if (status !== 0) return status ?? 1;
    chmodSync(join(staging, 'main.js'), 0o755);
    await writeGraphiQLAssets(root, join(staging, 'graphiql'));
    writeFileSync(join(staging, '.inputs'), hash);
    if (existsSync(dist)) renameSync(dist, before);
    renameSync(staging, dist);
    return 0;
  } finally {
    for (const rest of [staging, before]) rmSync(rest, { recursive: true, force: true });
  }
}
