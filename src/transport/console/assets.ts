import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Config } from '../../config/index.ts';
import { type Page, pageOf, StaticFiles } from '../http/static-files.ts';

/** Where the build writes the console: see scripts/console-assets.mjs. */
const FOLDER = new URL('../../../dist/console/', import.meta.url);

const filesList = z.array(z.string());
const documentsFile = z.record(z.string(), z.string());

type Oidc = NonNullable<Config['console']['oidc']>;

/** What the gateway gives its page. */
export interface PageSettings {
  /** Whether `/graphql` has GraphiQL, which the page links. */
  readonly graphiql: boolean;
  /** How often an idle list gets a BOOKMARK at least: the page shows one without as stale. */
  readonly bookmarkMs: number;
  /** How its users sign in; absent if they need not. */
  readonly signIn?: { readonly credential: 'key' | 'token'; readonly oidc?: Oidc | undefined };
}

export function pageSettings({
  graphiql,
  auth,
  console: { oidc },
  watch: { bookmarkMs },
}: Pick<Config, 'graphiql' | 'auth' | 'console' | 'watch'>): PageSettings {
  const settings = { graphiql, bookmarkMs };
  switch (auth.type) {
    case 'none':
      return settings;
    case 'apiKeys':
      return { ...settings, signIn: { credential: 'key' } };
    case 'jwt':
      return { ...settings, signIn: { credential: 'token', oidc } };
  }
}

/** Stands in the built page for its settings. */
const PLACEHOLDER = '<!--settings-->';

/** The console's page and the files that it loads. */
export interface ConsoleAssets {
  readonly page: Page;
  /** For a request with a credential, which a proxy has added: its users need not sign in. */
  readonly signedInPage: Page;
  readonly files: StaticFiles;
}

/** Rejects when the build has not written them. */
export async function loadConsoleAssets(settings: PageSettings): Promise<ConsoleAssets> {
  const { signIn: _, ...signedIn } = settings;
  const [html, files] = await Promise.all([readText('index.html'), readText('files.json')]);
  return {
    page: pageOf(withSettings(html, settings)),
    signedInPage: pageOf(withSettings(html, signedIn)),
    files: new StaticFiles(FOLDER, filesList.parse(JSON.parse(files))),
  };
}

function withSettings(html: string, settings: PageSettings): string {
  // A data block is not run, so the policy of the page allows it.
  const json = JSON.stringify(settings).replaceAll('<', '\\u003c');
  return html.replace(PLACEHOLDER, () => `<script type="application/json" id="settings">${json}</script>`);
}

/** The console's documents by their hashes, which the gateway trusts as it trusts those of `trustedDocuments.file`. */
export async function loadConsoleDocuments(): Promise<ReadonlyMap<string, string>> {
  return new Map(Object.entries(documentsFile.parse(JSON.parse(await readText('documents.json')))));
}

const readText = (file: string) => readFile(new URL(file, FOLDER), 'utf8');
