import { CLOSED_ACCOUNT_RETENTION_MS } from './durations.ts';
import type { Account } from './entities.ts';
import { leaveOrganization } from './membership.ts';
import type { World } from './world.ts';

/**
 * Closes an account: PENDING_CLOSURE, then CLOSED. After 90 days it leaves its organization; its id and e-mail address
 * remain in use.
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_account_state.html
 */
export function closeAccount(world: World, account: Account, time: number): void {
  setState(account, 'PENDING_CLOSURE', time);
  scheduleClosure(world, account);
}

/**
 * Schedules the remaining steps of a closure. SUSPENDED has none, as only AWS suspends accounts and lifts suspensions.
 */
export function scheduleClosure(world: World, account: Account): void {
  const { closureMs } = world.settings;
  if (account.state === 'PENDING_CLOSURE') {
    world.scheduler.add(account.stateSince + closureMs, (time) => {
      if (account.state !== 'PENDING_CLOSURE') return;
      setState(account, 'CLOSED', time);
      scheduleClosure(world, account);
    });
  } else if (account.state === 'CLOSED') {
    world.scheduler.add(account.stateSince - closureMs + CLOSED_ACCOUNT_RETENTION_MS, (time) => {
      const organization = world.organizationOf(account);
      if (account.state === 'CLOSED' && organization) leaveOrganization(world, account, organization, time);
    });
  }
}

function setState(account: Account, state: Account['state'], time: number): void {
  account.state = state;
  account.stateSince = time;
}
