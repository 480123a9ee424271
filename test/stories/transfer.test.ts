import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { conditions } from '../support/conditions.ts';
import { type Demo, startDemo } from '../support/gateway.ts';

// A billing transfer between two organizations from end to end, over real sockets.

const partner = { principal: 'partner' };
const customer = { principal: 'customer' };

/** The start of the month that is `months` after that of `now`, in UTC. */
const monthStart = (now: Date, months: number) =>
  new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months, 1));

const INVITE = /* GraphQL */ `
  mutation Invite($input: InviteOrganizationToTransferResponsibilityInput!) {
    inviteOrganizationToTransferResponsibility(input: $input) {
      __typename
      ... on InviteOrganizationToTransferResponsibilityPayload {
        handshake {
          id
          state
          action
          expirationTimestamp
          sender { id type }
          recipient { id type }
          organization { id masterAccountId }
          responsibilityTransfer { id name status direction startTimestamp source { managementAccountId } target { managementAccountId } activeHandshake { id } }
        }
      }
      ... on Error { code message }
    }
  }
`;

const CHANGES = /* GraphQL */ `
  subscription Watch($id: ID!) {
    handshakeChanges(id: $id) { cursor type previousState handshake { id state responsibilityTransfer { status } } observedAt }
  }
`;

const ACCEPT = /* GraphQL */ `
  mutation Accept($id: ID!) {
    acceptHandshake(input: { handshakeId: $id }) {
      __typename
      ... on AcceptHandshakePayload { handshake { id state responsibilityTransfer { id status direction } } }
      ... on Error { code message }
    }
  }
`;

const TRANSFERS = /* GraphQL */ `
  query Transfers {
    organization {
      inboundResponsibilityTransfers(first: 1000) { nodes { ...Transfer } }
      outboundResponsibilityTransfers(first: 1000) { nodes { ...Transfer } }
    }
  }
  fragment Transfer on ResponsibilityTransfer { id status direction startTimestamp endTimestamp source { managementAccountId } target { managementAccountId } }
`;

const TERMINATE = /* GraphQL */ `
  mutation Terminate($input: TerminateResponsibilityTransferInput!) {
    terminateResponsibilityTransfer(input: $input) {
      __typename
      ... on TerminateResponsibilityTransferPayload { responsibilityTransfer { id status endTimestamp } }
      ... on Error { code message }
    }
  }
`;

describe.each(conditions)('%s', (_name, options, timeout) => {
  let demo: Demo;
  beforeAll(async () => {
    demo = await startDemo(options);
  });
  afterAll(() => demo.close());

  it(
    'is offered, watched, accepted, seen alike on both sides, ended, and withdrawn on both sides',
    async () => {
      const now = new Date(demo.simulator.clock.now());
      const startTimestamp = monthStart(now, 2).toISOString();

      const invited = await demo.query(
        INVITE,
        {
          input: {
            type: 'BILLING',
            target: { type: 'ACCOUNT', id: '444444444444' },
            startTimestamp,
            sourceName: 'Customer Inc.',
            notes: 'Let us pay your bills.',
          },
        },
        partner,
      );
      expect(invited.errors).toBeUndefined();
      const { handshake } = invited.data.inviteOrganizationToTransferResponsibility;
      expect(handshake).toMatchObject({
        state: 'REQUESTED',
        action: 'TRANSFER_RESPONSIBILITY',
        // In AWS, the invitation expires 24 hours before the transfer's start.
        expirationTimestamp: new Date(Date.parse(startTimestamp) - 86_400_000).toISOString(),
        sender: { id: 'o-exampleorgid', type: 'ORGANIZATION' },
        recipient: { id: '444444444444', type: 'ACCOUNT' },
        organization: { id: 'o-exampleorgid', masterAccountId: '111111111111' },
        responsibilityTransfer: {
          name: 'Customer Inc.',
          status: 'REQUESTED',
          direction: 'INBOUND',
          startTimestamp,
          source: { managementAccountId: '444444444444' },
          target: { managementAccountId: '111111111111' },
          activeHandshake: { id: handshake.id },
        },
      });
      const transferId: string = handshake.responsibilityTransfer.id;

      const watching = demo.subscribe(CHANGES, { id: handshake.id }, partner);
      const event = async () => (await watching.event()).data.handshakeChanges;
      expect(await event()).toMatchObject({ type: 'SNAPSHOT', previousState: null, handshake: { state: 'REQUESTED' } });
      expect(await event()).toMatchObject({ type: 'BOOKMARK', handshake: null });

      const accepted = await demo.query(ACCEPT, { id: handshake.id }, customer);
      expect(accepted.data.acceptHandshake).toMatchObject({
        __typename: 'AcceptHandshakePayload',
        handshake: {
          state: 'ACCEPTED',
          responsibilityTransfer: { id: transferId, status: 'ACCEPTED', direction: 'OUTBOUND' },
        },
      });

      expect(await event()).toMatchObject({
        type: 'CHANGED',
        previousState: 'REQUESTED',
        handshake: { id: handshake.id, state: 'ACCEPTED', responsibilityTransfer: { status: 'ACCEPTED' } },
      });
      expect(await watching.next()).toMatchObject({ done: true });

      const both = {
        id: transferId,
        startTimestamp,
        source: { managementAccountId: '444444444444' },
        target: { managementAccountId: '111111111111' },
      };
      const lists = async (as: { principal: string }) =>
        (await demo.query(TRANSFERS, {}, { ...as, headers: { 'cache-control': 'no-cache' } })).data.organization;
      const find = (list: { nodes: { id: string }[] }) => list.nodes.find(({ id }) => id === transferId);

      const running = { ...both, status: 'ACCEPTED', endTimestamp: null };
      expect(find((await lists(partner)).inboundResponsibilityTransfers)).toEqual({ ...running, direction: 'INBOUND' });
      expect(find((await lists(partner)).outboundResponsibilityTransfers)).toBeUndefined();
      expect(find((await lists(customer)).outboundResponsibilityTransfers)).toEqual({
        ...running,
        direction: 'OUTBOUND',
      });
      expect(find((await lists(customer)).inboundResponsibilityTransfers)).toBeUndefined();

      // The transfer has started three months later, and ends at the end of that month.
      demo.simulator.clock.set(new Date(monthStart(now, 3).getTime() + 10 * 86_400_000));
      const endTimestamp = new Date(monthStart(now, 4).getTime() - 1000).toISOString();
      const terminated = await demo.query(TERMINATE, { input: { id: transferId, endTimestamp } }, partner);
      expect(terminated.data.terminateResponsibilityTransfer).toMatchObject({
        __typename: 'TerminateResponsibilityTransferPayload',
        responsibilityTransfer: { id: transferId, status: 'WITHDRAWN', endTimestamp },
      });

      const ended = { ...both, status: 'WITHDRAWN', endTimestamp };
      expect(find((await lists(partner)).inboundResponsibilityTransfers)).toEqual({ ...ended, direction: 'INBOUND' });
      expect(find((await lists(customer)).outboundResponsibilityTransfers)).toEqual({
        ...ended,
        direction: 'OUTBOUND',
      });

      const again = await demo.query(TERMINATE, { input: { id: transferId, endTimestamp } }, partner);
      expect(again.data.terminateResponsibilityTransfer).toMatchObject({
        code: 'ResponsibilityTransferAlreadyInStatusException',
      });
    },
    timeout,
  );
});
