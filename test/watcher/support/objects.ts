import type { Handshake, ResponsibilityTransfer } from '../../../src/upstream/index.ts';

export const handshake = (Id: string, State: Handshake['State'], more: Partial<Handshake> = {}): Handshake => ({
  Id,
  Arn: `arn:aws:organizations::111111111111:handshake/o-exampleorgid/invite/${Id}`,
  Action: 'INVITE',
  State,
  RequestedTimestamp: new Date(Date.UTC(2025, 11, 20)),
  ExpirationTimestamp: new Date(Date.UTC(2026, 0, 15)),
  Parties: [
    { Id: 'o-exampleorgid', Type: 'ORGANIZATION' },
    { Id: '222222222222', Type: 'ACCOUNT' },
  ],
  Resources: [{ Type: 'ACCOUNT', Value: '222222222222' }],
  ...more,
});

export const transfer = (
  Id: string,
  Status: ResponsibilityTransfer['Status'],
  more: Partial<ResponsibilityTransfer> = {},
): ResponsibilityTransfer => ({
  Id,
  Arn: `arn:aws:organizations::111111111111:transfer/o-exampleorgid/billing/inbound/${Id}`,
  Name: 'bill of the customer',
  Type: 'BILLING',
  Status,
  Source: { ManagementAccountId: '444444444444' },
  Target: { ManagementAccountId: '111111111111' },
  StartTimestamp: new Date(Date.UTC(2026, 2, 1)),
  ...more,
});
