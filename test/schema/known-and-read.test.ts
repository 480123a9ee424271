import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { demoSettings } from '../../src/cli/demo-settings.ts';
import { type ConfigInput, configSchema } from '../../src/config/index.ts';
import { createGateway } from '../../src/gateway.ts';
import { query } from '../support/client.ts';
import { type Demo, startDemo } from '../support/gateway.ts';
import { runs } from '../support/runs.ts';

/** Parts of a query that read the same data in different ways: pages and whole lists, objects by id, references, refused and missing objects. */
const parts = [
  'organization { id featureSet masterAccountEmail managementAccount { id email name joinedMethod } }',
  'organization { accounts(first: 3) { edges { cursor node { id name email } } pageInfo { hasNextPage endCursor } } }',
  'organization { accounts(first: 100) { totalCount nodes { id arn state joinedTimestamp parent { id } } } }',
  'organization { accounts { nodes { parent { ... on OrganizationalUnit { name path } ... on Root { name } } tags { nodes { key value } } } } }',
  'organization { roots { totalCount nodes { id name policyTypes { type status } } } }',
  'organization { policies(type: SERVICE_CONTROL_POLICY) { nodes { id name content targets { nodes { targetId type name } } } } }',
  'organization { handshakes { totalCount edges { cursor node { id state action parties { id type } } } } }',
  'organization { inboundResponsibilityTransfers(first: 2) { nodes { id status name startTimestamp } pageInfo { hasNextPage } } }',
  'organization { delegatedAdministrators { nodes { account { id name } } } enabledServices { nodes { servicePrincipal } } }',
  'organization { createAccountStatuses { nodes { id state accountName } } resourcePolicy { id content } }',
  'root { id name organizationalUnits { nodes { id name organizationalUnits { nodes { id name accounts { nodes { id name } } } } } } }',
  'root { accounts { totalCount nodes { id } } children(type: ORGANIZATIONAL_UNIT) { nodes { id organizationalUnit { name accounts(first: 1) { edges { cursor node { name } } } } } } }',
  'root { policies(type: SERVICE_CONTROL_POLICY) { nodes { id name } } tags { totalCount } }',
  'account(id: "111111111111") { id name parent { id } delegatedServices { totalCount } effectivePolicy(type: TAG_POLICY) { policyContent } }',
  'account(id: "999999999999") { id name }',
  'nodes(ids: ["111111111111", "nothing", "333333333333", "o-exampleorgid"]) { id ... on Account { email } ... on Organization { featureSet } }',
  'viewer { principal { name } handshakes { nodes { id state } } }',
  'organization { accounts(first: 0) { totalCount } }',
  'organization { accounts(after: "nonsense") { nodes { id } } }',
];

/** Of these parts AWS refuses something, for want of it. */
const refused = /effectivePolicy|delegatedServices|resourcePolicy|999999999999|nonsense|"nothing"/;

let demo: Demo;
const quiet: ConfigInput['log'] = { level: 'silent', audit: false };
beforeAll(async () => {
  demo = await startDemo({
    config: { upstream: { budget: 'off', cacheMs: 0 }, graph: { maxCalls: 1_000_000, cursorSecret: 's'.repeat(32) } },
  });
});
afterAll(() => demo.close());

/** A gateway to the same AWS that keeps what it has read for longer than the test takes. */
async function keepingGateway() {
  const settings = demoSettings(demo.simulator.url);
  return createGateway(
    configSchema.parse({
      ...settings,
      ...{ port: 0, log: quiet, graph: { maxCalls: 1_000_000, cursorSecret: 's'.repeat(32) } },
      upstream: { ...settings.upstream, budget: 'off', cacheMs: 3_600_000 },
    } satisfies ConfigInput),
  );
}

const normalize = ({ data, errors }: Awaited<ReturnType<typeof query>>) => ({
  data,
  // Their order depends on which reads were cached.
  errors: (errors ?? [])
    .map(({ message, path, extensions }) => JSON.stringify([path, message, extensions?.['code']]))
    .sort(),
});
const document = (chosen: readonly string[]) =>
  `{ ${chosen.map((part, n) => part.replace(/^\w+/, `p${n}: $&`)).join(' ')} }`;

it('an operation has the same result whether all, some or none of its reads are cached', async () => {
  const principals = ['partner', 'customer', 'standalone'];
  await fc.assert(
    fc.asyncProperty(
      fc.subarray(parts),
      fc.subarray(parts, { minLength: 1, maxLength: 6 }),
      fc.constantFrom(...principals),
      async (before, chosen, principal) => {
        const gateway = await keepingGateway();
        try {
          const ask = (url: string, operation: readonly string[]) =>
            query(url, { document: document(operation), as: { principal } });
          const expected = normalize(await ask(demo.url, chosen));
          for (const part of before) await ask(gateway.url, [part]);
          expect(normalize(await ask(gateway.url, chosen))).toEqual(expected);
          const again = await ask(gateway.url, chosen);
          expect(normalize(again)).toEqual(expected);
          // All reads are cached now, except those that AWS refused.
          if (principal === 'partner' && !chosen.some((part) => refused.test(part))) {
            expect(again.extensions.upstream.calls).toBe(0);
          }
        } finally {
          await gateway.close();
        }
      },
    ),
    { numRuns: runs(40) },
  );
});

it('each part of the query succeeds', async () => {
  for (const part of parts.slice(0, 13)) expect(normalize(await demo.query(document([part]))).errors).toEqual([]);
});
