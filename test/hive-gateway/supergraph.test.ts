import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { apiKey } from '../support/api-key.ts';
import { query, subscribeBySse } from '../support/client.ts';
import { type Demo, startDemo } from '../support/gateway.ts';
import { scrape } from '../support/metrics.ts';
import { costOf, costsSchema, startCosts } from './costs.ts';
import { startHiveGateway } from './hive-gateway.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/federation.md'), 'utf8');
const section = page.slice(page.indexOf('## Hive Gateway'), page.indexOf('## Headers'));
const [config = '', document = '', answer = '', subscription = '', event = ''] = [
  ...section.matchAll(/^```\w*\n([\s\S]*?)^```/gm),
].map(([, text = '']) => text);

const key = apiKey({ principals: ['partner', 'customer'] });
let demo: Demo;
let costs: Awaited<ReturnType<typeof startCosts>>;
let hive: Awaited<ReturnType<typeof startHiveGateway>>;
beforeAll(async () => {
  demo = await startDemo({
    config: { federation: true, metrics: { port: 0 }, auth: { type: 'apiKeys', keys: [key.settings] } },
  });
  costs = await startCosts(['125293366841', '111111111111']);
  const { data } = await query(demo.url, { document: '{ _service { sdl } }', as: headers() });
  const { supergraphSdl = '', errors } = composeServices([
    { name: 'orgql', typeDefs: parse(data._service.sdl), url: demo.url },
    { name: 'costs', typeDefs: parse(costsSchema), url: costs.url },
  ]);
  expect(errors).toBeUndefined();
  hive = await startHiveGateway(supergraphSdl, config);
});
afterAll(async () => {
  await hive?.close();
  await costs?.close();
  await demo?.close();
});

const headers = (principal?: string) => ({
  headers: { authorization: key.authorization, ...(principal !== undefined && { 'x-orgql-principal': principal }) },
});
const subscribers = async () => (await scrape(demo.gateway.metricsUrl)).get('orgql_subscribers');
const ask = (text: string, principal?: string) => query(hive.url, { document: text, as: headers(principal) });

it('docs/federation.md shows accounts of orgql with the costs of another subgraph', async () => {
  expect(await ask(document)).toEqual(JSON.parse(answer));
});

it('docs/federation.md shows an event of a subscription with a cost', async () => {
  const subscriber = subscribeBySse(hive.url, { document: subscription, as: headers() });
  expect(await subscriber.event()).toEqual(JSON.parse(event));
  await subscriber.return();
  await expect.poll(subscribers).toBe(0);
});

it('adds the costs to the events of changes, and unsubscribes from orgql when the client leaves', async () => {
  const subscriber = subscribeBySse(hive.url, {
    document: 'subscription { accountChanges { type account { id name monthlyCost } } }',
    as: headers(),
  });
  const next = async (type: string) => {
    for (;;) {
      const { data, errors } = await subscriber.event();
      expect(errors).toBeUndefined();
      if (data.accountChanges.type === type) return data.accountChanges;
    }
  };
  await next('BOOKMARK');
  expect(await subscribers()).toBe(1);
  const { data } = await ask(`mutation { createAccount(input: { accountName: "Costly", email: "costly@example.com" }) {
    ... on CreateAccountPayload { createAccountStatus { id } } } }`);
  expect(data.createAccount.createAccountStatus.id).toMatch(/^car-/);
  const { account } = await next('ADDED');
  expect(account).toEqual({ id: expect.any(String), name: 'Costly', monthlyCost: costOf(account.id) });
  await subscriber.return();
  await expect.poll(subscribers).toBe(0);
});

it('keeps callers and principals apart, also in requests at the same time', async () => {
  const document = '{ organization { id accounts(first: 1) { nodes { monthlyCost } } } }';
  const [partner, customer, stranger] = await Promise.all([
    ask(document, 'partner'),
    ask(document, 'customer'),
    query(hive.url, { document }),
  ]);
  expect(partner.data.organization.id).toBe('o-exampleorgid');
  expect(customer.data.organization.id).toBe('o-contosoorg1');
  expect(stranger.data?.organization ?? null).toBeNull();
  expect(stranger.errors?.[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED' });
});

it('reads the accounts of another subgraph from orgql, one call for each', async () => {
  const { data } = await ask('{ mostExpensiveAccounts { id name state monthlyCost } }');
  expect(data.mostExpensiveAccounts).toEqual([
    { id: '125293366841', name: 'Shared DNS', state: 'ACTIVE', monthlyCost: 125 },
    { id: '111111111111', name: 'Northwind Cloud Partners', state: 'ACTIVE', monthlyCost: 111 },
  ]);
});
