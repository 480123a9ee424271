import { CLOSED_ACCOUNT_RETENTION_MS } from './durations.ts';
import type { Account } from './entities.ts';
import { leaveOrganization } from './membership.ts';
import type { World } from './world.ts';

/**
 * PENDING_CLOSURE, then CLOSED. 90 days after the closure was requested the account is permanently closed: it leaves its
 * organization, and only its id and its e-mail address stay taken.
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_account_state.html
 */
export function closeAccount(world: World, account: Account, at: number): void {
  enter(account, 'PENDING_CLOSURE', at);
  scheduleClosure(world, account);
}

/** What is still to come for an account that is being closed, or is closed. AWS alone suspends accounts, and lifts that. */
export function scheduleClosure(world: World, account: Account): void {
  const { closureMs } = world.settings;
  if (account.state === 'PENDING_CLOSURE') {
    world.agenda.add(account.stateSince + closureMs, (at) => {
      if (account.state !== 'PENDING_CLOSURE') return;
      enter(account, 'CLOSED', at);
      scheduleClosure(world, account);
    });
  } else if (account.state === 'CLOSED') {
    world.agenda.add(account.stateSince - closureMs + CLOSED_ACCOUNT_RETENTION_MS, (at) => {
      const organization = world.organizationOf(account);
      if (account.state === 'CLOSED' && organization) leaveOrganization(world, account, organization, at);
    });
  }
}

function enter(account: Account, state: Account['state'], at: number): void {
  account.state = state;
  account.stateSince = at;
}
