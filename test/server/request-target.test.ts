import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { startPlainServer } from '../support/plain-server.ts';

/** What the server answers to a request line that no HTTP library would send. */
function answer(port: number, requestLine: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(`${requestLine} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`),
    );
    let text = '';
    socket.on('data', (data) => {
      text += data.toString();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(text));
  });
}

test.for([
  ['HEAD *', 400],
  ['OPTIONS *', 400],
  ['GET http://evil.example/graphql', 400],
  ['TRACE /graphql', 405],
  ['GET //', 404],
] as const)('%s is answered with %i, in words that tell nothing of the server', async ([requestLine, status]) => {
  await using server = await startPlainServer();
  const text = await answer(server.port, requestLine);
  expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(text).not.toMatch(/node_modules|\.ts:|\n\s+at /);
  expect(server.logged.filter(({ level }) => Number(level) >= 50)).toEqual([]);
});
