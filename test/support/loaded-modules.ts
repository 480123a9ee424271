import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Orgql } from './cli.ts';

/**
 * Runs `orgql ...args`, as a process of its own, to its end, or until `visit` has done with its URL, and tells what it has loaded: all modules, ES
 * and CommonJS alike, as Node's own coverage lists them. Packages' are told from `node_modules/` on, and its own from `dist/`.
 */
export async function loadedModules(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  visit?: (url: string) => Promise<unknown>,
): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'orgql-'));
  try {
    await using orgql = new Orgql(args, { ...environment, NODE_V8_COVERAGE: folder });
    if (visit) {
      await visit(await orgql.url());
      orgql.process.kill('SIGTERM');
    }
    const { code, stderr } = await orgql.finished;
    if (code !== 0) throw new Error(`orgql ${args.join(' ')} ended with ${code}: ${stderr}`);
    return readdirSync(folder)
      .flatMap((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')).result as { url: string }[])
      .filter(({ url }) => url.startsWith('file:'))
      .map(({ url }) => fileURLToPath(url).replace(/^.*?\/(?=(dist|node_modules)\/)/, ''));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
