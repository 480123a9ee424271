import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { startDemo } from '../../support/gateway.ts';
import { startPlainServer } from '../../support/plain-server.ts';

/** A request as it goes over the wire. */
function post(query: string, accept: string): string {
  const body = JSON.stringify({ query });
  const headers = `host: 127.0.0.1\r\naccept: ${accept}\r\ncontent-type: application/json\r\n`;
  return `POST /graphql HTTP/1.1\r\n${headers}content-length: ${body.length}\r\n\r\n${body}`;
}
const JSON_ONLY = 'application/json';
const SSE = 'text/event-stream';

function open(port: number) {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  onTestFinished(() => void socket.destroy());
  return socket;
}

test('a pipelined request that Yoga handles gets its response', async () => {
  await using demo = await startDemo();
  const { port } = new URL(demo.url);
  const socket = open(Number(port));
  // The first has to wait for AWS, and the second for Yoga's code.
  socket.write(
    `${post('{ organization { id } }', JSON_ONLY)}GET /graphql?query=%7B__typename%7D HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: ${JSON_ONLY}\r\nconnection: close\r\n\r\n`,
  );
  let text = '';
  for await (const part of socket) text += part;
  expect(text.match(/"data":\{"[a-zA-Z_]+"/g)).toEqual(['"data":{"organization"', '"data":{"__typename"']);
});

test('a pipelined subscription is sent after the response before it', async () => {
  await using server = await startPlainServer();
  const socket = open(server.port);
  const begun = server.next('subscribed');
  socket.write(post('mutation { write }', JSON_ONLY) + post('subscription { ticks }', SSE));
  await begun;
  server.finishWrite();
  let text = '';
  for await (const part of socket) {
    text += part;
    if (text.includes('event: complete')) break;
  }
  expect(text.match(/"data":\{"[a-z]+":[^}]+\}/g)).toEqual([
    '"data":{"write":"done"}',
    '"data":{"ticks":1}',
    '"data":{"ticks":2}',
  ]);
});

test.for([
  ['in a stream', post('subscription { silent }', SSE)],
  [
    'in a stream, behind an answer that waits as well',
    post('{ principal }', JSON_ONLY) + post('subscription { silent }', SSE),
  ],
])('a pipelined subscription, %s, ends when its client disconnects', async ([_, waiting]) => {
  const server = await startPlainServer();
  const socket = open(server.port);
  const begun = server.next('subscribed');
  socket.write(post('mutation { write }', JSON_ONLY));
  await begun;
  const subscribed = server.next('subscribed');
  socket.write(waiting + post('{ principal }', JSON_ONLY));
  await subscribed;
  const ended = [server.next('returned'), server.next('written')];
  socket.destroy();
  await Promise.all(ended);
  // Nothing is left that it would have to wait for.
  await server.close();
});

test('pipelined requests do not delay closing the server', async () => {
  const server = await startPlainServer({ shutdown: { graceMs: 50 } });
  const socket = open(server.port);
  socket.on('error', () => {});
  const begun = server.next('subscribed');
  socket.write(post('mutation { write }', JSON_ONLY) + post('{ principal }', JSON_ONLY));
  await begun;
  await server.close();
});
