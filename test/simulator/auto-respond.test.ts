import { expect, test } from 'vitest';
import { createClock } from '../../src/simulator/index.ts';
import { attempt } from './raw-call.ts';
import { simulate } from './support.ts';

const PAYER = '111111111111';
const autoRespond = { delayMs: { min: 1_000, max: 2_000 }, acceptance: 1, except: ['222222222222'] };

test('auto-respond responds to invitations after a delay, except those to excluded accounts', async () => {
  const clock = createClock({ start: Date.UTC(2026, 3, 10), rate: 0 });
  const { simulator } = await simulate({ seed: 'demo', clock, autoRespond });
  const invite = async (target: object) => {
    const { output } = await attempt(simulator.url, PAYER, 'InviteAccountToOrganization', { Target: target });
    return (output['Handshake'] as { readonly Id: string }).Id;
  };
  const known = await invite({ Type: 'ACCOUNT', Id: '333333333333' });
  const unknown = await invite({ Type: 'EMAIL', Id: 'someone@new.example.com' });
  const own = await invite({ Type: 'ACCOUNT', Id: '222222222222' });
  const transfer = await attempt(simulator.url, PAYER, 'InviteOrganizationToTransferResponsibility', {
    Type: 'BILLING',
    Target: { Type: 'ACCOUNT', Id: '555555555555' },
    StartTimestamp: Date.UTC(2026, 4, 1) / 1000,
    SourceName: 'Harebell',
  });
  const bill = (transfer.output['Handshake'] as { readonly Id: string }).Id;
  const state = async (HandshakeId: string) => {
    const { output } = await attempt(simulator.url, PAYER, 'DescribeHandshake', { HandshakeId });
    return (output['Handshake'] as { readonly State: string }).State;
  };
  expect(await state(known)).toBe('OPEN');
  clock.advance(2_000);
  expect(await Promise.all([known, unknown, own, bill].map(state))).toEqual([
    'ACCEPTED',
    'ACCEPTED',
    'OPEN',
    'ACCEPTED',
  ]);
});
