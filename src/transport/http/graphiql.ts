import type { IncomingMessage } from 'node:http';
import { extname } from 'node:path';
import Negotiator from 'negotiator';
import { LoadOnce } from '../../pipeline/load-once.ts';
import { REQUEST_ID_HEADER } from '../../pipeline/operation.ts';
import { requestIdOf } from '../../pipeline/steps/request-id.ts';
import { ENDPOINT } from '../endpoint.ts';
import type { GraphiQLAssets } from '../graphiql/assets.ts';
import type { Page } from '../graphiql/page.ts';
import type { BufferedResponse } from './buffered-response.ts';
import { DEFAULT_HEADERS, SECURITY_HEADERS } from './headers.ts';
import { headerOf } from './http-carrier.ts';
import { isGone } from './is-gone.ts';
import { sendText } from './send-text.ts';

/** The page's examples hold dates, so it is made anew this often, in ms. */
const PAGE_AGE_MS = 86_400_000;

/** The smallest first. */
const ENCODINGS = ['br', 'gzip', 'identity'] as const;

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.ico': 'image/x-icon',
};

interface LoadedPage {
  readonly assets: GraphiQLAssets;
  readonly page: Page;
  readonly policy: string;
}

/** Serves GraphiQL to browsers that open the endpoint, and its files below it. Its code is loaded with the first request for it. */
export function graphiql(maskError: (error: unknown) => unknown, load = loadPage) {
  let made: { readonly page: LoadOnce<LoadedPage>; readonly at: number } | undefined;
  const current = (): Promise<LoadedPage> => {
    const now = Date.now();
    if (made === undefined || Math.abs(now - made.at) > PAGE_AGE_MS)
      made = { at: now, page: new LoadOnce(() => load(new Date(now))) };
    return made.page.load();
  };

  return (request: IncomingMessage, response: BufferedResponse): boolean => {
    const [path = ''] = (request.url ?? '').split('?');
    if (request.method !== 'GET' && request.method !== 'HEAD') return false;
    const file = path.startsWith(`${ENDPOINT}/`) ? path.slice(ENDPOINT.length + 1) : undefined;
    if (file === undefined && (path !== ENDPOINT || !request.headers.accept?.includes('text/html'))) return false;
    const sent = current().then((loaded) =>
      file === undefined ? sendPage(request, response, loaded) : sendFile(request, response, loaded.assets, file),
    );
    sent.catch((error: unknown) => {
      // It is in the log.
      maskError(error);
      if (!isGone(response)) sendText(response, 500, 'GraphiQL cannot be loaded; the gateway has logged why.');
    });
    return true;
  };
}

async function loadPage(now: Date): Promise<LoadedPage> {
  const [{ GraphiQLAssets }, { createPage, PAGE_POLICY }] = await Promise.all([
    import('../graphiql/assets.ts'),
    import('../graphiql/page.ts'),
  ]);
  const assets = await GraphiQLAssets.load();
  return { assets, page: createPage(now, assets, ENDPOINT.slice(1)), policy: PAGE_POLICY };
}

function sendPage(request: IncomingMessage, response: BufferedResponse, { page, policy }: LoadedPage): void {
  const { html, etag } = page;
  if (isGone(response)) return;
  const headers = {
    ...headersOf(request, 'text/html; charset=utf-8'),
    'cache-control': 'no-cache',
    'content-security-policy': policy,
    etag,
  };
  if (isMatch(request.headers['if-none-match'], etag)) response.writeHead(304, headers).end();
  else response.writeHead(200, { ...headers, 'content-length': html.length }).endWithShared(html);
}

async function sendFile(
  request: IncomingMessage,
  response: BufferedResponse,
  assets: GraphiQLAssets,
  name: string,
): Promise<void> {
  if (!assets.has(name)) return sendText(response, 404, 'There is no such file.');
  const accepted = new Negotiator(request).encodings([...ENCODINGS]);
  const encoding = ENCODINGS.find((each) => accepted.includes(each));
  if (encoding === undefined) {
    return sendText(response, 406, 'Accept the content-encoding br, gzip or identity.', { vary: 'accept-encoding' });
  }
  const compressed = encoding === 'identity' ? undefined : encoding;
  const body = await assets.read(name, compressed);
  if (isGone(response)) return;
  const headers = {
    ...headersOf(request, TYPES[extname(name)] ?? 'application/octet-stream'),
    // Its name changes with its content.
    'cache-control': 'public, max-age=31536000, immutable',
    vary: 'accept-encoding',
    ...(compressed && { 'content-encoding': compressed }),
    'content-length': body.length,
  };
  response.writeHead(200, headers).endWithShared(body);
}

/** Whether an `If-None-Match` names an entity tag: it may be a list, and proxies may have made its tags weak. https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2 */
function isMatch(header: string | undefined, etag: string): boolean {
  const tags = header?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? [];
  return tags.includes(etag) || tags.includes('*');
}

function headersOf(request: IncomingMessage, type: string) {
  return {
    'content-type': type,
    ...SECURITY_HEADERS,
    ...DEFAULT_HEADERS,
    [REQUEST_ID_HEADER]: requestIdOf(headerOf(request, REQUEST_ID_HEADER)),
  };
}
