import type { Browser } from 'playwright-core';
import { median } from '../footprint/figures.ts';
import { atMost, type Row } from '../inventory/row.ts';
import { BenchPage } from './page.ts';
import { type StaticPage, serveStatic } from './static-page.ts';
import type { Subject } from './subject.ts';

const MAX_KB = 200;
const MAX_TIMES = 5;

interface Script {
  readonly url: string;
  readonly encoding: string;
  bytes: number;
}

/** The scripts that the browser loads for the first screen, as they arrive, without their headers. */
export async function measureScripts(browser: Browser, { origin }: Subject): Promise<Row> {
  await using view = await BenchPage.open(browser);
  const scripts = new Map<string, Script>();
  view.debugger.on('Network.responseReceived', ({ requestId, response }) => {
    if (!/javascript/.test(response.mimeType)) return;
    scripts.set(requestId, { url: response.url, encoding: response.headers['content-encoding'] ?? 'none', bytes: 0 });
  });
  view.debugger.on('Network.dataReceived', ({ requestId, encodedDataLength }) => {
    const script = scripts.get(requestId);
    if (script !== undefined) script.bytes += encodedDataLength;
  });
  await view.debugger.send('Network.enable');
  await view.firstRow(`${origin}/`);
  await view.page.waitForLoadState('networkidle');
  const loaded = [...scripts.values()];
  const kb = loaded.reduce((sum, { bytes }) => sum + bytes, 0) / 1024;
  const encodings = [...new Set(loaded.map(({ encoding }) => encoding))].join(', ');
  return atMost(`JavaScript of the first screen (${loaded.length} files, ${encodings})`, kb, MAX_KB, ' KB', 1);
}

/** The time to the first rows of the demo, beside a page that has the same rows in its HTML. */
export async function measureFirstRows(browser: Browser, { origin }: Subject, rounds: number): Promise<Row> {
  await using server = await serveStatic(await renderedPage(browser, origin));
  const times: { console: number; plain: number }[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const console = await firstRowOf(browser, `${origin}/`);
    const plain = await firstRowOf(browser, server.url);
    // The first round starts processes of the browser.
    if (round > 0) times.push({ console, plain });
  }
  const own = median(times.map((each) => each.console));
  const plain = median(times.map((each) => each.plain));
  const ratio = median(times.map((each) => each.console / each.plain));
  const remark = ` (${own.toFixed(0)} ms and ${plain.toFixed(0)} ms)`;
  return atMost('first rows of the demo ÷ those of a static page', ratio, MAX_TIMES, '', 2, remark);
}

async function firstRowOf(browser: Browser, url: string): Promise<number> {
  await using view = await BenchPage.open(browser);
  return await view.firstRow(url);
}

/** What the console has rendered, with its styles and without its scripts. */
async function renderedPage(browser: Browser, origin: string): Promise<StaticPage> {
  await using view = await BenchPage.open(browser);
  await view.firstRow(`${origin}/`);
  await view.page.waitForLoadState('networkidle');
  const html = await view.evaluate<string>(`(() => {
    const copy = document.documentElement.cloneNode(true);
    for (const script of copy.querySelectorAll('script, link[rel="modulepreload"]')) script.remove();
    return '<!doctype html>' + copy.outerHTML;
  })()`);
  const paths = await view.evaluate<string[]>(
    `performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname).filter((path) => /\\.(css|woff2|svg)$/.test(path))`,
  );
  const files = new Map<string, { type: string; body: Buffer }>();
  for (const path of new Set(paths)) {
    const response = await fetch(origin + path);
    const type = response.headers.get('content-type') ?? '';
    files.set(path, { type, body: Buffer.from(await response.arrayBuffer()) });
  }
  return { html, files };
}
