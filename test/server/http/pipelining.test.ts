import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { startDemo } from '../../support/gateway.ts';

test('a request that waits for Yoga behind another on its connection (HTTP pipelining) is answered', async () => {
  await using demo = await startDemo();
  const { port } = new URL(demo.url);
  const body = '{"query":"{ organization { id } }"}';
  const head = 'host: 127.0.0.1\r\naccept: application/json\r\n';
  const socket = connect(Number(port), '127.0.0.1').setEncoding('utf8');
  onTestFinished(() => void socket.destroy());
  // The first has to wait for AWS, and the second for Yoga's code.
  socket.write(
    `POST /graphql HTTP/1.1\r\n${head}content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}` +
      `GET /graphql?query=%7B__typename%7D HTTP/1.1\r\n${head}connection: close\r\n\r\n`,
  );
  let text = '';
  for await (const part of socket) text += part;
  expect(text.match(/"data":\{"[a-zA-Z_]+"/g)).toEqual(['"data":{"organization"', '"data":{"__typename"']);
});
