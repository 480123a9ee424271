import type { UpstreamWorld } from './upstream.ts';

/** `partner` invites `<name>@example.com`. Resolves with the handshake's id. */
export async function inviteByEmail(aws: UpstreamWorld, name: string): Promise<string> {
  const input = { Target: { Type: 'EMAIL', Id: `${name}@example.com` } } as const;
  return (await aws.session().write('InviteAccountToOrganization', input)).Handshake?.Id ?? '';
}
