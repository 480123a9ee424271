import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { readDocuments } from '../../src/mcp/read-documents.ts';
import { divideResult } from '../../src/mcp/result-pages.ts';
import { Tools } from '../../src/mcp/tools.ts';
import { schema } from '../../src/schema/index.ts';
import { folderOf } from '../support/mcp.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

it('a result whose only list is empty is divided as text', () => {
  const result = { content: 'x'.repeat(300), nodes: [] };
  const pages = divideResult(result, 200);
  expect(pages).toHaveLength(2);
  expect(JSON.parse(pages.map((page) => ('jsonPart' in page ? page.jsonPart : '')).join(''))).toEqual(result);
});

it('later pages cost no call, are older, and have the errors of the result', async () => {
  const query = 'query Accounts { organization { accounts { nodes { id } } } }';
  const nodes = Array.from({ length: 3_000 }, (_, index) => ({ id: String(100_000_000_000 + index) }));
  const errors = Array.from({ length: 12 }, (_, index) => ({ message: `error ${index}` }));
  const tools = new Tools({
    schema,
    documents: await readDocuments(folderOf({ 'a.graphql': query }), schema),
    extensions: {},
    requestId: () => 'x',
    log: () => {},
    send: async () => ({
      status: 200,
      data: { organization: { accounts: { nodes } } },
      errors,
      extensions: { upstream: { calls: 7, cached: 2, coalesced: 1, waitedMs: 5, ageMs: 500 } },
    }),
  });
  const read = (page?: string) =>
    tools.call('Accounts', page === undefined ? {} : { page }, new AbortController().signal);
  const first = await read();
  expect(first.structuredContent).toMatchObject({ cost: { calls: 7, cached: 2 }, ageMs: 500 });
  vi.advanceTimersByTime(60_000);
  const { page } = first.structuredContent as { readonly page: { readonly next: string } };
  const { content, isError, structuredContent } = await read(page.next);
  expect(structuredContent).toMatchObject({
    page: { number: 2 },
    cost: { calls: 0, cached: 0, coalesced: 0, waitedMs: 0 },
    ageMs: 60_500,
    errors: errors.slice(0, 10),
    errorCount: 12,
  });
  expect(isError).toBe(true);
  expect(content[0]?.text).toMatch(
    /\nError: error 9\n2 more errors\n.*\nCost: 0 AWS calls, 0 cached reads\. The data is at most 61 s old\.$/,
  );
});
