import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { demoSettings } from '../../src/cli/demo-settings.ts';
import { configSchema } from '../../src/config/index.ts';
import { createGateway, type Gateway } from '../../src/gateway.ts';
import { type Simulator, startSimulator } from '../../src/simulator/index.ts';
import { separateVectors, type Vector, vectors, worldOf } from '../support/vector-organizations.ts';

/** In one world, each with an organization and a principal of its own. */
const separated = separateVectors();
const nameOf = (vector: Vector) => `vector-${separated.indexOf(vector)}`;
/** One vector of each topic and decision: their organizations have a copy. */
const copied = separated.filter(
  ({ topic, decision }, index) =>
    separated.findIndex((other) => other.topic === topic && other.decision === decision) === index,
);

let simulator: Simulator;
let gateway: Gateway;

beforeAll(async () => {
  simulator = await startSimulator({ seed: worldOf(separated) });
  const settings = demoSettings(simulator.url);
  const [{ credentials, ...endpoints }] = settings.principals as [(typeof settings.principals)[number]];
  gateway = await createGateway(
    configSchema.parse({
      ...settings,
      port: 0,
      principals: separated.map((vector) => ({
        ...endpoints,
        name: nameOf(vector),
        accountId: vector.tree.managementAccount,
        credentials: { ...credentials, accessKeyId: vector.tree.managementAccount },
      })),
      inventory: copied.map((vector) => ({ principal: nameOf(vector), maxAgeMs: 3_600_000, budgetShare: 0.8 })),
      upstream: { budget: 'off', cacheMs: 0 },
      log: { level: 'error', audit: false },
    }),
    { log: pino({ level: 'silent' }) },
  );
  await vi.waitFor(
    async () => {
      for (const vector of copied) {
        const { data } = await ask(vector, '{ organization { inventory { state } } }');
        expect(data.organization.inventory.state).toBe('READY');
      }
    },
    { timeout: 100_000, interval: 200 },
  );
}, 120_000);
afterAll(async () => {
  await gateway.close();
  await simulator.close();
});

async function ask(vector: Vector, query: string, variables?: object, orgql?: object) {
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-orgql-principal': nameOf(vector) },
    body: JSON.stringify({ query, variables, ...(orgql && { extensions: { orgql } }) }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: each test knows the shape of its result.
  return (await response.json()) as any;
}

const fields = `decision missingContextKeys unresolved { message }
  because { reason target { id } policy { name document } sid statementIndex statement }`;
const single = `query ($account: ID!, $action: String!, $resource: String, $context: [ConditionKeyInput!],
  $principal: ControlPolicyPrincipalInput) { account(id: $account) {
  controlPolicyDecision(action: $action, resource: $resource, context: $context, principal: $principal) { ${fields} } } }`;
const grouped = `query ($requests: [ControlPolicyRequestInput!]!, $filter: AccountFilter) { organization {
  controlPolicyDecisions(requests: $requests, filter: $filter) {
    decision missingContextKeys accountCount accounts { nodes { id } }
    because { reason target { id } policy { name } sid } } } }`;

/** The request as the graph takes it. */
function variablesOf({ request: { account, action, resource, context = {}, principal } }: Vector) {
  return {
    account,
    action,
    resource,
    context: Object.entries(context).map(([key, values]) => ({ key, values })),
    principal: principal && { kind: principal.kind, accountId: principal.account },
  };
}

const inLowerCase = (keys: readonly string[] = []) => keys.map((key) => key.toLowerCase()).sort();

interface Reason {
  readonly reason: string;
  readonly target: { readonly id: string };
  readonly policy: { readonly name: string } | null;
  readonly sid: string | null;
}

/** A reason as vectors write it. */
const reasonOf = (because: Reason | null) =>
  because === null
    ? undefined
    : { reason: because.reason, level: because.target.id, policy: because.policy?.name ?? null, sid: because.sid };

/** Compares the single and the grouped decision with the vector. Returns the calls that they took. */
async function expectDecision(vector: Vector, orgql: object) {
  const { account, ...request } = variablesOf(vector);
  const one = await ask(vector, single, { account, ...request }, orgql);
  expect(one.errors).toBeUndefined();
  const { decision, because, missingContextKeys, unresolved } = one.data.account.controlPolicyDecision;
  expect(unresolved).toEqual([]);
  expect(decision).toBe(vector.decision);
  expect(reasonOf(because)).toEqual(vector.because);
  expect(inLowerCase(missingContextKeys)).toEqual(inLowerCase(vector.missingContextKeys));
  if (because?.policy != null) {
    const { Statement: statements } = because.policy.document;
    expect(because.statement).toEqual([statements].flat()[because.statementIndex]);
    expect(because.statement.Sid ?? null).toBe(because.sid);
  }
  const many = await ask(vector, grouped, { requests: [request], filter: { ids: [account] } }, orgql);
  expect(many.errors).toBeUndefined();
  const [group, ...others] = many.data.organization.controlPolicyDecisions;
  expect(others).toEqual([]);
  expect({ ...group, because: reasonOf(group.because) }).toEqual({
    decision,
    missingContextKeys,
    accountCount: 1,
    accounts: { nodes: [{ id: account }] },
    because: vector.because,
  });
  return [one, many].map(({ extensions }) => extensions.upstream.calls as number);
}

describe("scenarios of AWS's documentation, through the graph", () => {
  test('are all of them', () => {
    expect(separated.length).toBe(vectors.length);
    expect(copied.length).toBeGreaterThan(15);
  });

  const ofMember = separated.filter(({ tree, request }) => JSON.stringify(tree.children).includes(request.account));
  test.each(ofMember)('$topic, $name: $decision, read from AWS', async (vector) => {
    const calls = await expectDecision(vector, { noCache: true });
    expect(Math.min(...calls)).toBeGreaterThan(1);
  });

  test.each(copied.filter((vector) => ofMember.includes(vector)))(
    '$topic, $name: $decision, from the copy without a call',
    async (vector) => {
      expect(await expectDecision(vector, { maxAge: 3_600, onlyIfCached: true })).toEqual([0, 0]);
    },
  );

  const ofOthers = separated.filter((vector) => !ofMember.includes(vector));
  test.each(ofOthers)('$topic, $name: the graph has no account outside of the organization', async (vector) => {
    const { data } = await ask(vector, single, variablesOf(vector));
    expect(data.account).toBeNull();
  });
});
