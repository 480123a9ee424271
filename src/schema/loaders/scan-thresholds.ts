/**
 * The minimum number of keys for which each list scan may run. With fewer keys, an operation reads each key by itself.
 */
const minKeysByScan = {
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

/** The name of a list scan, which says what it loads. Scans of objects by id have the name of their type. */
export type ScanName = keyof typeof minKeysByScan;

export const isScanName = (name: string): name is ScanName => Object.hasOwn(minKeysByScan, name);

export const minKeysToScan = (name: string): number =>
  isScanName(name) ? minKeysByScan[name] : Number.POSITIVE_INFINITY;

/** The list that a scan reads; undefined if it reads several. */
export const listOfScan = (name: string): 'accounts' | 'delegatedAdministrators' | undefined => {
  if (name === 'delegated accounts') return 'delegatedAdministrators';
  return name === 'accounts of parents' || name === 'Account' ? 'accounts' : undefined;
};
