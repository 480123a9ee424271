import { createLog } from '../pipeline/log.ts';

/**
 * Logs an uncaught error as JSON, whatever the log's level, and ends the process with exit code 1, because its state
 * may be inconsistent.
 */
export function endOnFault(): void {
  const end = (err: unknown, origin: string): never => {
    createLog({ level: 'fatal' }).fatal({ err, origin }, 'uncaught error; the process exits');
    process.exit(1);
  };
  // Node reports unhandled rejections here as well; `origin` distinguishes them.
  process.on('uncaughtException', end);
}
