import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { LRUCache } from 'lru-cache';
import Negotiator from 'negotiator';
import { REQUEST_ID_HEADER } from '../../pipeline/operation.ts';
import type { HttpRequest } from './request.ts';
import { DEFAULT_HEADERS, SECURITY_HEADERS, sendText } from './response.ts';

/** In the order of their sizes, the smallest first. */
const ENCODINGS = ['br', 'gzip', 'identity'] as const;
type Encoding = (typeof ENCODINGS)[number];

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** Formats that are compressed already, so that the build does not compress them. */
const COMPRESSED = new Set(['.woff2']);

/** An HTML page of the gateway. */
export interface Page {
  readonly html: Buffer;
  readonly etag: string;
}

export function pageOf(text: string): Page {
  const html = Buffer.from(text);
  return { html, etag: `"${createHash('sha256').update(html).digest('base64url')}"` };
}

/** Files that the build has written to a folder, compressed. Each is read once for each encoding; all responses share its buffer. */
export class StaticFiles {
  readonly #names: ReadonlySet<string>;
  readonly #files: LRUCache<string, Buffer>;
  readonly #uncompressed: LRUCache<string, Buffer>;

  /** `names`: the files that clients may read. */
  constructor(folder: URL, names: readonly string[]) {
    this.#names = new Set(names);
    // The build determines the names, so nothing needs to be evicted.
    const max = 2 * names.length + 1;
    this.#files = new LRUCache<string, Buffer>({ max, fetchMethod: (file) => readFile(new URL(file, folder)) });
    this.#uncompressed = new LRUCache<string, Buffer>({
      max,
      fetchMethod: async (name) => promisify(gunzip)(await this.#files.forceFetch(`${name}.gz`)),
    });
  }

  async send(request: HttpRequest, name: string): Promise<void> {
    const { response } = request;
    if (!this.#names.has(name)) return sendText(response, 404, 'There is no such file.');
    const accepted = new Negotiator(request.incoming).encodings([...ENCODINGS]);
    const available = COMPRESSED.has(extname(name)) ? (['identity'] as const) : ENCODINGS;
    const encoding = available.find((each) => accepted.includes(each));
    if (encoding === undefined) {
      return sendText(response, 406, 'Accept the content-encoding br, gzip or identity.', { vary: 'accept-encoding' });
    }
    const body = await this.#read(name, encoding);
    if (request.isGone) return;
    const headers = {
      ...headersOf(request, TYPES[extname(name)] ?? 'application/octet-stream'),
      // The name contains a hash of the content.
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'accept-encoding',
      ...(encoding !== 'identity' && { 'content-encoding': encoding }),
      'content-length': body.length,
    };
    response.writeHead(200, headers).endWithShared(body);
  }

  #read(name: string, encoding: Encoding): Promise<Buffer> {
    if (encoding !== 'identity') return this.#files.forceFetch(`${name}.${encoding === 'br' ? 'br' : 'gz'}`);
    return COMPRESSED.has(extname(name)) ? this.#files.forceFetch(name) : this.#uncompressed.forceFetch(name);
  }
}

/** Sends a page with its Content-Security-Policy. Browsers cache it and revalidate it. */
export function sendPage(
  request: HttpRequest,
  { html, etag }: Page,
  policy: string,
  more: Readonly<Record<string, string>> = {},
): void {
  const { response } = request;
  if (request.isGone) return;
  const headers = {
    ...headersOf(request, 'text/html; charset=utf-8'),
    'cache-control': 'no-cache',
    'content-security-policy': policy,
    ...more,
    etag,
  };
  if (isMatch(request.header('if-none-match'), etag)) response.writeHead(304, headers).end();
  else response.writeHead(200, { ...headers, 'content-length': html.length }).endWithShared(html);
}

/** Whether an `If-None-Match` names an entity tag: it may be a list of weak tags (RFC 9110, section 13.1.2). */
function isMatch(header: string | undefined, etag: string): boolean {
  const tags = header?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? [];
  return tags.includes(etag) || tags.includes('*');
}

function headersOf(request: HttpRequest, type: string) {
  return { 'content-type': type, ...SECURITY_HEADERS, ...DEFAULT_HEADERS, [REQUEST_ID_HEADER]: request.requestId };
}
