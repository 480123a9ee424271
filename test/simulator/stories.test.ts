import {
  AcceptHandshakeCommand,
  CreateOrganizationCommand,
  DeclineHandshakeCommand,
  DescribeAccountCommand,
  DescribeResponsibilityTransferCommand,
  InviteAccountToOrganizationCommand,
  InviteOrganizationToTransferResponsibilityCommand,
  ListAccountsCommand,
  ListHandshakesForAccountCommand,
  ListInboundResponsibilityTransfersCommand,
  ListOutboundResponsibilityTransfersCommand,
  TerminateResponsibilityTransferCommand,
} from '@aws-sdk/client-organizations';
import { expect, test } from 'vitest';
import { createClock } from '../../src/simulator/index.ts';
import { simulate } from './support.ts';

const quotas = { accounts: 10, inboundTransfers: 5, outboundTransfers: 1, transferChain: 1, aggregateTransfers: 1000 };

test('a standalone account declines an invitation, accepts the next, and is a member', async () => {
  const { as } = await simulate();
  const partner = as('111111111111');
  const standalone = as('222222222222');
  await partner.send(new CreateOrganizationCommand({}));
  const invite = () =>
    partner.send(
      new InviteAccountToOrganizationCommand({ Target: { Type: 'ACCOUNT', Id: '222222222222' }, Notes: 'Hi' }),
    );
  const first = await invite();
  expect(first.Handshake?.State).toBe('OPEN');
  await expect(invite()).rejects.toMatchObject({ name: 'DuplicateHandshakeException' });
  const received = await standalone.send(new ListHandshakesForAccountCommand({}));
  expect(received.Handshakes?.map(({ Id }) => Id)).toEqual([first.Handshake?.Id]);
  const HandshakeId = first.Handshake?.Id;
  expect((await standalone.send(new DeclineHandshakeCommand({ HandshakeId }))).Handshake?.State).toBe('DECLINED');
  const second = await invite();
  await standalone.send(new AcceptHandshakeCommand({ HandshakeId: second.Handshake?.Id }));
  const { Accounts } = await partner.send(new ListAccountsCommand({}));
  expect(Accounts?.map(({ Id, JoinedMethod }) => [Id, JoinedMethod])).toEqual([
    ['111111111111', 'INVITED'],
    ['222222222222', 'INVITED'],
  ]);
  const { Account } = await partner.send(new DescribeAccountCommand({ AccountId: '222222222222' }));
  expect(Account?.Paths?.[0]).toMatch(/^o-[a-z0-9]{10}\/r-[a-z0-9]{4}\/222222222222\/$/);
});

test('a transfer is accepted on both sides, and withdrawn on both', async () => {
  const { as } = await simulate({ settings: { quotas }, clock: createClock({ start: Date.UTC(2026, 4, 10) }) });
  const partner = as('111111111111');
  const customer = as('444444444444');
  for (const client of [partner, customer]) await client.send(new CreateOrganizationCommand({}));
  const { Handshake } = await partner.send(
    new InviteOrganizationToTransferResponsibilityCommand({
      Type: 'BILLING',
      Target: { Type: 'ACCOUNT', Id: '444444444444' },
      StartTimestamp: new Date('2026-06-01T00:00:00Z'),
      SourceName: 'Customer',
    }),
  );
  expect(Handshake?.State).toBe('REQUESTED');
  await customer.send(new AcceptHandshakeCommand({ HandshakeId: Handshake?.Id }));
  const inbound = await partner.send(new ListInboundResponsibilityTransfersCommand({ Type: 'BILLING' }));
  const outbound = await customer.send(new ListOutboundResponsibilityTransfersCommand({ Type: 'BILLING' }));
  const [seenInbound] = inbound.ResponsibilityTransfers ?? [];
  const [seenOutbound] = outbound.ResponsibilityTransfers ?? [];
  expect(seenInbound?.Status).toBe('ACCEPTED');
  expect(seenInbound?.Arn).toMatch(/^arn:aws:organizations::111111111111:transfer\/o-[a-z0-9]+\/billing\/inbound\/rt-/);
  expect(seenOutbound?.Arn).toMatch(
    /^arn:aws:organizations::444444444444:transfer\/o-[a-z0-9]+\/billing\/outbound\/rt-/,
  );
  expect({ ...seenInbound, Arn: '' }).toEqual({ ...seenOutbound, Arn: '' });
  const Id = seenInbound?.Id;
  const EndTimestamp = new Date('2026-06-30T23:59:59.999Z');
  await partner.send(new TerminateResponsibilityTransferCommand({ Id, EndTimestamp }));
  const { ResponsibilityTransfer } = await customer.send(new DescribeResponsibilityTransferCommand({ Id }));
  expect(ResponsibilityTransfer).toMatchObject({ Status: 'WITHDRAWN', EndTimestamp });
});
