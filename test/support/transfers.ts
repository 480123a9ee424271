import type { Demo } from './gateway.ts';

const INVITE = `mutation Invite($id: ID!, $type: HandshakePartyType!, $name: String!, $start: DateTime!, $notes: String) {
  inviteOrganizationToTransferResponsibility(
    input: { type: BILLING, target: { id: $id, type: $type }, sourceName: $name, startTimestamp: $start, notes: $notes }
  ) {
    ... on InviteOrganizationToTransferResponsibilityPayload { handshake { id responsibilityTransfer { id } } }
    ... on Error { code message }
  }
}`;

interface InviteOptions {
  readonly name: string;
  /** Default: the demo's customer. */
  readonly id?: string;
  readonly notes?: string;
}

/** `partner` invites an organization to let it pay its bill, from the last start that AWS accepts on. */
export async function inviteToTransfer(demo: Demo, { name, id = '444444444444', notes }: InviteOptions) {
  const dates = await demo.query('{ organization { responsibilityTransferDates { starts } } }');
  const variables = {
    ...{ id, type: id.includes('@') ? 'EMAIL' : 'ACCOUNT', name, notes },
    start: dates.data.organization.responsibilityTransferDates.starts.at(-1),
  };
  const { data } = await demo.query(INVITE, variables);
  const { handshake, code, message } = data.inviteOrganizationToTransferResponsibility;
  if (handshake === undefined) throw new Error(`${code}: ${message}`);
  return { handshakeId: handshake.id as string, transferId: handshake.responsibilityTransfer.id as string };
}

/** `customer` accepts an invitation. */
export async function acceptAsCustomer(demo: Demo, handshakeId: string): Promise<void> {
  const { data } = await demo.query(
    `mutation Accept($id: ID!) { acceptHandshake(input: { handshakeId: $id }) {
      ... on AcceptHandshakePayload { handshake { id } }
      ... on Error { code message }
    } }`,
    { id: handshakeId },
    { principal: 'customer' },
  );
  const { handshake, code, message } = data.acceptHandshake;
  if (handshake === undefined) throw new Error(`${code}: ${message}`);
}
