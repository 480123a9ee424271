import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from '../support/free-port.ts';

const bin = join(import.meta.dirname, 'node_modules/@graphql-hive/gateway/dist/bin.js');

/** Hive Gateway over a supergraph, as a process of its own. `config` is the text of its file gateway.config.mjs. */
export async function startHiveGateway(supergraph: string, config: string) {
  const folder = mkdtempSync(join(tmpdir(), 'orgql-'));
  writeFileSync(join(folder, 'supergraph.graphql'), supergraph);
  writeFileSync(join(folder, 'gateway.config.mjs'), config);
  const port = await freePort();
  const args = ['supergraph', 'supergraph.graphql', '-c', 'gateway.config.mjs', '--host', '127.0.0.1', '-p', `${port}`];
  const child = spawn(process.execPath, [bin, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  const lines: string[] = [];
  const listening = new Promise<void>((resolve, reject) => {
    for (const output of [child.stdout, child.stderr])
      createInterface(output).on('line', (line) => {
        lines.push(line);
        if (line.includes('Listening on')) resolve();
      });
    child.once('close', () => reject(new Error(`Hive Gateway has ended: ${lines.join('\n')}`)));
  });
  const close = async () => {
    child.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true });
  };
  await listening.catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return { url: `http://127.0.0.1:${port}/graphql`, close };
}
