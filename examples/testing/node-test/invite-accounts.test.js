import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import {
  AcceptHandshakeCommand,
  CreateOrganizationCommand,
  ListHandshakesForAccountCommand,
} from '@aws-sdk/client-organizations';
import { createClock, startSimulator } from 'orgql/simulator';
import { inviteAccounts } from '../invite-accounts.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const PAYER = '123456789012';
const CUSTOMER = '222222222222';

let simulator;
let payer;
before(async () => {
  simulator = await startSimulator({ seed: 'empty', clock: createClock({ rate: 0 }) });
  payer = simulator.client(PAYER);
});
after(() => simulator.close());

beforeEach(async () => {
  simulator.reset();
  await payer.send(new CreateOrganizationCommand({}));
});

test('invites an account once, and not after it has joined', async () => {
  assert.deepEqual(await inviteAccounts(payer, [CUSTOMER]), [CUSTOMER]);
  assert.deepEqual(await inviteAccounts(payer, [CUSTOMER]), []);

  const customer = simulator.client(CUSTOMER);
  const { Handshakes } = await customer.send(new ListHandshakesForAccountCommand({}));
  await customer.send(new AcceptHandshakeCommand({ HandshakeId: Handshakes[0].Id }));
  assert.deepEqual(await inviteAccounts(payer, [CUSTOMER]), []);
});

test('invites an account again when its invitation has expired', async () => {
  await inviteAccounts(payer, [CUSTOMER]);
  simulator.clock.advance(16 * DAY_MS);
  assert.deepEqual(await inviteAccounts(payer, [CUSTOMER]), [CUSTOMER]);
});

test('invites all accounts while AWS limits the rate of calls', async () => {
  simulator.control.failNext('InviteAccountToOrganization', 'TooManyRequestsException');
  assert.deepEqual(await inviteAccounts(payer, [CUSTOMER]), [CUSTOMER]);
  assert.deepEqual(simulator.control.requestCount('InviteAccountToOrganization'), 2);
});

test('reports other exceptions', async () => {
  simulator.control.failNext('InviteAccountToOrganization', 'AccessDeniedException');
  await assert.rejects(inviteAccounts(payer, [CUSTOMER]), { name: 'AccessDeniedException' });
});
