import { shouldRenderGraphiQL } from 'graphql-yoga';
import type { Page } from '../graphiql/page.ts';
import type { ServerPlugin } from './plugin.ts';

/** GraphiQL for browsers that open the endpoint. The page is large (9 MB), so it is made at the first visit and sent compressed. */
export function useGraphiQL(endpoint: string): ServerPlugin {
  let page: Promise<Page> | undefined;
  return {
    async onRequest({ request, url, fetchAPI, endResponse }) {
      if (url.pathname !== endpoint || !shouldRenderGraphiQL(request)) return;
      page ??= import('../graphiql/page.ts').then(({ createPage }) => createPage());
      const { html, gzip, etag } = await page;
      const headers = {
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-cache',
        vary: 'accept-encoding',
        etag,
      };
      if (request.headers.get('if-none-match') === etag) {
        endResponse(new fetchAPI.Response(null, { status: 304, headers }));
      } else if (/\bgzip\b/.test(request.headers.get('accept-encoding') ?? '')) {
        endResponse(new fetchAPI.Response(gzip, { headers: { ...headers, 'content-encoding': 'gzip' } }));
      } else {
        endResponse(new fetchAPI.Response(html, { headers }));
      }
    },
  };
}
