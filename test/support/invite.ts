import type { Demo } from './gateway.ts';
import type { UpstreamWorld } from './upstream.ts';

/** `partner` invites `<name>@example.com`. Resolves with the handshake's id. */
export async function inviteByEmail(aws: UpstreamWorld, name: string): Promise<string> {
  const input = { Target: { Type: 'EMAIL', Id: `${name}@example.com` } } as const;
  return (await aws.session().write('InviteAccountToOrganization', input)).Handshake?.Id ?? '';
}

/** `partner` invites an account through the gateway. Resolves with the handshake's id. */
export async function inviteAccount(demo: Demo, accountId: string): Promise<string> {
  const document = `mutation ($id: ID!) {
    inviteAccountToOrganization(input: { target: { type: ACCOUNT, id: $id } }) {
      ... on InviteAccountToOrganizationPayload { handshake { id } }
    }
  }`;
  const { data } = await demo.query(document, { id: accountId });
  return data.inviteAccountToOrganization.handshake.id;
}
