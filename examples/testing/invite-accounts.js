import { InviteAccountToOrganizationCommand } from '@aws-sdk/client-organizations';

/** Invites accounts, except those that are invited already or in an organization. Returns the ids of the invited. */
export async function inviteAccounts(client, accountIds) {
  const invited = [];
  for (const Id of accountIds) {
    try {
      await client.send(new InviteAccountToOrganizationCommand({ Target: { Type: 'ACCOUNT', Id } }));
      invited.push(Id);
    } catch (error) {
      const isInvited = error.name === 'DuplicateHandshakeException';
      const isMember = error.Reason === 'ALREADY_IN_AN_ORGANIZATION';
      if (!isInvited && !isMember) throw error;
    }
  }
  return invited;
}
