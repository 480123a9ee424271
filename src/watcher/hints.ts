import type { WatchedList } from './types.ts';

/** Somebody says that something was done. It is never believed: it makes pollers look, with their own credentials and within their budget. */
export interface Hint {
  /** AWS's name of what was done: an operation, or a service event of CloudTrail. */
  readonly eventName: string;
  /** The accounts that it concerns, as caller or as the one whose trail has it. */
  readonly accountIds: readonly string[];
  /** Ids of handshakes and transfers that it names. */
  readonly objectIds: readonly string[];
}

const handshakes = ['organizationHandshakes', 'accountHandshakes'] as const;
const transfers = ['inboundResponsibilityTransfers', 'outboundResponsibilityTransfers'] as const;
const everything = [...handshakes, ...transfers] as const;

/**
 * The lists in which each event may show. Events are named as in CloudTrail:
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_cloudtrail-integration.html
 */
const listsByEvent: Readonly<Record<string, readonly WatchedList[]>> = {
  InviteAccountToOrganization: handshakes,
  InviteOrganizationToTransferResponsibility: everything,
  AcceptHandshake: everything,
  CancelHandshake: everything,
  DeclineHandshake: everything,
  EnableAllFeatures: handshakes,
  CreateOrganization: everything,
  DeleteOrganization: everything,
  LeaveOrganization: handshakes,
  RemoveAccountFromOrganization: handshakes,
  UpdateResponsibilityTransfer: transfers,
  TerminateResponsibilityTransfer: transfers,
  CreateAccount: ['createAccountStatuses'],
  CreateGovCloudAccount: ['createAccountStatuses'],
  /** The service event at the end of a creation. */
  CreateAccountResult: ['createAccountStatuses'],
};

export const listsOfHint = ({ eventName }: Hint): readonly WatchedList[] =>
  Object.hasOwn(listsByEvent, eventName) ? (listsByEvent[eventName] ?? []) : [];
