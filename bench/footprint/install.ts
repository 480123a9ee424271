import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface Install {
  readonly packages: number;
  /** Of its files, in bytes. */
  readonly bytes: number;
  /** The largest, with all of one scope as one. */
  readonly largest: readonly (readonly [name: string, bytes: number])[];
}

/** What somebody gets who installs the package as it is, in production. Rejects when npm fails, for want of a registry say. */
export async function measureInstall(root: string, ...flags: readonly string[]): Promise<Install> {
  const folder = mkdtempSync(join(tmpdir(), 'orgql-install-'));
  const npm = async (...args: string[]) => (await promisify(execFile)('npm', args, { cwd: folder })).stdout;
  try {
    const packed: unknown = JSON.parse(await npm('pack', root, '--json', '--silent', '--ignore-scripts'));
    const [tarball] = readdirSync(folder);
    if (tarball === undefined) throw new Error(`npm pack made nothing: ${JSON.stringify(packed)}`);
    writeFileSync(join(folder, 'package.json'), '{ "private": true }');
    await npm('install', '--omit=dev', ...flags, '--no-audit', '--no-fund', '--silent', `./${tarball}`);
    return census(join(folder, 'node_modules'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function census(modules: string): Install {
  const sizes = new Map<string, number>();
  let packages = 0;
  for (const entry of readdirSync(modules, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = entry.parentPath.slice(modules.length + 1).split('/');
    // A package lies right in a folder node_modules, or in that of its scope there.
    const within = path.slice(path.lastIndexOf('node_modules') + 1);
    const depth = within[0]?.startsWith('@') ? 2 : 1;
    if (entry.name === 'package.json' && within.length === depth) packages += 1;
    const name = path[0] || '.';
    sizes.set(name, (sizes.get(name) ?? 0) + statSync(join(entry.parentPath, entry.name)).size);
  }
  const largest = [...sizes].sort(([, a], [, b]) => b - a);
  return { packages, bytes: largest.reduce((sum, [, bytes]) => sum + bytes, 0), largest: largest.slice(0, 10) };
}
