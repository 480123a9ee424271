import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeConsoleAssets } from './console-assets.mjs';
import { writeGraphiQLAssets } from './graphiql-assets.mjs';
import { inputsHash } from './inputs-hash.mjs';

/**
 * Compiles src/ to dist/, with the files of GraphiQL and of the console. Each build has its own folder, which takes the place of dist/ when it is complete, so that builds may run at the same time:
 * test files that need dist/ do so. `isWanted` is asked again before that, as another build may have ended meanwhile. Returns the compiler's status, 0 for success.
 */
export async function compile(root, isWanted = () => true) {
  removeLeftovers(root);
  const dist = join(root, 'dist');
  const staging = join(root, `dist.${process.pid}.tmp`);
  const before = join(root, `dist.${process.pid}.before.tmp`);
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const hash = inputsHash(root);
  try {
    const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', staging], {
      cwd: root,
      stdio: 'inherit',
    });
    if (status !== 0) return status ?? 1;
    chmodSync(join(staging, 'main.js'), 0o755);
    cpSync(join(root, 'src', 'mcp', 'documents'), join(staging, 'mcp', 'documents'), { recursive: true });
    await writeGraphiQLAssets(root, join(staging, 'graphiql'));
    await writeConsoleAssets(root, join(staging, 'console'));
    writeFileSync(join(staging, '.inputs'), hash);
    // Windows raises EPERM where there is a folder.
    while (isWanted() && !moved(staging, dist, ['ENOTEMPTY', 'EEXIST', 'EPERM'])) {
      moved(dist, before, ['ENOENT']);
      rmSync(before, { recursive: true, force: true });
    }
    return 0;
  } finally {
    for (const rest of [staging, before]) rmSync(rest, { recursive: true, force: true });
  }
}

/** Moves a folder in one piece, or not at all: false after one of these errors. */
function moved(from, to, errors) {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if (errors.includes(error.code)) return false;
    throw error;
  }
}

/** Removes the folders of builds that were killed. */
function removeLeftovers(root) {
  for (const name of readdirSync(root)) {
    const [, pid] = /^dist\.(\d+)\..*tmp$/.exec(name) ?? [];
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(root, name), { recursive: true, force: true });
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
