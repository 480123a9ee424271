import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder of the peers' package. It is not compiled, so the path depends on whether this file is. */
const folder = fileURLToPath(new URL('../../../bench/peers/', import.meta.url));

/** Installs the peers if they are missing or outdated. Throws if the installation fails. */
export function installPeers(): void {
  const wanted = changedAt('package-lock.json');
  // npm writes this file at the end of an installation.
  const installed = changedAt('node_modules/.package-lock.json');
  if (installed >= wanted) return;
  process.stdout.write('The peers are not installed, or have changed: npm ci in bench/peers\n');
  const { status, error } = spawnSync('npm', ['ci'], { cwd: folder, stdio: 'inherit' });
  if (status !== 0) throw new Error(`npm ci in ${folder} failed`, { cause: error });
}

/** In ms since the epoch; 0 if the file does not exist. */
const changedAt = (file: string): number => statSync(`${folder}${file}`, { throwIfNoEntry: false })?.mtimeMs ?? 0;
