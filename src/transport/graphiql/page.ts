import { type Page, pageOf } from '../http/static-files.ts';
import { examples, type PageOptions } from './examples.ts';

/** The names of GraphiQL's files. */
interface Manifest {
  readonly script: string;
  readonly style: string;
  readonly icon: string;
}

/** Lets the page load and run its own files only. The editor makes styles, and its workers from texts. */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  'worker-src blob: data:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** GraphiQL's page, which needs nothing from other hosts. `path`: the folder of its files, relative to the page. */
export function createPage(now: Date, manifest: Manifest, path: string): Page {
  const tabs = examples(now);
  const page: PageOptions = {
    principals: Object.fromEntries(
      tabs.flatMap(({ principal, query }) => (principal ? operationsOf(query).map((name) => [name, principal]) : [])),
    ),
    variables: Object.assign({}, ...tabs.map(({ find }) => find)),
  };
  const options = {
    page,
    title: 'orgql',
    subscriptionsProtocol: 'WS',
    defaultTabs: tabs.map(({ query, variables }) => ({
      query,
      variables: variables ? JSON.stringify(variables, undefined, 2) : null,
      headers: null,
    })),
    // They may hold an API key, and localStorage outlives the page.
    shouldPersistHeaders: false,
  };
  return pageOf(`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>orgql</title>
    <link rel="icon" href="${path}/${manifest.icon}" />
    <link rel="stylesheet" href="${path}/${manifest.style}" />
  </head>
  <body id="body" class="no-focus-outline">
    <noscript>GraphiQL needs JavaScript.</noscript>
    <header id="orgql-bar">
      <label>Principal <select id="orgql-principal" disabled><option>default</option></select></label>
    </header>
    <div id="root"></div>
    <script type="application/json" id="graphiql-options">${JSON.stringify(options).replaceAll('<', '\\u003c')}</script>
    <script src="${path}/${manifest.script}"></script>
  </body>
</html>
`);
}

/** GraphiQL names a tab after the operation that was run last in it, or after its first one. */
function operationsOf(query: string): string[] {
  return [...query.matchAll(/^(?:query|mutation|subscription) (\w+)/gm)].map(([, name = '']) => name);
}
