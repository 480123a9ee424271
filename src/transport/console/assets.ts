import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { type Page, pageOf, StaticFiles } from '../http/static-files.ts';

/** Where the build writes the console: see scripts/console-assets.mjs. */
const FOLDER = new URL('../../../dist/console/', import.meta.url);

const filesList = z.array(z.string());
const documentsFile = z.record(z.string(), z.string());

/** What the gateway gives its page. */
export interface PageSettings {
  /** Whether `/graphql` has GraphiQL, which the page links. */
  readonly graphiql: boolean;
}

/** Stands in the built page for its settings. */
const PLACEHOLDER = '<!--settings-->';

/** The console's page and the files that it loads. */
export interface ConsoleAssets {
  readonly page: Page;
  readonly files: StaticFiles;
}

/** Rejects when the build has not written them. */
export async function loadConsoleAssets(settings: PageSettings): Promise<ConsoleAssets> {
  const [html, files] = await Promise.all([readText('index.html'), readText('files.json')]);
  // A data block is not run, so the policy of the page allows it.
  const json = JSON.stringify(settings).replaceAll('<', '\\u003c');
  const block = `<script type="application/json" id="settings">${json}</script>`;
  return {
    page: pageOf(html.replace(PLACEHOLDER, () => block)),
    files: new StaticFiles(FOLDER, filesList.parse(JSON.parse(files))),
  };
}

/** The console's documents by their hashes, which the gateway trusts as it trusts those of `trustedDocuments.file`. */
export async function loadConsoleDocuments(): Promise<ReadonlyMap<string, string>> {
  return new Map(Object.entries(documentsFile.parse(JSON.parse(await readText('documents.json')))));
}

const readText = (file: string) => readFile(new URL(file, FOLDER), 'utf8');
