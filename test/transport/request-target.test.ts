import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
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

test.for(['gzip', 'GZIP', 'br, gzip', 'x'])(
  'a body with the content-encoding "%s" is refused with what to do; the connection goes on',
  async (encoding) => {
    await using server = await startPlainServer();
    const post = (headers: Record<string, string>, body: BodyInit) =>
      fetch(`http://127.0.0.1:${server.port}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
      });
    const query = JSON.stringify({ query: '{ __typename }' });
    const refused = await post({ 'content-encoding': encoding }, gzipSync(query));
    expect(refused.status).toBe(415);
    expect(refused.headers.get('accept-encoding')).toBe('identity');
    expect(await refused.text()).toBe(
      `A body with the content-encoding "${encoding}" is not read; send it as it is.\n`,
    );
    for (const headers of [{}, { 'content-encoding': 'identity' }])
      expect(await (await post(headers, query)).json()).toMatchObject({ data: { __typename: 'Query' } });
  },
);
