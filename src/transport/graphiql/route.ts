import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { LRUCache } from 'lru-cache';
import Negotiator from 'negotiator';
import { z } from 'zod';
import { REQUEST_ID_HEADER } from '../../pipeline/operation.ts';
import type { HttpRequest } from '../http/request.ts';
import { DEFAULT_HEADERS, SECURITY_HEADERS, sendText } from '../http/response.ts';
import { ENDPOINT } from '../request-checks.ts';
import { createPage, PAGE_POLICY, type Page } from './page.ts';

/** The page's examples hold dates, so it is made anew this often, in ms. */
const PAGE_AGE_MS = 86_400_000;

/** Where the build writes GraphiQL's files: see scripts/graphiql-assets.mjs. */
const FOLDER = new URL('../../../dist/graphiql/', import.meta.url);

/** The smallest first. */
const ENCODINGS = ['br', 'gzip', 'identity'] as const;
type Encoding = (typeof ENCODINGS)[number];

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.ico': 'image/x-icon',
};

const manifestFile = z.object({ script: z.string(), style: z.string(), icon: z.string() });

/** GraphiQL's script, styles and icon. Each is read once for each encoding; all responses share its buffer. */
export class GraphiQLAssets {
  /** The names of the files. */
  readonly manifest: Readonly<z.output<typeof manifestFile>>;
  readonly #files = new LRUCache<string, Buffer>({ max: 100, fetchMethod: (file) => readFile(new URL(file, FOLDER)) });
  readonly #uncompressed = new LRUCache<string, Buffer>({
    max: 100,
    fetchMethod: async (name) => promisify(gunzip)(await this.read(name, 'gzip')),
  });

  private constructor(manifest: z.output<typeof manifestFile>) {
    this.manifest = manifest;
  }

  /** Rejects when the build has not written them. */
  static async load(): Promise<GraphiQLAssets> {
    return new GraphiQLAssets(manifestFile.parse(JSON.parse(await readFile(new URL('manifest.json', FOLDER), 'utf8'))));
  }

  has(name: string): boolean {
    return Object.values(this.manifest).includes(name);
  }

  read(name: string, encoding: Encoding): Promise<Buffer> {
    if (encoding === 'identity') return this.#uncompressed.forceFetch(name);
    return this.#files.forceFetch(`${name}.${encoding === 'br' ? 'br' : 'gz'}`);
  }
}

interface LoadedPage {
  readonly assets: GraphiQLAssets;
  readonly page: Page;
}

async function loadPage(): Promise<LoadedPage> {
  const assets = await GraphiQLAssets.load();
  return { assets, page: createPage(new Date(), assets.manifest, ENDPOINT.slice(1)) };
}

/** Serves GraphiQL to browsers that open the endpoint, and its files below it, which the first request reads. */
export function graphiql(maskError: (error: unknown) => unknown, load: () => Promise<LoadedPage> = loadPage) {
  const pages = new LRUCache<string, LoadedPage>({ max: 1, ttl: PAGE_AGE_MS, fetchMethod: load });

  return (request: HttpRequest): boolean => {
    const { path, method } = request;
    if (method !== 'GET' && method !== 'HEAD') return false;
    const file = path.startsWith(`${ENDPOINT}/`) ? path.slice(ENDPOINT.length + 1) : undefined;
    if (file === undefined && (path !== ENDPOINT || !request.header('accept')?.includes('text/html'))) return false;
    const sent = pages
      .forceFetch('page')
      .then(({ page, assets }) => (file === undefined ? sendPage(request, page) : sendFile(request, assets, file)));
    sent.catch((error: unknown) => {
      // Logs it.
      maskError(error);
      if (!request.isGone) sendText(request.response, 500, 'GraphiQL cannot be loaded; the gateway has logged why.');
    });
    return true;
  };
}

function sendPage(request: HttpRequest, { html, etag }: Page): void {
  const { response } = request;
  if (request.isGone) return;
  const headers = {
    ...headersOf(request, 'text/html; charset=utf-8'),
    'cache-control': 'no-cache',
    'content-security-policy': PAGE_POLICY,
    etag,
  };
  if (isMatch(request.header('if-none-match'), etag)) response.writeHead(304, headers).end();
  else response.writeHead(200, { ...headers, 'content-length': html.length }).endWithShared(html);
}

async function sendFile(request: HttpRequest, assets: GraphiQLAssets, name: string): Promise<void> {
  const { response } = request;
  if (!assets.has(name)) return sendText(response, 404, 'There is no such file.');
  const accepted = new Negotiator(request.incoming).encodings([...ENCODINGS]);
  const encoding = ENCODINGS.find((each) => accepted.includes(each));
  if (encoding === undefined) {
    return sendText(response, 406, 'Accept the content-encoding br, gzip or identity.', { vary: 'accept-encoding' });
  }
  const body = await assets.read(name, encoding);
  if (request.isGone) return;
  const headers = {
    ...headersOf(request, TYPES[extname(name)] ?? 'application/octet-stream'),
    // Its name changes with its content.
    'cache-control': 'public, max-age=31536000, immutable',
    vary: 'accept-encoding',
    ...(encoding !== 'identity' && { 'content-encoding': encoding }),
    'content-length': body.length,
  };
  response.writeHead(200, headers).endWithShared(body);
}

/** Whether an `If-None-Match` names an entity tag: it may be a list of weak tags (RFC 9110, section 13.1.2). */
function isMatch(header: string | undefined, etag: string): boolean {
  const tags = header?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? [];
  return tags.includes(etag) || tags.includes('*');
}

function headersOf(request: HttpRequest, type: string) {
  return { 'content-type': type, ...SECURITY_HEADERS, ...DEFAULT_HEADERS, [REQUEST_ID_HEADER]: request.requestId };
}
