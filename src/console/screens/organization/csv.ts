import { type AccountNode, unitPath } from '../../data/organization/tree.ts';
import type { Organization } from '../../data/organization/use-organization-tree.ts';

const HEADER = [
  'name',
  'accountId',
  'email',
  'state',
  'unit',
  'unitId',
  'joinedMethod',
  'joinedTimestamp',
  'tags',
  'policies',
];

/** Accounts with the unit that each is in, its tags, and the policies that reach it. */
export function csvOf(accounts: readonly AccountNode[], { attachments }: Pick<Organization, 'attachments'>) {
  return [
    HEADER,
    ...accounts.map((account) => {
      const { row, parent } = account;
      const tags = account.tags?.map(({ key, value }) => `${key}=${value}`).join('; ');
      const policies = [...attachments.policies.values()]
        .filter(({ id, awsManaged }) => !awsManaged && attachments.reaches(id, account))
        .map(({ id, name }) => name ?? id)
        .join('; ');
      return [
        ...[row.name, row.id, row.email, row.stateRaw, unitPath(account) || parent.name, parent.id],
        ...[row.joinedMethod, row.joinedTimestamp, tags, policies],
      ];
    }),
  ];
}
