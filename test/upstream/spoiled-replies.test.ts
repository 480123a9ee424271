import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  isReadName,
  type OperationName,
  operationNames,
  UpstreamError,
  type UpstreamSession,
} from '../../src/upstream/index.ts';
import { isWriteName } from '../../src/upstream/operations.ts';
import { fullReply, type SpoiledReply, spoiledReplies } from '../support/spoiled-replies.ts';
import { emulated, startUpstream, type UpstreamWorld } from '../support/upstream.ts';

let body = '{}';
let calls = 0;
const server = createServer(async (request, response) => {
  await text(request);
  calls += 1;
  response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(body);
});
let world: UpstreamWorld;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  world = await startUpstream({ principals: [emulated('partner', '111111111111', `http://127.0.0.1:${port}`)] });
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  server.closeAllConnections();
  server.close();
});

function call(session: UpstreamSession, operation: OperationName): Promise<unknown> {
  if (isReadName(operation)) return session.read(operation, {} as never);
  if (isWriteName(operation)) return session.write(operation, {} as never);
  throw new TypeError(operation);
}

/** Returns the error of an operation for this reply; undefined if it succeeds. */
async function errorFor(operation: OperationName, reply: string): Promise<unknown> {
  body = reply;
  try {
    await call(world.session(), operation);
    return undefined;
  } catch (error) {
    return error;
  }
}

test.each(operationNames)(
  '%s: a full reply is data; every spoiled one is an error that names its member, or lacks nothing that is needed',
  async (operation) => {
    expect(await errorFor(operation, JSON.stringify(fullReply(operation)))).toBeUndefined();
    const wrong: (SpoiledReply & { readonly got: unknown })[] = [];
    let count = 0;
    for (const spoiled of spoiledReplies(operation)) {
      count += 1;
      calls = 0;
      const error = await errorFor(operation, spoiled.body);
      const right = spoiled.acceptable
        ? error === undefined
        : error instanceof UpstreamError &&
          error.code === 'UPSTREAM_BAD_RESPONSE' &&
          error.message.includes(` ${operation} `) &&
          error.message.includes(`: ${spoiled.member} `);
      // It fails without a retry.
      if (!right || calls !== 1) wrong.push({ ...spoiled, body: spoiled.body.slice(0, 200), got: error ?? calls });
    }
    expect(wrong).toEqual([]);
    expect(count).toBeGreaterThan(4);
  },
);

test('a reply above the maximum size is an error, and is not read to its end', async () => {
  const padding = 'x'.repeat(9_000_000);
  const error = await errorFor('ListRoots', JSON.stringify({ Roots: [], Padding: padding }));
  expect(error).toMatchObject({
    code: 'UPSTREAM_BAD_RESPONSE',
    message: expect.stringContaining('ListRoots with a reply that is not valid: the reply has more than 8388608 bytes'),
  });
});

test('unknown members and values are no error', async () => {
  const reply = { Accounts: [{ Id: '111111111111', State: 'NEW_STATE', Newer: { Than: ['this'] } }], More: 1 };
  expect(await errorFor('ListAccounts', JSON.stringify(reply))).toBeUndefined();
});

test('a list of endless empty pages ends with an error that says so', async () => {
  let page = 0;
  const endless = createServer(async (request, response) => {
    await text(request);
    page += 1;
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify({ Accounts: [], NextToken: `page ${page}` }));
  });
  await new Promise<void>((resolve) => endless.listen(0, '127.0.0.1', resolve));
  const { port } = endless.address() as AddressInfo;
  await using aws = await startUpstream({
    principals: [emulated('partner', '111111111111', `http://127.0.0.1:${port}`)],
  });
  const pages = aws.session().pages('ListAccounts', {});
  await expect(pages.next()).rejects.toMatchObject({
    code: 'UPSTREAM_BAD_RESPONSE',
    message: expect.stringContaining('more than 100 empty pages in a row'),
  });
  expect(page).toBe(101);
  endless.closeAllConnections();
  endless.close();
});
