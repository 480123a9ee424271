import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { renderGraphiQL } from '@graphql-yoga/render-graphiql';

type GraphiQLOptions = Parameters<typeof renderGraphiQL>[0];

/** Text, so that it is the same whether this file is compiled or not. */
const SCRIPT = `
const { parentPort, workerData } = require('node:worker_threads');
const { renderGraphiQL } = require(workerData.library);
const html = renderGraphiQL(workerData.options).replace('</head>', () => workerData.head + '</head>');
const bytes = new TextEncoder().encode(html);
parentPort.postMessage(bytes, [bytes.buffer]);
`;

/**
 * GraphiQL's page, with `head` at the end of its head. It is made in a thread of its own, which ends with it: the library is 9 MB of text, which
 * would otherwise stay in memory several times over, and hold up all requests while it is loaded.
 */
export async function render(options: GraphiQLOptions, head: string): Promise<Buffer<ArrayBuffer>> {
  const library = createRequire(import.meta.url).resolve('@graphql-yoga/render-graphiql');
  // Node's own options are for the main thread; one of them would make the text an ES module.
  const thread = new Worker(SCRIPT, { eval: true, execArgv: [], workerData: { library, options, head } });
  const bytes = await new Promise<Uint8Array<ArrayBuffer>>((resolve, reject) => {
    thread.once('message', resolve).once('error', reject);
    thread.once('exit', () => reject(new Error('the thread that makes the page of GraphiQL ended without it')));
  });
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
