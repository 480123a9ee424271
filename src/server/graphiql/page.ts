import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, gunzip, gzip } from 'node:zlib';
import { PRINCIPAL_HEADER } from '../carried-headers.ts';
import { examples } from './examples.ts';
import { render } from './render.ts';

/** Kept compressed, as browsers take it: that is a third of it. */
export class Page {
  readonly gzip: Buffer<ArrayBuffer>;
  readonly etag: string;
  /** What the page may load and run: for the header Content-Security-Policy. */
  readonly policy: string;

  constructor(gzipped: Buffer<ArrayBuffer>, etag: string, policy: string) {
    this.gzip = gzipped;
    this.etag = etag;
    this.policy = policy;
  }

  /** For who does not take it compressed. */
  html(): Promise<Buffer<ArrayBuffer>> {
    return promisify(gunzip)(this.gzip);
  }
}

/**
 * GraphiQL's tabs can be dragged, and may still wear a shift from their first layout. GraphiQL hides it with this rule while a tab
 * is not focused; a press focuses it, so it jumps away from under the pointer and the click is lost. Tabs then stay where they are.
 */
const TABS_STAY = '<style>.graphiql-tab { transform: none !important; }</style>';

const OPENED = '<script>';
const CLOSED = '</script>';

/** GraphiQL as one page that needs nothing from elsewhere: its script, styles, workers and icon are all in it. */
export async function createPage(now: Date): Promise<Page> {
  const html = await render(
    {
      title: 'orgql',
      subscriptionsProtocol: 'WS',
      defaultTabs: examples(now).map(({ principal, query, variables }) => ({
        query,
        variables: variables ? JSON.stringify(variables, undefined, 2) : null,
        headers: principal ? JSON.stringify({ [PRINCIPAL_HEADER]: principal }, undefined, 2) : null,
      })),
      // Keeps a tab's headers, which name its principal, together with its query over a reload.
      shouldPersistHeaders: true,
    },
    TABS_STAY,
  );
  return new Page(
    await promisify(gzip)(html, { level: constants.Z_BEST_SPEED }),
    `"${createHash('sha256').update(html).digest('base64url')}"`,
    policyOf(html),
  );
}

/**
 * Its own script runs, by its hash, and none that somebody has brought into the page; it speaks with this server only. The editor makes its styles
 * as it goes, and its workers from texts.
 */
function policyOf(html: Buffer): string {
  const scripts = scriptsOf(html).map((script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`);
  return [
    "default-src 'none'",
    `script-src ${scripts.join(' ')}`,
    "style-src 'unsafe-inline'",
    'img-src data:',
    'font-src data:',
    'worker-src blob: data:',
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** The texts of its scripts, as browsers hash them: they read line ends as \n before. */
function scriptsOf(html: Buffer): (Buffer | string)[] {
  const scripts: (Buffer | string)[] = [];
  for (let at = html.indexOf(OPENED); at >= 0; at = html.indexOf(OPENED, at)) {
    const begin = at + OPENED.length;
    at = html.indexOf(CLOSED, begin);
    const script = html.subarray(begin, at);
    scripts.push(script.includes('\r') ? script.toString().replace(/\r\n?/g, '\n') : script);
  }
  return scripts;
}
