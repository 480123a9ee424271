import type { Logger } from 'pino';
import type { ReadinessReport } from './readiness.ts';

/** Logs each change of what a report says is not ready, with the details that `/ready` itself does not give. */
export function logReadiness(
  report: () => Promise<ReadinessReport>,
  log: Pick<Logger, 'info' | 'warn'>,
): () => Promise<ReadinessReport> {
  let logged = '{}';
  return async () => {
    const found = await report();
    const details = notReadyOf(found);
    const text = JSON.stringify(details);
    if (text === logged) return found;
    logged = text;
    if (found.ready && text === '{}') log.info('ready again');
    else log.warn({ ready: found.ready, ...details }, found.ready ? 'ready, but not all of it' : 'not ready');
    return found;
  };
}

function notReadyOf({ principals, redis, store, jwks }: ReadinessReport) {
  const missing = principals.filter(({ ready }) => !ready).map(({ name, code }) => ({ name, code }));
  return {
    ...(missing.length > 0 && { principals: missing }),
    ...(redis?.ready === false && { redis }),
    ...(store?.ready === false && { store }),
    ...(jwks?.ready === false && { jwks }),
  };
}
