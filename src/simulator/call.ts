import type { OperationName } from './model/operations.ts';
import type { Pager } from './paging/pager.ts';
import { throwException } from './service-error.ts';
import type { Account } from './world/entities.ts';
import type { Organization } from './world/organization.ts';
import type { World } from './world/world.ts';

export type Partition =
  | 'aws'
  | 'aws-cn'
  | 'aws-us-gov'
  | 'aws-iso'
  | 'aws-iso-b'
  | 'aws-iso-e'
  | 'aws-iso-f'
  | 'aws-eusc';

/** An authenticated and validated request. */
export interface Call {
  readonly operation: OperationName;
  readonly world: World;
  /** Time of receipt, in ms since the epoch. */
  readonly now: number;
  readonly account: Account;
  /** Partition of the Region in the request's signature. */
  readonly partition: Partition;
  readonly pager: Pager;
}

/** @throws {ServiceError} AWSOrganizationsNotInUseException if the caller is in no organization */
export function getCallerOrganization(call: Call): Organization {
  return (
    call.world.organizationOf(call.account) ??
    throwException(
      'AWSOrganizationsNotInUseException',
      `Your account ${call.account.id} is not a member of an organization. Create one with CreateOrganization, or accept an invitation.`,
    )
  );
}

export function isManagementAccount(account: Account, organization: Organization | undefined): boolean {
  return organization?.managementAccountId === account.id;
}
