import { CLOSED_ACCOUNT_RETENTION_MS } from './durations.ts';
import type { Account } from './entities.ts';
import type { World } from './world.ts';

/** PENDING_CLOSURE, then SUSPENDED, and after 90 days CLOSED for good. */
export function closeAccount(world: World, account: Account, at: number): void {
  enter(account, 'PENDING_CLOSURE', at);
  scheduleClosure(world, account);
}

export function scheduleClosure(world: World, account: Account): void {
  if (account.state === 'PENDING_CLOSURE') {
    world.agenda.add(account.stateSince + world.settings.closureMs, (at) => {
      if (account.state !== 'PENDING_CLOSURE') return;
      enter(account, 'SUSPENDED', at);
      scheduleClosure(world, account);
    });
  } else if (account.state === 'SUSPENDED') {
    world.agenda.add(account.stateSince + CLOSED_ACCOUNT_RETENTION_MS, (at) => {
      if (account.state === 'SUSPENDED') enter(account, 'CLOSED', at);
    });
  }
}

function enter(account: Account, state: Account['state'], at: number): void {
  account.state = state;
  account.stateSince = at;
}
