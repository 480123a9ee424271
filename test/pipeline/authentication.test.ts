import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { CloseCode } from '../../src/transport/websocket/closing.ts';
import { apiKey } from '../support/api-key.ts';
import { post, send } from '../support/http.ts';
import { startIssuer } from '../support/issuer.ts';
import { startPlainServer } from '../support/plain-server.ts';
import { RawConnection } from '../support/websocket.ts';

const alice = apiKey({ name: 'alice', principals: ['first', 'second'] });
const bob = apiKey({ name: 'bob', principals: ['second'] });
const past = apiKey({ name: 'past', principals: ['first'], expires: '2020-01-01T00:00:00Z' });
const auth = { type: 'apiKeys' as const, keys: [alice.settings, bob.settings, past.settings] };
const query = '{ principal principals }';

/** What each transport answers an operation with the given authorization: the data, or the code of the refusal. */
const transports = {
  async HTTP(url: string, authorization: string | undefined, document = query) {
    const { body } = await post(url, { query: document }, authorization === undefined ? {} : { authorization });
    return body.data ?? body.errors[0].extensions.code;
  },
  async 'HTTP GET'(url: string, authorization: string | undefined, document = query) {
    const { text } = await send(`${url}?query=${encodeURIComponent(document)}`, {
      headers: { accept: 'application/json', ...(authorization !== undefined && { authorization }) },
    });
    const body = JSON.parse(text);
    return body.data ?? body.errors[0].extensions.code;
  },
  async SSE(url: string, authorization: string | undefined, document = query) {
    const { text } = await send(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        ...(authorization !== undefined && { authorization }),
      },
      body: JSON.stringify({ query: document }),
    });
    const body = JSON.parse(/^data: (.+)$/m.exec(text)?.[1] ?? text);
    return body.data ?? body.errors[0].extensions.code;
  },
  async WebSocket(url: string, authorization: string | undefined, document = query) {
    using connection = await RawConnection.open(url, {});
    connection.subscribe('1', document, authorization === undefined ? {} : { headers: { authorization } });
    const { payload } = await connection.next();
    return payload.data ?? payload[0].extensions.code;
  },
};

describe.for(Object.entries(transports))('over %s', ([_, ask]) => {
  it('an operation runs as the caller’s first principal, and the caller sees only its own principals', async () => {
    await using server = await startPlainServer({ auth });
    expect(await ask(server.url, alice.authorization)).toEqual({ principal: 'first', principals: ['first', 'second'] });
    expect(await ask(server.url, bob.authorization)).toEqual({ principal: 'second', principals: ['second'] });
  });

  it.for([undefined, 'Bearer wrong', 'Basic YTpi', past.authorization, alice.settings.hash])(
    'the authorization %j is refused, and nothing is begun',
    async (authorization) => {
      await using server = await startPlainServer({ auth });
      expect(await ask(server.url, authorization)).toBe('UNAUTHENTICATED');
      expect(server.upstream.sessions).toEqual([]);
    },
  );
});

describe('over HTTP', () => {
  it('a rejection has status 401 and says which credentials are accepted', async () => {
    await using server = await startPlainServer({ auth });
    for (const accept of ['application/json', 'application/graphql-response+json', 'text/event-stream']) {
      const { status, headers } = await send(server.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept },
        body: JSON.stringify({ query }),
      });
      expect(status).toBe(401);
      expect(headers['www-authenticate']).toBe('Bearer realm="orgql"');
    }
  });

  it('a valid token that matches no rule has status 403 and the code FORBIDDEN', async () => {
    await using issuer = await startIssuer();
    const { issuer: name, jwksUri } = issuer;
    const rules = [{ when: { groups: 'platform' }, principals: ['first'], scopes: ['read' as const] }];
    await using server = await startPlainServer({
      auth: { type: 'jwt', issuer: name, audience: 'orgql', jwksUri, rules },
    });
    const token = async (claims: object) => ({ authorization: `Bearer ${await issuer.sign({ ...claims })}` });
    const { status, body } = await post(server.url, { query }, await token({ groups: 'sales' }));
    expect([status, body.errors[0].extensions.code]).toEqual([403, 'FORBIDDEN']);
    const { body: allowed } = await post(server.url, { query }, await token({ groups: ['platform'] }));
    expect(allowed.data).toEqual({ principal: 'first', principals: ['first'] });
  });

  it('GraphiQL’s page loads without a token', async () => {
    await using server = await startPlainServer({ auth });
    const { status, text } = await send(server.url, { headers: { accept: 'text/html' } });
    expect([status, text.includes('<title>orgql</title>')]).toEqual([200, true]);
  });

  it('a principal that the caller may not use has the same error as an unknown one, which names no other principal', async () => {
    await using server = await startPlainServer({ auth });
    const headers = (principal: string) => ({ authorization: bob.authorization, 'x-orgql-principal': principal });
    const [forbidden, unknown] = await Promise.all(
      ['first', 'fifth'].map((principal) => post(server.url, { query }, headers(principal))),
    );
    expect(forbidden?.body.errors[0].extensions).toEqual({ code: 'UNKNOWN_PRINCIPAL', principals: ['second'] });
    expect(
      JSON.stringify(forbidden?.body).replaceAll('first', 'fifth').replaceAll('for the fifth', 'for the first'),
    ).toBe(JSON.stringify(unknown?.body));
  });

  it('neither keys nor tokens reach the log', async () => {
    await using server = await startPlainServer({ auth });
    await post(server.url, { query }, { authorization: alice.authorization });
    await post(server.url, { query }, { authorization: `${alice.authorization}x` });
    using connection = new RawConnection(server.url);
    await once(connection.socket, 'open');
    connection.send({ type: 'connection_init', payload: { authorization: `${alice.authorization}x` } });
    await connection.closed;
    expect(server.logged.length).toBeGreaterThan(0);
    expect(JSON.stringify(server.logged)).not.toContain(alice.authorization.slice(7));
  });
});

