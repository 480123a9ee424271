import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { demoSettings } from '../../src/cli/demo-settings.ts';
import { configSchema } from '../../src/config/index.ts';
import { createGateway, type Gateway } from '../../src/gateway.ts';
import { query } from '../support/client.ts';
import { startUpstream, type UpstreamWorld } from '../support/upstream.ts';
import { RedisServer } from './redis-server.ts';

let redis: RedisServer;
let aws: UpstreamWorld;
const gateways: Gateway[] = [];

beforeEach(async () => {
  redis = await RedisServer.start();
  aws = await startUpstream();
  await aws.session().write('CreateOrganization', { FeatureSet: 'ALL' });
});
afterEach(async () => {
  await Promise.all(gateways.splice(0).map((gateway) => gateway.close()));
  await aws[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});

const start = async (more: object) => {
  const config = configSchema.parse({
    ...demoSettings(aws.simulator.url),
    port: 0,
    log: { audit: false },
    upstream: { budget: 'off', cacheMs: 60_000 },
    redis: { url: redis.url, ...more },
  });
  const gateway = await createGateway(config, { log: pino({ level: 'silent' }) });
  gateways.push(gateway);
  // A gateway is ready once it reaches Redis.
  await expect.poll(async () => (await fetch(new URL('/ready', gateway.url))).status).toBe(200);
  return async (document: string) => {
    const { data, errors, extensions } = await query(gateway.url, { document });
    expect(errors).toBeUndefined();
    return { data, calls: extensions.upstream.calls };
  };
};

const services = '{ organization { enabledServices { nodes { servicePrincipal } } } }';
const enable = `mutation {
  enableAwsServiceAccess(input: { servicePrincipal: "config.amazonaws.com" }) { __typename }
}`;

it('a mutation through one gateway invalidates the cached replies of the other', async () => {
  const [one, two] = [await start({}), await start({})];
  const shown = async () => (await two(services)).data.organization.enabledServices.nodes.length;
  await expect.poll(async () => (await two(services)).calls).toBe(0);
  expect(await shown()).toBe(0);
  await one(enable);
  await expect.poll(shown).toBe(1);
});

it('with redis.cache, a gateway serves replies that another has read', async () => {
  const cache = { secret: 'the secret that all of these gateways share' };
  const [one, two] = [await start({ cache }), await start({ cache })];
  const types = ['SERVICE_CONTROL_POLICY', 'TAG_POLICY', 'BACKUP_POLICY', 'RESOURCE_CONTROL_POLICY', 'CHATBOT_POLICY'];
  const calls: number[] = [];
  for (const type of types) {
    // Reads are shared once both know the identities of their principals.
    const policies = `{ organization { policies(type: ${type}) { nodes { id } } } }`;
    const { data } = await one(policies);
    const answer = await two(policies);
    expect(answer.data).toEqual(data);
    calls.push(answer.calls);
  }
  expect(calls.at(-1)).toBe(0);
});
