/** Fewer demands of a kind than this in one operation are read one by one, without a thought. */
export const minimums = {
  'accounts of parents': 4,
  'policies of targets': 4,
  'delegated accounts': 3,
  // DescribeAccount is allowed 20 calls a second, and 30 at once.
  Account: 20,
  OrganizationalUnit: 2,
  Handshake: 3,
  ResponsibilityTransfer: 3,
  CreateAccountStatus: 4,
} as const;

export type PlanKind = keyof typeof minimums;

export const isPlanKind = (kind: string): kind is PlanKind => Object.hasOwn(minimums, kind);

export const minimumOf = (kind: string): number => (isPlanKind(kind) ? minimums[kind] : Number.POSITIVE_INFINITY);

/** The one list from which a kind of demand is swept, if it is one. */
export const sweptList = (kind: string): 'accounts' | 'delegatedAdministrators' | undefined => {
  if (kind === 'delegated accounts') return 'delegatedAdministrators';
  return kind === 'accounts of parents' || kind === 'Account' ? 'accounts' : undefined;
};