describe('over a WebSocket', () => {
  it('connectionParams.authorization or the upgrade’s header authenticates all operations of the connection', async () => {
    await using server = await startPlainServer({ auth });
    for (const name of ['authorization', 'Authorization']) {
      using connection = await RawConnection.open(server.url, { [name]: bob.authorization });
      connection.subscribe('1', query);
      expect((await connection.next()).payload.data.principal).toBe('second');
    }
    using connection = new RawConnection(server.url, { headers: { authorization: bob.authorization } });
    await once(connection.socket, 'open');
    connection.send({ type: 'connection_init' });
    await connection.next();
    connection.subscribe('1', query);
    expect((await connection.next()).payload.data.principal).toBe('second');
  });

  it.for(['Bearer wrong', 7, '', { a: 1 }, 'Bearer \r\nx: y', past.authorization])(
    'connectionParams.authorization %j closes the connection with Forbidden and the reason',
    async (authorization) => {
      await using server = await startPlainServer({ auth });
      using connection = new RawConnection(server.url);
      await once(connection.socket, 'open');
      connection.send({ type: 'connection_init', payload: { authorization } });
      const { code, reason } = await connection.closed;
      expect(code).toBe(CloseCode.Forbidden);
      expect(reason).toMatch(/API key|authorization/);
    },
  );

  it('closes a connection without connection_init after its time limit', async () => {
    await using server = await startPlainServer({ auth, limits: { connectionInitTimeoutMs: 50 } });
    using silent = await RawConnection.open(server.url);
    expect((await silent.closed).code).toBe(CloseCode.Forbidden);
    using known = await RawConnection.open(server.url);
    known.subscribe('1', query, { headers: { authorization: bob.authorization } });
    expect((await known.next()).type).toBe('next');
  });

  it('an expired token closes the connection and its subscriptions with TokenExpired; the next operation needs a new token', async () => {
    const brief = apiKey({ principals: ['first'], expires: new Date(Date.now() + 700).toISOString() });
    await using server = await startPlainServer({ auth: { type: 'apiKeys', keys: [brief.settings] } });
    using byConnection = await RawConnection.open(server.url, { authorization: brief.authorization });
    using byOperation = await RawConnection.open(server.url);
    const returned = server.next('returned');
    byConnection.subscribe('1', 'subscription { silent }');
    byOperation.subscribe('1', 'subscription { silent }', { headers: { authorization: brief.authorization } });
    for (const connection of [byConnection, byOperation]) {
      expect(await connection.closed).toEqual({
        code: CloseCode.TokenExpired,
        reason: 'The token has expired; connect again with a new one.',
      });
    }
    await returned;
    expect(await transports.WebSocket(server.url, brief.authorization)).toBe('UNAUTHENTICATED');
  });
});

describe('over SSE', () => {
  it('an expired token ends the stream with the error TOKEN_EXPIRED', async () => {
    const brief = apiKey({ principals: ['first'], expires: new Date(Date.now() + 500).toISOString() });
    await using server = await startPlainServer({ auth: { type: 'apiKeys', keys: [brief.settings] } });
    const returned = server.next('returned');
    expect(await transports.SSE(server.url, brief.authorization, 'subscription { silent }')).toBe('TOKEN_EXPIRED');
    await returned;
  });
});
