import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The package of the peers: not compiled, so seen from where this file is when it is. */
const folder = fileURLToPath(new URL('../../../bench/peers/', import.meta.url));

/** Installs the peers where they are missing. Throws when they cannot be. */
export function installPeers(): void {
  if (existsSync(`${folder}node_modules`)) return;
  process.stdout.write('The peers are not installed yet: npm ci in bench/peers\n');
  const { status, error } = spawnSync('npm', ['ci'], { cwd: folder, stdio: 'inherit' });
  if (status !== 0) throw new Error(`npm ci in ${folder} failed`, { cause: error });
}
