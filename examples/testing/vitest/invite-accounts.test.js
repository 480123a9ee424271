import {
  AcceptHandshakeCommand,
  CreateOrganizationCommand,
  ListHandshakesForAccountCommand,
} from '@aws-sdk/client-organizations';
import { createClock, startSimulator } from 'orgql/simulator';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { inviteAccounts } from '../invite-accounts.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const PAYER = '123456789012';
const CUSTOMER = '222222222222';

let simulator;
let payer;
beforeAll(async () => {
  simulator = await startSimulator({ seed: 'empty', clock: createClock({ rate: 0 }) });
  payer = simulator.client(PAYER);
});
afterAll(() => simulator.close());

beforeEach(async () => {
  simulator.reset();
  await payer.send(new CreateOrganizationCommand({}));
});

test('invites an account once, and not after it has joined', async () => {
  expect(await inviteAccounts(payer, [CUSTOMER])).toEqual([CUSTOMER]);
  expect(await inviteAccounts(payer, [CUSTOMER])).toEqual([]);

  const customer = simulator.client(CUSTOMER);
  const { Handshakes } = await customer.send(new ListHandshakesForAccountCommand({}));
  await customer.send(new AcceptHandshakeCommand({ HandshakeId: Handshakes[0].Id }));
  expect(await inviteAccounts(payer, [CUSTOMER])).toEqual([]);
});

test('invites an account again when its invitation has expired', async () => {
  await inviteAccounts(payer, [CUSTOMER]);
  simulator.clock.advance(16 * DAY_MS);
  expect(await inviteAccounts(payer, [CUSTOMER])).toEqual([CUSTOMER]);
});

test('invites all accounts while AWS limits the rate of calls', async () => {
  simulator.control.failNext('InviteAccountToOrganization', 'TooManyRequestsException');
  expect(await inviteAccounts(payer, [CUSTOMER])).toEqual([CUSTOMER]);
  expect(simulator.control.requestCount('InviteAccountToOrganization')).toEqual(2);
});

test('reports other exceptions', async () => {
  simulator.control.failNext('InviteAccountToOrganization', 'AccessDeniedException');
  await expect(inviteAccounts(payer, [CUSTOMER])).rejects.toMatchObject({ name: 'AccessDeniedException' });
});
