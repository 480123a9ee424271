import type { aws } from '../../upstream/index.ts';
import { loadAncestors } from '../ancestors.ts';
import type { GraphContext } from '../context.ts';
import { loadOwnOrganization } from '../loaders/objects-by-id.ts';
import type { ItemCompletion } from '../loaders/replies.ts';

/** Loads the paths of accounts from the parents above them, for emulators that return none. */
export const pathCompletion = (context: GraphContext): ItemCompletion<aws.Account> => ({
  isComplete: ({ Paths }) => Paths !== undefined && Paths.length > 0,
  complete: (account) => withPath(context, account),
});

/**
 * Returns the account without a path if it has left the organization meanwhile.
 * @throws UpstreamError (by rejecting) when the parents cannot be read.
 */
async function withPath(context: GraphContext, account: aws.Account): Promise<aws.Account> {
  const { Id = '' } = account;
  const [organization, ancestors] = await Promise.all([
    loadOwnOrganization(context),
    loadAncestors(context, Id, undefined),
  ]);
  if (organization === null || ancestors === null) return account;
  return { ...account, Paths: [`${[organization.Id, ...ancestors.map(({ id }) => id), Id].join('/')}/`] };
}
