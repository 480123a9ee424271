import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The package of the peers: not compiled, so seen from where this file is when it is. */
const folder = fileURLToPath(new URL('../../../bench/peers/', import.meta.url));

/** Installs the peers where they are missing, or other than they are to be. Throws when they cannot be. */
export function installPeers(): void {
  const wanted = changedAt('package-lock.json');
  // npm writes it when it has installed everything.
  const installed = changedAt('node_modules/.package-lock.json');
  if (installed >= wanted) return;
  process.stdout.write('The peers are not installed, or have changed: npm ci in bench/peers\n');
  const { status, error } = spawnSync('npm', ['ci'], { cwd: folder, stdio: 'inherit' });
  if (status !== 0) throw new Error(`npm ci in ${folder} failed`, { cause: error });
}

/** In ms since the epoch; 0 for a file that is not there. */
const changedAt = (file: string): number => statSync(`${folder}${file}`, { throwIfNoEntry: false })?.mtimeMs ?? 0;
