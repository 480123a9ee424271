import { CLOSED_ACCOUNT_RETENTION_MS } from './durations.ts';
import type { Account } from './entities.ts';
import { leaveOrganization } from './membership.ts';
import type { World } from './world.ts';

/**
 * Closes an account: PENDING_CLOSURE, then CLOSED. After 90 days it leaves its organization; its id and e-mail address
 * remain in use.
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_account_state.html
 */
export function closeAccount(world: World, account: Account, at: number): void {
  enter(account, 'PENDING_CLOSURE', at);
  scheduleClosure(world, account);
}

/**
 * Schedules the remaining steps of a closure. SUSPENDED has none, as only AWS suspends accounts and lifts suspensions.
 */
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
