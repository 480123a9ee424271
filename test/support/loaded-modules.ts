import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Orgql } from './cli.ts';

/**
 * Runs `orgql ...args` in its own process until it ends or `visit` resolves, and returns all modules that it loaded, from
 * Node's coverage. Paths start at `node_modules/` or `dist/`.
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
