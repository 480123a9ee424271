import type { OrganizationCopy } from '../../src/inventory/types.ts';
import {
  type Connection,
  type ConnectionArgs,
  type ListSource,
  readConnection,
  type StreamedConnection,
} from '../../src/schema/connection.ts';
import type { GraphContext } from '../../src/schema/context.ts';
import type { aws, Page, UpstreamSession } from '../../src/upstream/index.ts';

type AccountSource = ListSource<'ListAccounts', aws.Account>;

/** A resolver's context over a ListAccounts with exactly these pages, which counts what is read; and the source to read it by. */
export function listedAccounts(
  pages: readonly (readonly string[])[],
  {
    cursorKey,
    principal = 'partner',
    knownPages = 0,
    copy,
  }: {
    cursorKey: Uint8Array;
    principal?: string;
    /** How many of them, from the first, are known before anything is read. */
    knownPages?: number;
    /** The copy of the principal's organization. */
    copy?: OrganizationCopy;
  },
) {
  const read = new Map<string, Page<aws.Account>>();
  const pageAt = (index: number): Page<aws.Account> => ({
    items: (pages[index] ?? []).map((Id) => ({ Id })),
    nextToken: index + 1 < pages.length ? `${index + 1}` : undefined,
  });
  const known = new Map(pages.slice(0, knownPages).map((_page, index) => [`${index}`, pageAt(index)]));
  const knownPage = (_operation: unknown, { NextToken = '0' }: { NextToken?: string | undefined }) =>
    known.get(NextToken) ?? read.get(NextToken);
  const page = async (operation: unknown, input: { NextToken?: string | undefined }): Promise<Page<aws.Account>> => {
    const asked = knownPage(operation, input);
    if (asked !== undefined) return asked;
    const token = input.NextToken ?? '0';
    const made = pageAt(Number(token));
    read.set(token, made);
    return made;
  };
  const session: Pick<UpstreamSession, 'cost' | 'known' | 'knownPage' | 'page' | 'pages' | 'read'> = {
    cost: { calls: 0, cached: 0, coalesced: 0, waitedMs: 0, ageMs: 0 },
    knownPage: knownPage as UpstreamSession['knownPage'],
    known: ((operation: unknown, input: { NextToken?: string | undefined }) => {
      const found = knownPage(operation, input);
      return found && replyOf(found);
    }) as UpstreamSession['known'],
    read: (async (operation: unknown, input: { NextToken?: string | undefined }) =>
      replyOf(await page(operation, input))) as UpstreamSession['read'],
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
    settings: { maxFirst: 1000, inventoryMaxFirst: 3000, cursorKey, copyOf: () => copy },
  } as unknown as GraphContext;
  const source: AccountSource = {
    operation: 'ListAccounts',
    input: {},
    key: (account) => account.Id,
    node: (account) => account,
  };
  return { context, source, calls: () => read.size };
}

const replyOf = ({ items, nextToken }: Page<aws.Account>) => ({ Accounts: items, NextToken: nextToken });

/** `readConnection` of an operation that does not stream. */
export const readWholeConnection = (context: GraphContext, source: AccountSource, args: ConnectionArgs) =>
  readConnection(context, source, args) as Connection<aws.Account> | Promise<Connection<aws.Account>>;

/** `readConnection` of an operation that streams. */
export const streamConnection = async (context: GraphContext, source: AccountSource, args: ConnectionArgs) =>
  (await readConnection({ ...context, streams: true }, source, args)) as StreamedConnection<aws.Account>;
