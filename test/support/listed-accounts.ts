import type { ListSource } from '../../src/schema/connection.ts';
import type { GraphContext } from '../../src/schema/context.ts';
import type { aws, Page, UpstreamSession } from '../../src/upstream/index.ts';

/** A resolver's context over a ListAccounts with exactly these pages, which counts what is read; and the source to read it by. */
export function listedAccounts(
  pages: readonly (readonly string[])[],
  { cursorKey, principal = 'partner' }: { cursorKey: Uint8Array; principal?: string },
) {
  const read = new Map<string, Page<aws.Account>>();
  const page = async (_operation: unknown, input: { NextToken?: string | undefined }): Promise<Page<aws.Account>> => {
    const token = input.NextToken ?? '0';
    const known = read.get(token);
    if (known !== undefined) return known;
    const index = Number(token);
    const made = {
      items: (pages[index] ?? []).map((Id) => ({ Id })),
      nextToken: index + 1 < pages.length ? `${index + 1}` : undefined,
    };
    read.set(token, made);
    return made;
  };
  const session: Pick<UpstreamSession, 'page' | 'pages'> = {
    page: page as UpstreamSession['page'],
    pages: async function* (operation: unknown, input: object) {
      let NextToken: string | undefined;
      do {
        const one = await page(operation, { ...input, NextToken });
        yield one;
        NextToken = one.nextToken;
      } while (NextToken !== undefined);
    } as UpstreamSession['pages'],
  };
  const context = {
    principal: { name: principal },
    session,
    settings: { maxFirst: 1000, cursorKey },
  } as GraphContext;
  const source: ListSource<'ListAccounts', aws.Account> = {
    operation: 'ListAccounts',
    input: {},
    key: (account) => account.Id,
    node: (account) => account,
  };
  return { context, source, calls: () => read.size };
}
