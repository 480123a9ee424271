import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, test } from 'vitest';
import { nodeNames } from '../../src/schema/ids.ts';
import { apiKey } from '../support/api-key.ts';
import { build, finishInProcess } from '../support/cli.ts';
import { query } from '../support/client.ts';
import { type Demo, startDemo } from '../support/gateway.ts';
import { loadedModules } from '../support/loaded-modules.ts';

const ENTITIES = `query Entities($representations: [_Any!]!) {
  _entities(representations: $representations) { __typename ... on Account { id name } ... on Policy { id name } }
}`;

const account = (id: string, rest = {}) => ({ __typename: 'Account', id, ...rest });

const reader = apiKey({ name: 'reader', principals: ['partner'], scopes: ['read'] });
const sender = apiKey({ name: 'sender', principals: ['partner'], scopes: ['handshakes:send'] });
let demo: Demo;
beforeAll(async () => {
  const keys = [reader.settings, sender.settings];
  demo = await startDemo({ config: { federation: true, graph: { maxFirst: 3 }, auth: { type: 'apiKeys', keys } } });
});
afterAll(() => demo.close());

const ask = (document: string, variables = {}, { authorization } = reader) =>
  query(demo.url, { document, variables, as: { headers: { authorization } } });

describe('_service', () => {
  it('returns a schema that composes with a subgraph that extends Account', async () => {
    const { data } = await ask('{ _service { sdl } }');
    const costs = `
      extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])
      type Account @key(fields: "id") { id: ID! monthlyCost: Float! }
      type Query { mostExpensiveAccounts: [Account!]! }`;
    const { errors, supergraphSdl } = composeServices([
      { name: 'orgql', typeDefs: parse(data._service.sdl), url: demo.url },
      { name: 'costs', typeDefs: parse(costs), url: 'http://127.0.0.1:4999/graphql' },
    ]);
    expect(errors).toBeUndefined();
    expect(supergraphSdl).toContain('monthlyCost: Float! @join__field(graph: COSTS)');
  });

  it('declares each type with an id as an entity', async () => {
    const { data } = await ask('{ _service { sdl } }');
    const keyed = [...data._service.sdl.matchAll(/^type (\w+) implements .*@key\(fields: "id"\)/gm)];
    expect(keyed.map(([, name]) => name).toSorted()).toEqual(nodeNames.toSorted());
  });

  it('fails without introspection', async () => {
    await using hidden = await startDemo({ config: { federation: true, introspection: false } });
    const { errors } = await hidden.query('{ _service { sdl } }');
    expect(errors?.[0]?.message).toContain('introspection: false');
  });
});

