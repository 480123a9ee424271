import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, gzip as gzipCallback } from 'node:zlib';
import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import { exampleTabs } from './examples.ts';

export interface Page {
  readonly html: Buffer<ArrayBuffer>;
  readonly gzip: Buffer<ArrayBuffer>;
  readonly etag: string;
}

/** GraphiQL as one page that needs nothing from elsewhere: its script, styles, workers and icon are all in it. */
export async function createPage(): Promise<Page> {
  const html = Buffer.from(
    renderGraphiQL({
      title: 'orgql',
      subscriptionsProtocol: 'WS',
      defaultTabs: exampleTabs(),
      // Keeps a tab's principal (its headers) over a reload, together with its query.
      shouldPersistHeaders: true,
    }),
  );
  const gzip = await promisify(gzipCallback)(html, { level: constants.Z_BEST_SPEED });
  return { html, gzip, etag: `"${createHash('sha256').update(html).digest('base64url')}"` };
}
