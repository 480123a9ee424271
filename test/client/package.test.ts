import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { createClient } from 'graphql-ws';
import { build as bundle, type Rolldown } from 'vite';
import { expect, expectTypeOf, it } from 'vitest';
import { type Table, watch } from '../../src/client/index.ts';
import { build } from '../support/cli.ts';
import { startDemo } from '../support/gateway.ts';

const root = join(import.meta.dirname, '..', '..');

it('a bundle for browsers is small and imports nothing', async () => {
  const result = await bundle({
    root: join(root, 'src/client'),
    configFile: false,
    logLevel: 'error',
    build: { write: false, target: 'es2023', minify: true, lib: { entry: 'index.ts', formats: ['es'] } },
  });
  const [{ output }] = result as [Rolldown.RolldownOutput];
  const [{ code, imports, dynamicImports }] = output;
  expect([...imports, ...dynamicImports]).toEqual([]);
  expect(code).not.toMatch(/\b(?:process|Buffer|require|setImmediate)\b/);
  expect(gzipSync(code).length).toBeLessThan(7_000);
});

it('a process ends by itself after close(), whatever its tables are doing', async () => {
  build();
  await using demo = await startDemo();
  const script = `
    import { createClient } from 'graphql-ws';
    import { WebSocket } from 'ws';
    import { watch } from ${JSON.stringify(pathToFileURL(join(root, 'dist/client/index.js')).href)};
    const document = 'subscription ($after: String) { organizationHandshakeChanges(after: $after) { cursor type reset handshake { id } } }';
    const url = ${JSON.stringify(demo.url)};
    const client = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket });
    const live = [watch(document, { transport: client }), watch(document, { transport: { url } })];
    const waiting = watch(document, { transport: { url: 'http://127.0.0.1:1/graphql' }, minRetryMs: 1e9, maxRetryMs: 1e9 });
    const connecting = watch(document, { transport: { url } });
    connecting.close();
    await Promise.all(live.map((table) => table.ready()));
    while (waiting.status.state !== 'reconnecting') await new Promise((resolve) => waiting.subscribe(resolve));
    for (const table of [...live, waiting]) table.close();
    process.stdout.write(live.map(({ rows, status }) => rows.size + ' ' + status.reason).join());
  `;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { cwd: root });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect([code, output]).toEqual([0, expect.stringMatching(/^([1-9]\d*) closed,\1 closed$/)]);
});

interface Data {
  readonly __typename?: 'Subscription';
  readonly organizationHandshakeChanges: {
    readonly __typename?: 'HandshakeEvent';
    readonly cursor: string;
    readonly type: 'SNAPSHOT' | 'BOOKMARK' | 'ADDED' | 'CHANGED' | 'REMOVED';
    readonly reset: boolean;
    readonly previousState?: 'OPEN' | null;
    readonly changes: readonly { readonly id: string }[];
    readonly handshake?: { readonly id: string; readonly state?: 'OPEN' | null } | null;
  };
}

it('a typed document gives the types of rows and variables, and graphql-ws clients are accepted', () => {
  type Document = TypedDocumentNode<Data, { after?: string | null; id: string }>;
  const open = (document: Document) =>
    watch(document, { transport: createClient({ url: 'ws://127.0.0.1:1' }), variables: { id: 'h-1' } });
  type Row = { readonly id: string; readonly state?: 'OPEN' | null };
  expectTypeOf(open).returns.toEqualTypeOf<Table<Row, Data['organizationHandshakeChanges']>>();
  const wrong = (document: Document) =>
    // @ts-expect-error the subscription has no such variable.
    watch(document, { transport: { url: '' }, variables: { id: 'h-1', name: 'x' } });
  expect(wrong).toBeInstanceOf(Function);
});
