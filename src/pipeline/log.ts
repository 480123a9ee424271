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
