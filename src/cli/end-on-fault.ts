import { createLog } from '../pipeline/log.ts';

/**
 * What nobody caught is logged, whatever the log's level, and ends the process with exit code 1: what is left of it may hold half-made state.
 * (Node would end it as well, but with a text that no log reader understands.)
 */
export function endOnFault(): void {
  const end = (err: unknown, origin: string): never => {
    createLog({ level: 'fatal' }).fatal({ err, origin }, 'nobody caught this; the process ends');
    process.exit(1);
  };
  // An unhandled rejection comes here too, as Node does by default; `origin` says which it was.
  process.on('uncaughtException', end);
}
