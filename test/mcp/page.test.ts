import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { build } from '../support/cli.ts';
import { folderOf, startMcp, startMcpProcess } from '../support/mcp.ts';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/mcp.md'), 'utf8');
const [, documents = ''] = /^```graphql\n([\s\S]*?)^```/m.exec(page) ?? [];
const [, session = ''] = /<!-- session -->\n```\n([\s\S]*?)\n```\n<!-- \/session -->/.exec(page) ?? [];

/** Without what differs from one run to the next: tokens, times, and what the cache has. The page breaks long lines. */
const withoutVolatile = (text: string): string =>
  text
    .replaceAll(/\n +/g, '')
    .replaceAll(/("(?:endCursor|joinedTimestamp)":)"[^"]+"/g, '$1"…"')
    .replaceAll(/(confirmationToken"?: ?)"[\w-]+"/g, '$1"…"')
    .replaceAll(/until 20[\dT:.-]+Z/g, 'until …')
    .replaceAll(/^Cost: .*$/gm, 'Cost: …');

beforeAll(build, 120_000);

test('docs/mcp.md: a session has the results that the page shows', async () => {
  const folder = folderOf({ 'move-account.graphql': documents });
  cpSync(join(root, 'src/mcp/documents'), folder, { recursive: true });
  const { call } = await startMcp(['--demo', '--mutations', '--documents', folder]);
  const calls = [...session.matchAll(/^> (\w+) (\{.*\})$/gm)];
  expect(calls).toHaveLength(4);
  let confirmationToken: string | undefined;
  const printed: string[] = [];
  for (const [line, name = '', given = '{}'] of calls) {
    const asked = JSON.parse(given);
    const { text, structured } = await call(name, { ...asked, ...(asked.confirmationToken && { confirmationToken }) });
    confirmationToken = structured?.confirmationToken;
    printed.push(`${line}\n${text}`);
  }
  expect(withoutVolatile(printed.join('\n\n'))).toBe(withoutVolatile(session));
});

test('docs/mcp.md: a client starts the tools that the page lists', async () => {
  const [, settings = '{}'] = /^```json\n([\s\S]*?)^```/m.exec(page) ?? [];
  const { command, args } = JSON.parse(settings).mcpServers.orgql;
  expect(command).toBe('orgql');
  const [first, ...options] = args;
  expect(first).toBe('mcp');
  const { client } = await startMcpProcess(options);
  const names = [...page.matchAll(/^\| `([A-Z]\w+)` \|/gm)].map(([, name]) => name);
  expect((await client.listTools()).tools.map(({ name }) => name).sort()).toEqual(names.sort());
});
