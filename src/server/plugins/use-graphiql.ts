import { shouldRenderGraphiQL } from 'graphql-yoga';
import type { Page } from '../graphiql/page.ts';
import { LoadOnce } from '../load-once.ts';
import type { ServerPlugin } from './plugin.ts';

/** The page's examples hold dates, so it is made anew this often, in ms. */
const PAGE_AGE_MS = 86_400_000;

/** GraphiQL for browsers that open the endpoint. The page is large (9 MB), so it is made when it is first asked for, and kept and sent compressed. */
export function useGraphiQL(endpoint: string, make = makePage): ServerPlugin {
  let made: { readonly page: LoadOnce<Page>; readonly at: number } | undefined;
  const currentPage = () => {
    const now = Date.now();
    if (!made || now - made.at > PAGE_AGE_MS) made = { at: now, page: new LoadOnce(() => make(new Date(now))) };
    return made.page.load();
  };
  return {
    async onRequest({ request, url, fetchAPI, endResponse }) {
      if (url.pathname !== endpoint || !shouldRenderGraphiQL(request)) return;
      const page = await currentPage();
      const { gzip, etag, policy } = page;
      const headers = {
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-cache',
        vary: 'accept-encoding',
        'content-security-policy': policy,
        etag,
      };
      if (request.headers.get('if-none-match') === etag) {
        endResponse(new fetchAPI.Response(null, { status: 304, headers }));
      } else if (/\bgzip\b/.test(request.headers.get('accept-encoding') ?? '')) {
        endResponse(new fetchAPI.Response(gzip, { headers: { ...headers, 'content-encoding': 'gzip' } }));
      } else {
        endResponse(new fetchAPI.Response(await page.html(), { headers }));
      }
    },
  };
}

const makePage = async (now: Date): Promise<Page> => (await import('../graphiql/page.ts')).createPage(now);
