import { type Logger, pino } from 'pino';
import type { Config } from '../config.ts';

/** JSON lines on standard error: standard output belongs to the ready line. */
export function createLog({ level }: Config['log']): Logger {
  return pino({ name: 'orgql', level }, pino.destination({ dest: 2, sync: true }));
}