describe('_entities', () => {
  it('returns entities in the order of their keys, and null for keys without an object', async () => {
    const representations = [account('000000000000'), account('111111111111'), account('o-exampleorgid')];
    const { data, errors } = await ask(ENTITIES, { representations });
    expect(errors).toBeUndefined();
    expect(data._entities).toEqual([
      null,
      { __typename: 'Account', id: '111111111111', name: expect.any(String) },
      null,
    ]);
  });

  it('returns null for a __typename that is no entity, or that does not fit the id', async () => {
    const representations = ['PolicyTarget', 'Query', 'Policy'].map((__typename) => ({
      __typename,
      id: '111111111111',
    }));
    const { data, extensions } = await ask(ENTITIES, { representations });
    expect(data._entities).toEqual([null, null, null]);
    expect(extensions.upstream.calls).toBe(0);
  });

  it('reads an object that occurs twice once, and ignores other members of a representation', async () => {
    const representations = [account('111111111111', { name: 'not the name' }), account('111111111111')];
    const { data, extensions } = await query(demo.url, {
      document: ENTITIES,
      variables: { representations },
      as: { headers: { authorization: reader.authorization, 'cache-control': 'no-cache' } },
    });
    expect(data._entities[0]).toEqual(data._entities[1]);
    expect(data._entities[0].name).not.toBe('not the name');
    expect(extensions.upstream.calls).toBe(1);
  });

  it('accepts representations in the document', async () => {
    const { data } = await ask(
      '{ _entities(representations: [{ __typename: "Account", id: "111111111111" }]) { ... on Account { id } } }',
    );
    expect(data).toEqual({ _entities: [{ id: '111111111111' }] });
  });

  it('rejects more representations than graph.maxFirst', async () => {
    const representations = Array.from({ length: 4 }, () => account('111111111111'));
    const { errors } = await ask(ENTITIES, { representations });
    expect(errors?.[0]?.message).toContain("4 representations are above this gateway's maximum of 3");
  });

  test.each([[{ id: '111111111111' }], [{ __typename: 'Account', id: 1 }], ['Account'], [null]])(
    'rejects %j, which is no representation',
    async (representation) => {
      const { data, errors } = await ask(ENTITIES, { representations: [representation] });
      expect(data ?? null).toBeNull();
      expect(errors).toHaveLength(1);
    },
  );

  it('counts the bytes of representations, also of members that it drops, before it reads anything', async () => {
    const limit = 4_096;
    await using limited = await startDemo({ config: { federation: true, limits: { bodyBytes: limit } } });
    const send = async (bytes: number) => {
      const body = (filler: string) =>
        JSON.stringify({ query: ENTITIES, variables: { representations: [account('111111111111', { filler })] } });
      const response = await fetch(limited.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', connection: 'close' },
        body: body('x'.repeat(bytes - body('').length)),
      });
      return { status: response.status, ...(await response.json()) };
    };
    const calls = () => limited.simulator.control.requestCount();
    const before = calls();
    expect(await send(limit + 1)).toMatchObject({
      status: 413,
      errors: [{ extensions: { code: 'REQUEST_ENTITY_TOO_LARGE' } }],
    });
    expect(calls()).toBe(before);
    expect(await send(limit)).toMatchObject({ status: 200, data: { _entities: [{ id: '111111111111' }] } });
  });

  it('counts each distinct read in the estimate', async () => {
    const response = await fetch(demo.url, {
      method: 'POST',
      headers: { authorization: reader.authorization, 'content-type': 'application/json', 'x-orgql-estimate': 'only' },
      body: JSON.stringify({
        query: ENTITIES,
        variables: { representations: [account('111111111111'), account('222222222222'), account('o-exampleorgid')] },
      }),
    });
    expect((await response.json()).extensions).toMatchObject({ upstream: { estimate: { calls: 2 } } });
  });

  it('needs the scope read', async () => {
    const { errors } = await ask(ENTITIES, { representations: [account('111111111111')] }, sender);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
  });
});

test('a gateway without the setting is no subgraph', async () => {
  await using plain = await startDemo();
  expect((await plain.query('{ _service { sdl } }')).errors).toHaveLength(1);
});

test('the code of federation is loaded with the setting only', async () => {
  build();
  const ask = (url: string) => query(url, { document: '{ viewer { caller } }' });
  const own = (modules: readonly string[]) => modules.filter((name) => name.startsWith('dist/federation/'));
  const file = join(mkdtempSync(join(tmpdir(), 'orgql-')), 'orgql.json');
  onTestFinished(() => rmSync(dirname(file), { recursive: true }));
  writeFileSync(file, '{ "federation": true }');
  expect(own(await loadedModules(['demo', '--port', '0'], {}, ask))).toEqual([]);
  expect(own(await loadedModules(['demo', '--port', '0', '--config', file], {}, ask))).not.toEqual([]);
});

test('orgql schema --federation prints what _service returns', async () => {
  const { data } = await ask('{ _service { sdl } }');
  expect(await finishInProcess(['schema', '--federation'])).toEqual({ code: 0, stdout: data._service.sdl, stderr: '' });
});

test('docs/federation.md shows what _entities returns', async () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/federation.md'), 'utf8');
  const [variables = '', result = ''] = [...page.matchAll(/^```json\n([\s\S]*?)^```/gm)].map(([, text = '']) => text);
  expect((await ask(ENTITIES, JSON.parse(variables))).data).toEqual(JSON.parse(result).data);
});
