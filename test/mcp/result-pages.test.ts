import { expect, it } from 'vitest';
import { divideResult } from '../../src/mcp/result-pages.ts';

it('a result whose only list is empty is divided as text', () => {
  const result = { content: 'x'.repeat(300), nodes: [] };
  const pages = divideResult(result, 200);
  expect(pages).toHaveLength(2);
  expect(JSON.parse(pages.map((page) => ('jsonPart' in page ? page.jsonPart : '')).join(''))).toEqual(result);
});
