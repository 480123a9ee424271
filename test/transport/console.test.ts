import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadConsoleAssets } from '../../src/transport/console/assets.ts';
import { consolePages } from '../../src/transport/console/route.ts';
import { BufferedResponse } from '../../src/transport/http/buffered-response.ts';
import { HttpRequest } from '../../src/transport/http/request.ts';
import { send } from '../support/http.ts';
import { startPlainServer } from '../support/plain-server.ts';

const dist = join(import.meta.dirname, '..', '..', 'dist', 'console');
const enabled = { console: { enabled: true } };

/** The paths of the page's files. */
const filesOf = (html: string) => [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path ?? '');

test.each(['/', '/transfers', '/invitations', '/organization', '/policies', '/activity', '/status', '/transfers?as=x'])(
  'the console is served at %s under a policy without inline scripts and styles',
  async (path) => {
    await using server = await startPlainServer(enabled);
    const { status, headers, text } = await send(new URL(path, server.url).href);
    expect([status, headers['content-type'], headers['cache-control']]).toEqual([
      200,
      'text/html; charset=utf-8',
      'no-cache',
    ]);
    const policy = String(headers['content-security-policy']);
    expect(policy).toMatch(/^default-src 'none';/);
    expect(policy).toContain("script-src 'self'; style-src 'self';");
    expect(policy).not.toMatch(/unsafe|data:|blob:|https?:|\*/);
    expect(text).not.toMatch(/<style|style=|<script(?![^>]* (src|type="application\/json"))/);
    const again = await send(new URL(path, server.url).href, { headers: { 'if-none-match': String(headers['etag']) } });
    expect([again.status, again.text]).toEqual([304, '']);
  },
);

test('files of the console are compressed, cacheable for ever and have their media type', async () => {
  await using server = await startPlainServer(enabled);
  const { text } = await send(new URL('/', server.url).href);
  expect(filesOf(text).length).toBeGreaterThanOrEqual(3);
  for (const path of filesOf(text)) {
    const { status, headers } = await send(new URL(path, server.url).href, { headers: { 'accept-encoding': 'br' } });
    expect([status, headers['content-encoding'], headers['cache-control']]).toEqual([
      200,
      'br',
      'public, max-age=31536000, immutable',
    ]);
  }
  const font = readdirSync(dist).find((name) => name.endsWith('.woff2'));
  const { headers } = await send(new URL(`/console/${font}`, server.url).href, {
    headers: { 'accept-encoding': 'br' },
  });
  expect([headers['content-type'], headers['content-encoding']]).toEqual(['font/woff2', undefined]);
});

test.each(['files.json', 'documents.json', 'index.html', '..%2f..%2fpackage.json', ''])(
  'the console serves no other file: %s',
  async (name) => {
    await using server = await startPlainServer(enabled);
    expect((await send(new URL(`/console/${name}`, server.url).href)).status).toBe(404);
  },
);

test('the console is off without auth, and / redirects to GraphiQL', async () => {
  await using server = await startPlainServer();
  const { status, headers } = await send(new URL('/', server.url).href);
  expect([status, headers['location']]).toEqual([302, '/graphql']);
  expect((await send(new URL('/transfers', server.url).href)).status).toBe(404);
});

test('the console is on with auth, unless it is disabled', async () => {
  const hash = `sha256:${'0'.repeat(64)}`;
  const keys = [{ name: 'ops', hash, principals: ['first'], scopes: ['read'] as ['read'] }];
  const auth = { type: 'apiKeys' as const, keys };
  await using server = await startPlainServer({ auth });
  expect((await send(new URL('/', server.url).href)).status).toBe(200);
  await using other = await startPlainServer({ auth, console: { enabled: false } });
  expect((await send(new URL('/', other.url).href)).status).toBe(302);
});

const jwt = {
  type: 'jwt' as const,
  issuer: 'https://login.example/',
  audience: 'orgql',
  jwksUri: 'https://login.example/jwks',
  rules: [{ principals: ['first'], scopes: ['read'] as ['read'] }],
};

test('with an issuer, the page may connect to it, and the redirect URI is served', async () => {
  const oidc = { issuer: 'https://login.example/', clientId: 'orgql', endpointOrigins: ['https://tokens.example'] };
  await using server = await startPlainServer({ auth: jwt, console: { oidc } });
  const { status, headers, text } = await send(new URL('/signed-in?code=secret', server.url).href);
  expect([status, headers['referrer-policy'], headers['x-frame-options']]).toEqual([200, 'no-referrer', 'DENY']);
  expect(headers['content-security-policy']).toContain(
    "; connect-src 'self' https://login.example https://tokens.example; ",
  );
  expect(settingsOf(text)).toEqual({
    graphiql: true,
    bookmarkMs: 60_000,
    signIn: { credential: 'token', oidc: { ...oidc, scope: 'openid', parameters: {} } },
  });
  expect(JSON.stringify(server.logged)).not.toContain('secret');
  await using other = await startPlainServer({ auth: jwt });
  expect((await send(new URL('/signed-in', other.url).href)).status).toBe(404);
  const page = await send(new URL('/', other.url).href);
  expect(page.headers['content-security-policy']).toContain("; connect-src 'self'; ");
  expect(settingsOf(page.text)).toEqual({ graphiql: true, bookmarkMs: 60_000, signIn: { credential: 'token' } });
});

test('the page asks for no credential without auth, and behind a proxy that adds one', async () => {
  await using open = await startPlainServer(enabled);
  expect(settingsOf((await send(new URL('/', open.url).href)).text)).toEqual({ graphiql: true, bookmarkMs: 60_000 });
  await using server = await startPlainServer({ auth: jwt });
  const headers = { authorization: 'Bearer token-of-a-proxy' };
  const page = await send(new URL('/', server.url).href, { headers });
  expect(settingsOf(page.text)).toEqual({ graphiql: true, bookmarkMs: 60_000 });
  expect(page.headers['vary']).toBe('authorization');
  const own = await send(new URL('/', server.url).href, { headers: { 'if-none-match': String(page.headers['etag']) } });
  expect(own.status).toBe(200);
});

const settingsOf = (html: string): unknown =>
  JSON.parse(/<script type="application\/json" id="settings">(.*?)<\/script>/.exec(html)?.[1] ?? '');

test('a console that failed to load is loaded for the next request', async () => {
  const failures: unknown[] = [];
  let loads = 0;
  const serve = consolePages(
    { graphiql: true, bookmarkMs: 60_000 },
    (error) => failures.push(error),
    (settings) => {
      loads += 1;
      return loads === 1 ? Promise.reject(new Error('no file')) : loadConsoleAssets(settings);
    },
  );
  const server = createServer(
    { ServerResponse: BufferedResponse },
    (request, response) => void serve(new HttpRequest(request, response, '127.0.0.1')),
  );
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  expect((await send(`http://127.0.0.1:${port}/`)).status).toBe(500);
  expect(failures).toEqual([new Error('no file')]);
  expect((await send(`http://127.0.0.1:${port}/`)).status).toBe(200);
});
