import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ConfigError } from '../../src/config/config-error.ts';
import { loadConfig } from '../../src/config/load.ts';

const folder = mkdtempSync(join(tmpdir(), 'orgql-'));
afterAll(() => rmSync(folder, { recursive: true }));

const hash = `sha256:${'0a'.repeat(32)}`;
const key = (rest: string) => `auth:\n  type: apiKeys\n  keys:\n    - ${rest}`;
const jwt = (rest: string) =>
  `auth:\n  type: jwt\n  issuer: https://login.example\n  audience: orgql\n  jwksUri: https://login.example/jwks\n  ${rest}`;
const rules = 'rules: [{ principals: [default], scopes: [read] }]';

test.for([
  [
    'auth: none\nport: 1',
    'auth: expected a section with settings, such as { type: none }, got a string that is not shown',
  ],
  ['auth: { type: magic }', 'auth.type: '],
  ['auth: { type: apiKeys }', 'auth.keys: '],
  ['auth: { type: apiKeys, keys: [] }', 'auth.keys: '],
  [
    key(`{ name: a, hash: hunter2, principals: [default], scopes: [read] }`),
    'auth.keys[0].hash: expected "sha256:" and 64',
  ],
  [
    key(`{ name: a, key: hunter2, hash: "${hash}", principals: [default], scopes: [read] }`),
    'unknown setting auth.keys[0].key',
  ],
  [
    key(`{ name: a, hash: "${hash}", principals: [missing], scopes: [read] }`),
    'auth.keys[0].principals[0]: this principal is not defined; defined are default, got "missing"',
  ],
  [key(`{ name: a, hash: "${hash}", principals: [], scopes: [read] }`), 'auth.keys[0].principals: '],
  [key(`{ name: a, hash: "${hash}", principals: [default] }`), 'auth.keys[0].scopes: '],
  [key(`{ name: a, hash: "${hash}", principals: [default], scopes: [write] }`), 'auth.keys[0].scopes[0]: '],
  [
    key(`{ name: a, hash: "${hash}", principals: [default], scopes: [read], expires: tomorrow }`),
    'auth.keys[0].expires: expected a time such as',
  ],
  [
    `${key(`{ name: a, hash: "${hash}", principals: [default], scopes: [read] }`)}\n    - { name: b, hash: "${hash}", principals: [default], scopes: [read] }`,
    'auth.keys[1].hash: is the same as auth.keys[0].hash: two keys have the same hash; create a key for each caller',
  ],
  [jwt('rules: []'), 'auth.rules: '],
  [jwt(`${rules}\n  algorithms: [HS256]`), 'auth.algorithms[0]: '],
  [jwt(`${rules}\n  algorithms: [none]`), 'auth.algorithms[0]: '],
  [jwt(`${rules}\n  clockSkewMs: 3600000`), 'auth.clockSkewMs: '],
  [
    jwt(rules).replace('https://login.example/jwks', 'http://login.example/jwks'),
    'auth.jwksUri: expected an https URL',
  ],
  [jwt(rules).replace('https://login.example/jwks', 'login'), 'auth.jwksUri: expected an https URL'],
  [jwt(rules).replace('audience: orgql', 'audience: []'), 'auth.audience: '],
  [jwt('rules: [{ when: { groups: [] }, principals: [default], scopes: [read] }]'), 'auth.rules[0].when.groups: '],
  [
    jwt('rules: [{ principals: [missing], scopes: [read] }]'),
    'auth.rules[0].principals[0]: this principal is not defined',
  ],
  [
    'console: { oidc: { issuer: "http://login.example", clientId: orgql } }',
    'console.oidc.issuer: expected an https URL without a query',
  ],
  [
    'console: { oidc: { issuer: "https://login.example/?tenant=1", clientId: orgql } }',
    'console.oidc.issuer: expected an https URL without a query',
  ],
  ['console: { oidc: { issuer: "https://login.example" } }', 'console.oidc.clientId: '],
  [
    'console: { oidc: { issuer: "https://login.example", clientId: orgql, scope: profile } }',
    'console.oidc.scope: expected scopes with spaces between them, one of which is openid, got "profile"',
  ],
  [
    'console: { oidc: { issuer: "https://login.example", clientId: orgql, parameters: { state: mine } } }',
    'console.oidc.parameters.state: ',
  ],
  [
    'console: { oidc: { issuer: "https://login.example", clientId: orgql, endpointOrigins: ["http://tokens.example"] } }',
    'console.oidc.endpointOrigins[0]: expected an https origin without a path',
  ],
  [
    `${key(`{ name: a, hash: "${hash}", principals: [default], scopes: [read] }`)}\nconsole: { oidc: { issuer: "https://login.example", clientId: orgql } }`,
    'console.oidc: has no effect without auth.type: jwt, as the gateway accepts no tokens; auth.type is "apiKeys"',
  ],
  ['host: 0.0.0.0', 'auth: none is allowed on loopback only, and host is 0.0.0.0; set auth.type to apiKeys or jwt'],
  ['host: orgql.example\nauth: { type: none }', 'auth: none is allowed on loopback only, and host is orgql.example'],
  ['allowedOrigins: [app.example]', 'allowedOrigins[0]: expected an origin such as https://app.example.com'],
  ['allowedOrigins: ["https://app.example/"]', 'allowedOrigins[0]: expected an origin'],
  ['allowedOrigins: ["*"]', 'allowedOrigins[0]: expected an origin'],
  ['limits: { depth: 0 }', 'limits.depth: '],
  ['limits: { tokens: lots }', 'limits.tokens: '],
  ['limits: { operations: { perSecond: -1, burst: 1 } }', 'limits.operations.perSecond: '],
  ['limits: { deep: 1 }', 'unknown setting limits.deep; known here: bodyBytes, tokens, depth'],
  ['trustedDocuments: { only: true }', 'trustedDocuments.file: '],
  ['persistedQueries: { store: disk }', 'persistedQueries.store: '],
  ['persistedQueries: { store: redis }', 'persistedQueries.store: requires redis.url'],
  ['persistedQueries: { maxBytes: 0 }', 'persistedQueries.maxBytes: '],
  ['federation: maybe', 'federation: '],
  [
    'federation: true\ntrustedDocuments: { file: package.json, only: true }',
    'federation: is not possible with trustedDocuments.only',
  ],
  [
    'persistedQueries: {}\ntrustedDocuments: { file: package.json, only: true }',
    'persistedQueries: has no effect with trustedDocuments.only',
  ],
  ['introspection: maybe', 'introspection: '],
  ['graphiql: 1', 'graphiql: '],
  ['graph: { cursorSecret: hunter2 }', 'graph.cursorSecret: '],
  ['graph: { maxCalls: 0 }', 'graph.maxCalls: '],
  ['upstream: { budget: some }', 'upstream.budget: '],
  ['watch: { budgetShare: 2 }', 'watch.budgetShare: '],
  [
    'inventory: [{ principal: payer }]',
    'inventory[0].principal: this principal is not defined; defined are default, got "payer"',
  ],
  [
    'inventory:\n  - principal: default\n  - { principal: default, tags: false }',
    'inventory[1].principal: is the same as inventory[0].principal: a principal has one copy',
  ],
  ['inventory: [{}]', 'inventory[0].principal: '],
  ['inventory: [{ principal: default, maxAgeMs: 0 }]', 'inventory[0].maxAgeMs: '],
  ['inventory: [{ principal: default, tagsMaxAgeMs: 604800001 }]', 'inventory[0].tagsMaxAgeMs: '],
  ['inventory: [{ principal: default, budgetShare: 1.5 }]', 'inventory[0].budgetShare: expected a number above 0'],
  [
    'inventory: [{ principal: default, budgetShare: 0.9 }]',
    'inventory[0].budgetShare: is above 1 together with watch.budgetShare, which is 0.2; lower one of the two, got 0.9',
  ],
  [
    'watch: { budgetShare: 0.8 }\ninventory: [{ principal: default }]',
    'inventory[0].budgetShare: is above 1 together with watch.budgetShare, which is 0.8; lower one of the two, got 0.3',
  ],
  ['inventory: [{ principal: default, age: 1 }]', 'unknown setting inventory[0].age; known here: principal, maxAgeMs'],
  ['inventory: default', 'inventory: '],
  ['graph: { inventoryMaxFirst: 0 }', 'graph.inventoryMaxFirst: '],
  ['graph: { additionalRcpServices: ["s3:*"] }', 'graph.additionalRcpServices[0]: '],
  ['redis: { url: "http://u:hunter2@host" }', 'redis.url: '],
  [
    'redis: { url: "redis://host", cache: { secret: hunter2 } }',
    'redis.cache.secret: expected at least 32 characters, such as `openssl rand -base64 32` prints',
  ],
  ['redis: { url: "redis://host", cache: {} }', 'redis.cache.secret: '],
  ['redis: { url: "redis://host", cache: true }', 'redis.cache: '],
  [
    `redis: { url: "redis://host", cache: { secret: ${'hunter2'.repeat(5)}, maxValueBytes: 0 } }`,
    'redis.cache.maxValueBytes: ',
  ],
  [`redis: { cache: { secret: ${'hunter2'.repeat(5)} } }`, 'redis.url: '],
] as const)(
  '%j is refused in one line that names the file, the line, the setting and what is expected',
  async ([text, expected]) => {
    const file = join(folder, 'orgql.yaml');
    writeFileSync(file, text);
    const message = await messageOf(() => loadConfig({ file, environment: {} }));
    expect(message).toContain(expected);
    expect(message).toMatch(/orgql\.yaml:\d+: /);
    expect(message).not.toContain('\n');
    expect(message).not.toContain('hunter2');
  },
);

test('rejects a gateway without authentication beyond loopback, and names the setting', async () => {
  const environment = { ORGQL_HOST: '0.0.0.0' };
  expect(await messageOf(() => loadConfig({ environment }))).toMatch(
    /^ORGQL_HOST: auth: none is allowed on loopback only/,
  );
  const options = [{ path: ['host'], value: '::', source: '--host' }];
  expect(await messageOf(() => loadConfig({ environment: {}, options }))).toMatch(/^--host: auth: none is allowed/);
  expect((await loadConfig({ environment: { ORGQL_HOST: '::1' } })).auth).toEqual({ type: 'none' });
  expect((await loadConfig({ environment, isSimulated: () => true })).host).toBe('0.0.0.0');
});

async function messageOf(load: () => Promise<unknown>): Promise<string> {
  try {
    await load();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return String(error instanceof Error && error.message);
  }
  throw new Error('expected a ConfigError');
}
