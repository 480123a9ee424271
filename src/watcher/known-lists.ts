import type { aws } from '../upstream/index.ts';
import type { KeptListName } from './kept-types.ts';
import type { KnownLists } from './sweep-types.ts';
import type { WatchedList } from './types.ts';

/** The lists of the copy that pollers read. */
export const watchedLists = [
  'organizationHandshakes',
  'accountHandshakes',
  'inboundResponsibilityTransfers',
  'outboundResponsibilityTransfers',
  'createAccountStatuses',
] as const satisfies readonly WatchedList[];

export const organizationOf = (lists: KnownLists): aws.Organization | undefined => {
  for (const { object } of lists.objects('organization').values()) return object;
  return undefined;
};

/** Whether the principal is known to be in no organization. */
export const hasNoOrganization = (lists: KnownLists): boolean =>
  lists.isComplete('organization') && organizationOf(lists) === undefined;

/** Whether an object is in no list any more, as far as that list is known. */
export const isGone = (lists: KnownLists, list: KeptListName, id: string): boolean =>
  lists.isComplete(list) && !lists.objects(list).has(id);

const policyTypes: Readonly<Record<aws.PolicyType, true>> = {
  AISERVICES_OPT_OUT_POLICY: true,
  BACKUP_POLICY: true,
  BEDROCK_POLICY: true,
  CHATBOT_POLICY: true,
  DECLARATIVE_POLICY_EC2: true,
  GUARDDUTY_POLICY: true,
  INSPECTOR_POLICY: true,
  NETWORK_SECURITY_DIRECTOR_POLICY: true,
  RESOURCE_CONTROL_POLICY: true,
  S3_POLICY: true,
  SECURITYHUB_CSPM_POLICY: true,
  SECURITYHUB_POLICY: true,
  SERVICE_CONTROL_POLICY: true,
  TAG_POLICY: true,
  UPGRADE_ROLLOUT_POLICY: true,
};

/** Whether AWS has such a policy type, as far as this release knows. */
export const isPolicyType = (type: string): type is aws.PolicyType => Object.hasOwn(policyTypes, type);

/** The policy types that are enabled in the root. The copy has no policies of others. */
export const enabledPolicyTypes = (lists: KnownLists): readonly aws.PolicyType[] => {
  const types = [...lists.objects('roots').values()].flatMap(({ object }) => object.PolicyTypes ?? []);
  return [...new Set(types.flatMap(({ Type, Status }) => (Status === 'ENABLED' && Type !== undefined ? Type : [])))];
};

/** The list of the copy that has the resource of a tag; undefined for a transfer, whose tags are not kept. */
export const listOfResource = (id: string): KeptListName | undefined => {
  if (/^\d{12}$/.test(id)) return 'accounts';
  const prefix = id.slice(0, id.indexOf('-') + 1);
  return listsByPrefix.get(prefix);
};
const listsByPrefix: ReadonlyMap<string, KeptListName> = new Map([
  ['ou-', 'organizationalUnits'],
  ['p-', 'policies'],
  ['r-', 'roots'],
  ['rp-', 'resourcePolicy'],
]);
