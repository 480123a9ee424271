import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, test, vi } from 'vitest';
import { configSchema } from '../../src/config/index.ts';
import { createGateway, type Gateway } from '../../src/gateway.ts';
import { callerTag, sessionNameOf } from '../../src/principal/credentials.ts';
import { type Simulator, startSimulator } from '../../src/simulator/index.ts';
import { apiKey } from '../support/api-key.ts';
import { query } from '../support/client.ts';

const longName = `auth0|${'x'.repeat(80)}`;
const callers = {
  alice: apiKey({ name: 'alice@example.com', principals: ['payer'] }),
  bob: apiKey({ name: longName, principals: ['payer'] }),
};

describe('a principal with callerSessions', () => {
  let simulator: Simulator;
  let gateway: Gateway;
  let recorder: Awaited<ReturnType<typeof startRecorder>>;

  beforeAll(async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', '111111111111');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'x');
    vi.stubEnv('AWS_REGION', 'us-east-1');
    simulator = await startSimulator();
    recorder = await startRecorder(simulator.url);
    const credentials = {
      type: 'assumeRole',
      roleArn: 'arn:aws:iam::111111111111:role/Gateway',
      callerSessions: true,
    } as const;
    const { url } = recorder;
    gateway = await createGateway(
      configSchema.parse({
        port: 0,
        principals: [{ name: 'payer', endpoint: url, stsEndpoint: url, credentials }],
        auth: { type: 'apiKeys', keys: [callers.alice.settings, callers.bob.settings] },
        upstream: { budget: 'off', cacheMs: 0 },
        log: { level: 'error', audit: false },
      }),
    );
  });
  afterAll(async () => {
    await gateway?.close();
    await recorder?.[Symbol.asyncDispose]();
    await simulator?.close();
    vi.unstubAllEnvs();
  });

  it('writes with a session per caller, with its name and tag, and reads with its own session', async () => {
    const tag = /* GraphQL */ `
      mutation ($value: String!) {
        tagResource(input: { resourceId: "111111111111", tags: [{ key: "owner", value: $value }] }) {
          __typename
          ... on Error { message }
        }
      }
    `;
    for (const name of ['alice', 'bob', 'alice'] as const) {
      const as = { headers: { authorization: callers[name].authorization } };
      const { data } = await query(gateway.url, { document: tag, variables: { value: name }, as });
      expect(data.tagResource).toEqual({ __typename: 'TagResourcePayload' });
      expect((await query(gateway.url, { document: '{ organization { id } }', as })).data.organization.id).toBe(
        'o-exampleorgid',
      );
    }
    const aliceSession = { name: 'alice@example.com', tag: 'orgql:caller=alice@example.com' };
    const bobSession = { name: sessionNameOf(longName), tag: `orgql:caller=${longName.replace('|', '-')}` };
    const own = { name: 'orgql', tag: undefined };
    expect(recorder.calls).toEqual([
      { operation: 'TagResource', session: aliceSession },
      { operation: 'DescribeOrganization', session: own },
      { operation: 'TagResource', session: bobSession },
      { operation: 'DescribeOrganization', session: own },
      { operation: 'TagResource', session: aliceSession },
      { operation: 'DescribeOrganization', session: own },
    ]);
    expect(simulator.control.requestCount('AssumeRole')).toBe(3);
  });
});

test('every caller name has a distinct session name that AWS accepts', () => {
  const names = [
    'a',
    'ab',
    'a b',
    'a-b',
    'a|b',
    'é',
    'alice@example.com',
    longName,
    `${longName}y`,
    '',
    '../..',
    'x'.repeat(64),
  ];
  const made = names.map(sessionNameOf);
  expect(new Set(made).size).toBe(names.length);
  for (const name of made) expect(name).toMatch(/^[\w+=,.@-]{2,64}$/);
  for (const name of names) expect(callerTag(name).Value).toMatch(/^[\p{L}\p{N}\p{Zs}_.:/=+@-]{0,256}$/u);
});

interface Session {
  readonly name: string | undefined;
  readonly tag: string | undefined;
}

/** Stands before the simulator, and notes in whose session each call comes. */
async function startRecorder(target: string) {
  const sessions = new Map<string, Session>();
  const calls: { readonly operation: string; readonly session: Session | undefined }[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const headers = Object.entries(request.headers).flatMap(([name, value]) =>
      typeof value === 'string' && !['host', 'connection', 'content-length'].includes(name) ? [[name, value]] : [],
    );
    const reply = await fetch(target, { method: 'POST', headers: headers as [string, string][], body });
    const answer = await reply.text();
    const operation = request.headers['x-amz-target']?.toString().split('.').at(-1);
    if (operation === undefined) {
      const form = new URLSearchParams(body);
      const [key, value] = [form.get('Tags.member.1.Key'), form.get('Tags.member.1.Value')];
      const accessKey = /<AccessKeyId>(.+?)</.exec(answer)?.[1] ?? '';
      sessions.set(accessKey, {
        name: form.get('RoleSessionName') ?? undefined,
        tag: key === null ? undefined : `${key}=${value}`,
      });
    } else {
      const accessKey = /Credential=([^/]+)/.exec(request.headers.authorization ?? '')?.[1] ?? '';
      calls.push({ operation, session: sessions.get(accessKey) });
    }
    response.writeHead(reply.status, { 'content-type': reply.headers.get('content-type') ?? '' }).end(answer);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
