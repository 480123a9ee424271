import { afterAll, beforeAll, expect, it } from 'vitest';
import { demoSettings } from '../../src/cli/demo-settings.ts';
import { type Simulator, startSimulator } from '../../src/simulator/index.ts';
import { type Demo, startDemo } from '../support/gateway.ts';
import { startRewritingProxy } from '../support/rewriting-proxy.ts';

/** Makes AWS's reads lag: new objects are in no list, and cannot be described. */
let simulator: Simulator;
let proxy: Awaited<ReturnType<typeof startRewritingProxy>>;
let demo: Demo;
let lags = true;

const hidden: Readonly<Record<string, string>> = {
  ListCreateAccountStatus: 'CreateAccountStatuses',
  ListHandshakesForOrganization: 'Handshakes',
  ListInboundResponsibilityTransfers: 'ResponsibilityTransfers',
};

beforeAll(async () => {
  simulator = await startSimulator();
  proxy = await startRewritingProxy(simulator.url, (operation, reply) => {
    const member = hidden[operation];
    return lags && member !== undefined ? { [member]: [] } : reply;
  });
  demo = await startDemo({ config: { principals: demoSettings(proxy.url).principals } });
});
afterAll(async () => {
  await demo.close();
  await proxy[Symbol.asyncDispose]();
  await simulator.close();
});

const notFound = {
  DescribeCreateAccountStatus: 'CreateAccountStatusNotFoundException',
  DescribeHandshake: 'HandshakeNotFoundException',
  DescribeResponsibilityTransfer: 'ResponsibilityTransferNotFoundException',
} as const;

const lag = () => {
  lags = true;
  const cancels = Object.entries(notFound).map(([operation, error]) =>
    simulator.control.fail({ operation: operation as keyof typeof notFound, failure: { kind: 'error', error } }),
  );
  return () => {
    lags = false;
    for (const cancel of cancels) cancel();
  };
};

it('a subscription to a new account’s creation starts with the reply of createAccount, while AWS does not show it', async () => {
  const catchUp = lag();
  const { data } = await demo.query(
    `mutation { createAccount(input: { email: "lag@example.com", accountName: "lag" }) {
      ... on CreateAccountPayload { createAccountStatus { id } } } }`,
  );
  const { id } = data.createAccount.createAccountStatus;
  const events = demo.subscribe(
    `subscription ($id: ID!) { createAccountStatusChanges(id: $id) {
      type previousState createAccountStatus { id state accountName } } }`,
    { id },
  );
  expect((await events.event()).data.createAccountStatusChanges).toEqual({
    type: 'SNAPSHOT',
    previousState: null,
    createAccountStatus: { id, state: 'IN_PROGRESS', accountName: 'lag' },
  });
  expect((await events.event()).data.createAccountStatusChanges.type).toBe('BOOKMARK');
  catchUp();
  simulator.clock.advance(60_000);
  expect((await events.event()).data.createAccountStatusChanges).toMatchObject({
    type: 'CHANGED',
    previousState: 'IN_PROGRESS',
    createAccountStatus: { state: 'SUCCEEDED' },
  });
  expect(await events.next()).toMatchObject({ done: true });
});

it('a subscription to a new invitation starts with the mutation’s reply, and one to its transfer once AWS shows it', async () => {
  const catchUp = lag();
  const start = new Date(simulator.clock.now());
  const { data } = await demo.query(
    `mutation ($start: DateTime!) { inviteOrganizationToTransferResponsibility(input: { type: BILLING, sourceName: "lag"
      startTimestamp: $start, target: { id: "owner@example.net", type: EMAIL } }) {
      ... on InviteOrganizationToTransferResponsibilityPayload { handshake { id resources { type value } } }
      ... on Error { code message } } }`,
    { start: new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 2, 1)).toISOString() },
  );
  const { handshake } = data.inviteOrganizationToTransferResponsibility;
  const transferId = handshake.resources.find(({ type }: { type: string }) => type === 'RESPONSIBILITY_TRANSFER').value;
  const handshakes = demo.subscribeBySse(
    'subscription ($id: ID!) { handshakeChanges(id: $id) { type handshake { id state } } }',
    { id: handshake.id },
  );
  const transfers = demo.subscribe(
    'subscription ($id: ID!) { responsibilityTransferChanges(id: $id) { type responsibilityTransfer { id status } } }',
    { id: transferId },
  );
  const first = transfers.event();
  expect((await handshakes.event()).data.handshakeChanges).toEqual({
    type: 'SNAPSHOT',
    handshake: { id: handshake.id, state: 'REQUESTED' },
  });
  await expect.poll(() => simulator.control.requestCount('DescribeResponsibilityTransfer')).toBeGreaterThan(0);
  catchUp();
  expect((await first).data.responsibilityTransferChanges).toEqual({
    type: 'SNAPSHOT',
    responsibilityTransfer: { id: transferId, status: 'REQUESTED' },
  });
});
