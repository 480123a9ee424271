import { type Logger, pino } from 'pino';
import type { Config } from '../config/index.ts';

/**
 * The same place, but whatever the log's level: an audit that `log.level: error` turns off is none. It has a switch of its own, `log.audit`.
 */
export function createAuditLog(log: Logger): Logger {
  return log.child({ audit: true }, { level: 'info' });
}

/** JSON lines on standard error: standard output belongs to the ready line. */
export function createLog({ level }: Pick<Config['log'], 'level'>): Logger {
  return pino({ name: 'orgql', level }, pino.destination({ dest: 2, sync: true }));
}

/** In characters. */
const MAX_LOGGED = 100;
/** https://spec.graphql.org/October2021/#Name */
const NAME = /^[_A-Za-z][_0-9A-Za-z]*$/;

/** An operation's name as logs and traces have it: its first 100 characters. A client may send anything for it; what is no name in GraphQL is left out. */
export function loggedName(name: unknown): string | undefined {
  const shown = typeof name === 'string' ? name.slice(0, MAX_LOGGED) : '';
  return NAME.test(shown) ? shown : undefined;
}
