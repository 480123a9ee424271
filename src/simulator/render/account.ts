import type { Call } from '../call.ts';
import type * as structures from '../model/structures.ts';
import type { Account } from '../world/entities.ts';
import type { Organization } from '../world/organization.ts';
import { accountPath } from '../world/tree.ts';
import { accountArn } from './arns.ts';
import { toOptionalSeconds } from './seconds.ts';

function renderMember(call: Call, organization: Organization, account: Account) {
  return {
    Id: account.id,
    Arn: accountArn(call, organization, account.id),
    Email: account.email,
    Name: account.name,
    Status: statusOf(account),
    State: account.state,
    JoinedMethod: account.membership?.joinedMethod,
    JoinedTimestamp: toOptionalSeconds(account.membership?.joinedAt),
  };
}

export function renderAccount(call: Call, organization: Organization, account: Account): structures.Account {
  return { ...renderMember(call, organization, account), Paths: [accountPath(organization, account)] };
}

export function renderDelegatedAdministrator(
  call: Call,
  organization: Organization,
  account: Account,
  enabledAt: number,
): structures.DelegatedAdministrator {
  return { ...renderMember(call, organization, account), DelegationEnabledDate: enabledAt / 1000 };
}

/** Status is the older member and has fewer values than State. */
function statusOf({ state }: Account): structures.Account['Status'] {
  if (state === 'CLOSED') return 'SUSPENDED';
  return state === 'PENDING_ACTIVATION' ? 'ACTIVE' : state;
}
