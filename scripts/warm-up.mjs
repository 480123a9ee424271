// Starts the gateway once, loads its optional modules and ends it, so that Node writes compiled code to NODE_COMPILE_CACHE
// (Node 22.8 and later).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';

const main = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist', 'main.js');
const gateway = spawn(process.execPath, [main, 'demo', '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
const ended = once(gateway, 'close');

async function visit(url) {
  await (await fetch(`${url}?query={__typename}`)).text();
  const query = '{ ... @defer { __typename } }';
  const headers = { 'content-type': 'application/json', accept: 'multipart/mixed' };
  await (await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) })).text();
  const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws');
  await once(socket, 'open');
  socket.close();
}

// Its only line has its URL; without a line the start has failed with an error.
gateway.stdout.setEncoding('utf8').once('data', async (line) => {
  try {
    await visit(/http\S+/.exec(line)?.[0] ?? '');
  } finally {
    gateway.kill('SIGTERM');
  }
});
const [code] = await ended;
process.exitCode = code ?? 1;
