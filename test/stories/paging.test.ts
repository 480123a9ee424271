import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Demo, startDemo } from '../support/gateway.ts';
import { runs } from '../support/runs.ts';

let demo: Demo;
beforeAll(async () => {
  // Without a cache every request reads its pages again; about every other list call returns an empty page, as AWS may.
  demo = await startDemo({ simulator: { emptyPages: 0.5 }, config: { upstream: { cacheMs: 0 } } });
});
afterAll(() => demo.close());

interface Page {
  readonly nodes: readonly { readonly id: string }[];
  readonly edges: readonly { readonly cursor: string }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

const PAGE = 'nodes { id } edges { cursor } pageInfo { hasNextPage endCursor }';
const lists = {
  accounts: `query ($first: Int, $after: String) { organization { list: accounts(first: $first, after: $after) { ${PAGE} } } }`,
  handshakes: `query ($first: Int, $after: String) { organization { list: handshakes(first: $first, after: $after) { ${PAGE} } } }`,
  transfers: `query ($first: Int, $after: String) { organization { list: inboundResponsibilityTransfers(first: $first, after: $after) { ${PAGE} } } }`,
  policies: `query ($first: Int, $after: String) { organization { list: policies(type: SERVICE_CONTROL_POLICY, first: $first, after: $after) { ${PAGE} } } }`,
};

async function read(list: string, first: number, after: string | null): Promise<Page> {
  const answer = await demo.query(list, { first, after });
  expect(answer.errors).toBeUndefined();
  return answer.data.organization.list;
}
const ids = ({ nodes }: Page) => nodes.map(({ id }) => id);

it.each(Object.entries(lists))(
  '%s of the demo world come every one once and in order, however they are paged and resumed',
  async (_name, list) => {
    const all = ids(await read(list, 1000, null));
    expect(new Set(all).size).toBe(all.length);
    expect(all.length).toBeGreaterThan(20);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 45 }), { minLength: 1, maxLength: 4 }),
        fc.nat(),
        async (firsts, pick) => {
          const seen: string[] = [];
          let after: string | null = null;
          for (let turn = 0; ; turn += 1) {
            const page: Page = await read(list, firsts[turn % firsts.length] ?? 1, after);
            seen.push(...ids(page));
            if (!page.pageInfo.hasNextPage) break;
            after = page.pageInfo.endCursor;
          }
          expect(seen).toEqual(all);
          const first = await read(list, 30, null);
          const index = pick % first.edges.length;
          expect(ids(await read(list, 1000, first.edges[index]?.cursor ?? null))).toEqual(all.slice(index + 1));
        },
      ),
      { numRuns: runs(8, 3) },
    );
  },
);
