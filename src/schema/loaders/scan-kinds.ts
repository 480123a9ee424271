/** An operation with fewer keys of a kind than this reads each of them by itself. */
const minKeys = {
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

/** A kind of keys that a list scan can answer. */
export type ScanKind = keyof typeof minKeys;

export const isScanKind = (kind: string): kind is ScanKind => Object.hasOwn(minKeys, kind);

export const minKeysOf = (kind: string): number => (isScanKind(kind) ? minKeys[kind] : Number.POSITIVE_INFINITY);

/** The one list that is scanned for a kind of keys; undefined if there are several. */
export const scannedList = (kind: string): 'accounts' | 'delegatedAdministrators' | undefined => {
  if (kind === 'delegated accounts') return 'delegatedAdministrators';
  return kind === 'accounts of parents' || kind === 'Account' ? 'accounts' : undefined;
};
