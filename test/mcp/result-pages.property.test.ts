import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toJson } from '../../src/config/printable.ts';
import { divideResult } from '../../src/mcp/result-pages.ts';
import { runs } from '../support/runs.ts';

const MAX_BYTES = 200;
const text = fc.string({ unit: 'grapheme', maxLength: 30 });
const item = fc.oneof(fc.record({ id: text, name: text }), fc.record({ tags: fc.array(text, { maxLength: 40 }) }));
const data = fc.record({
  organization: fc.record({
    id: text,
    accounts: fc.record({ nodes: fc.array(item, { maxLength: 60 }), pageInfo: fc.record({ endCursor: text }) }),
    units: fc.array(text, { maxLength: 5 }),
  }),
});

it('pages are bounded, and contain all of a result once and in order', () => {
  fc.assert(
    fc.property(data, (result) => {
      const pages = divideResult(result, MAX_BYTES);
      const whole = toJson(result);
      if (Buffer.byteLength(whole) <= MAX_BYTES) {
        expect(pages).toEqual([{ data: result }]);
        return;
      }
      for (const page of pages) {
        const size = 'jsonPart' in page ? page.jsonPart : toJson(page.data);
        expect(Buffer.byteLength(size)).toBeLessThanOrEqual(MAX_BYTES);
      }
      const parts = pages.map((page) => ('jsonPart' in page ? page.jsonPart : undefined));
      if (parts.every((part) => part !== undefined)) {
        expect(parts.join('')).toBe(whole);
        return;
      }
      const datas = pages.map((page) => ('data' in page ? (page.data as typeof result) : result));
      const [first] = datas;
      const joined = {
        organization: {
          ...first?.organization,
          accounts: {
            ...first?.organization.accounts,
            nodes: datas.flatMap(({ organization }) => organization.accounts.nodes),
          },
        },
      };
      const isOfUnits = datas.some(
        ({ organization }) => organization.units.length !== result.organization.units.length,
      );
      if (!isOfUnits) expect(joined).toEqual(result);
      else expect(datas.flatMap(({ organization }) => organization.units)).toEqual(result.organization.units);
    }),
    { numRuns: runs(500) },
  );
});
