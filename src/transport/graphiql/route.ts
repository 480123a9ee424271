import { readFile } from 'node:fs/promises';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import type { HttpRequest } from '../http/request.ts';
import { sendText } from '../http/response.ts';
import { type Page, StaticFiles, sendPage } from '../http/static-files.ts';
import { ENDPOINT } from '../request-checks.ts';
import { createPage, PAGE_POLICY } from './page.ts';

/** The page's examples hold dates, so it is made anew this often, in ms. */
const PAGE_AGE_MS = 86_400_000;

/** Where the build writes GraphiQL's files: see scripts/graphiql-assets.mjs. */
const FOLDER = new URL('../../../dist/graphiql/', import.meta.url);

const manifestFile = z.object({ script: z.string(), style: z.string(), icon: z.string() });

/** GraphiQL's script, styles and icon. */
export class GraphiQLAssets {
  /** The names of the files. */
  readonly manifest: Readonly<z.output<typeof manifestFile>>;
  readonly files: StaticFiles;

  private constructor(manifest: z.output<typeof manifestFile>) {
    this.manifest = manifest;
    this.files = new StaticFiles(FOLDER, Object.values(manifest));
  }

  /** Rejects when the build has not written them. */
  static async load(): Promise<GraphiQLAssets> {
    return new GraphiQLAssets(manifestFile.parse(JSON.parse(await readFile(new URL('manifest.json', FOLDER), 'utf8'))));
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
      .then(({ page, assets }) =>
        file === undefined ? sendPage(request, page, PAGE_POLICY) : assets.files.send(request, file),
      );
    sent.catch((error: unknown) => {
      // Logs it.
      maskError(error);
      if (!request.isGone) sendText(request.response, 500, 'GraphiQL cannot be loaded; the gateway has logged why.');
    });
    return true;
  };
}
