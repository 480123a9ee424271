import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished, test } from 'vitest';
import { build } from '../support/cli.ts';
import { startDemo } from '../support/gateway.ts';
import { inviteAccount } from '../support/invite.ts';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/clients.md'), 'utf8');

test('the first snippet of docs/clients.md runs as written and prints each change', async () => {
  build();
  await using demo = await startDemo();
  const [, snippet = ''] = /^```js\n([\s\S]*?)^```/m.exec(page) ?? [];
  const folder = mkdtempSync(join(tmpdir(), 'orgql-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules/orgql'));
  writeFileSync(join(folder, 'snippet.mjs'), snippet.replace('http://127.0.0.1:4000/graphql', demo.url));
  const child = spawn(process.execPath, ['snippet.mjs'], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const next = async (expected: RegExp) => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done) throw new Error(`the snippet ended without ${expected}`);
      if (expected.test(value)) return value;
    }
  };
  await next(/^live [1-9]\d*$/);
  const id = await inviteAccount(demo, '333333333333');
  await next(new RegExp(`^ADDED ${id} undefined OPEN$`));
  await demo.query(`mutation { cancelHandshake(input: { handshakeId: "${id}" }) { __typename } }`);
  await next(new RegExp(`^CHANGED ${id} OPEN CANCELED$`));
  child.kill();
  await once(child, 'close');
});
