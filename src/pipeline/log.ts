import { type Logger, pino } from 'pino';
import type { Config } from '../config/index.ts';

/**
 * The audit log: the same destination, independent of `log.level`, so that only `log.audit` turns it off.
 */
export function createAuditLog(log: Logger): Logger {
  return log.child({ audit: true }, { level: 'info' });
}

/** Writes JSON lines to standard error, as standard output is for the ready line. */
export function createLog({ level }: Pick<Config['log'], 'level'>): Logger {
  return pino({ name: 'orgql', level }, pino.destination({ dest: 2, sync: true }));
}

/** In characters. */
const MAX_LOGGED = 100;
/** https://spec.graphql.org/October2021/#Name */
const NAME = /^[_A-Za-z][_0-9A-Za-z]*$/;

/** An operation's name for logs and traces, cut after 100 characters; undefined if it is not a GraphQL name. */
export function loggedName(name: unknown): string | undefined {
  const shown = typeof name === 'string' ? name.slice(0, MAX_LOGGED) : '';
  return NAME.test(shown) ? shown : undefined;
}
