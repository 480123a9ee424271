import { ConfigError } from '../config/config-error.ts';
import { ListenError } from '../transport/listen.ts';
import { StoreError } from '../watcher/store.ts';
import { UnhealthyError } from './unhealthy-error.ts';
import { UsageError } from './usage-error.ts';

/** Says on standard error what went wrong, and returns the exit code: 2 when it was asked wrongly, 1 when it could not be done. */
export function report(error: unknown): 1 | 2 {
  if (error instanceof UsageError || error instanceof ConfigError) {
    const [first, ...others] = error.mistakes;
    if (others.length === 0) console.error(`orgql: ${first}`);
    else console.error([`orgql: ${error.mistakes.length} mistakes:`, ...error.mistakes].join('\n  '));
    return 2;
  }
  const isPlain = error instanceof ListenError || error instanceof StoreError || error instanceof UnhealthyError;
  console.error(isPlain ? `orgql: ${error.message}` : error);
  return 1;
}
