import type { Logger } from 'pino';
import type { Principal } from '../principal/index.ts';
import { isUnanswered, type MeteredUpstream, UpstreamError } from '../upstream/index.ts';
import type { OverduePoller, Watcher } from '../watcher/types.ts';

/** The readiness of a principal that AWS has answered is kept for this long, in ms. */
const ANSWERED_MS = 30_000;
/**
 * The same if AWS has not answered, in ms. Probes arrive every few seconds, and AWS allows one such call per second.
 */
const FAILED_MS = 5_000;
/** A check takes no longer than this, in ms. */
const CHECK_MS = 3_000;

/** Maximum number of overdue pollers in the report. */
const MAX_SHOWN = 20;

/** Whether the gateway is ready for operations, and why not; for operators, on the metrics' port and in the log. */
export interface ReadinessReport {
  readonly ready: boolean;
  readonly principals: readonly PrincipalReadiness[];
  readonly redis?: { readonly ready: boolean };
  /** Lists whose poller is overdue, so that their subscribers get no events; absent without any. */
  readonly overduePollers?: readonly OverduePoller[];
  /** Of `watch.store`: without it the gateway goes on, and keeps events in memory. */
  readonly store?: { readonly ready: boolean; readonly code?: string };
  /** Of `auth.jwksUri`: whether the last read succeeded. The gateway goes on with the keys that it knows. */
  readonly jwks?: { readonly ready: boolean };
}

/** Parts of the gateway that are reported, and leave it ready when they fail. */
interface ReportedParts {
  readonly store?: { readonly code: string | undefined } | undefined;
  readonly jwks?: { readonly ready: boolean } | undefined;
}

interface PrincipalReadiness {
  readonly name: string;
  readonly ready: boolean;
  /** The code of an `UpstreamError`; absent for a ready principal. */
  readonly code?: string;
}

interface CachedReadiness extends PrincipalReadiness {
  readonly until: number;
}

/**
 * Reports whether AWS, and Redis where it is configured, can be reached. Any answer of AWS to a principal's call shows
 * that, a rejection too; without one for a while, the check makes a call of its own (DescribeOrganization).
 *
 * The gateway is not ready when it cannot reach AWS for one of its principals, when all principals lack valid
 * credentials, or when pollers are overdue. One principal of several without credentials is only named: a customer that
 * removes a role must not make the gateway unavailable to others.
 */
export function createReadiness(
  principals: readonly Principal[],
  upstream: MeteredUpstream,
  pingRedis: (() => Promise<unknown>) | undefined,
  watcher: Pick<Watcher, 'overduePollers'>,
  { store, jwks }: ReportedParts = {},
): () => Promise<ReadinessReport> {
  const known = new Map<Principal, CachedReadiness>();
  const checking = new Map<Principal, Promise<void>>();

  const record = (principal: Principal, code: string | undefined) => {
    const failed = code !== undefined && (isUnanswered(code) || code === 'UPSTREAM_CREDENTIALS');
    const until = performance.now() + (failed ? FAILED_MS : ANSWERED_MS);
    known.set(principal, { name: principal.name, ready: !failed, until, ...(failed && { code }) });
  };
  upstream.onCall(({ principal, outcome }) => {
    // A single unanswered call proves little. The next check decides.
    if (!isUnanswered(outcome)) record(principal, outcome === 'ok' ? undefined : outcome);
  });

  const check = (principal: Principal): Promise<void> => {
    const session = upstream.session(principal, { deadlineMs: CHECK_MS, fresh: true });
    return session.read('DescribeOrganization', {}).then(
      () => record(principal, undefined),
      (error: unknown) => record(principal, error instanceof UpstreamError ? error.code : 'UPSTREAM_BAD_RESPONSE'),
    );
  };
  const readinessOf = async (principal: Principal): Promise<PrincipalReadiness> => {
    if ((known.get(principal)?.until ?? 0) <= performance.now()) {
      const running = checking.get(principal) ?? check(principal).finally(() => checking.delete(principal));
      checking.set(principal, running);
      await running;
    }
    const { name, ready, code } = known.get(principal) ?? { name: principal.name, ready: false };
    return { name, ready, ...(code !== undefined && { code }) };
  };

  return async () => {
    const [redis, ...found] = await Promise.all([
      pingRedis?.().then(
        () => ({ ready: true }),
        () => ({ ready: false }),
      ),
      ...principals.map(readinessOf),
    ]);
    const isReached = found.every(({ code }) => code === undefined || !isUnanswered(code));
    const hasCredentials = found.some(({ ready }) => ready);
    const { overduePollers } = watcher;
    const isPunctual = overduePollers.length === 0;
    return {
      ready: isReached && hasCredentials && redis?.ready !== false && isPunctual,
      principals: found,
      ...(redis && { redis }),
      ...(store && {
        store: { ready: store.code === undefined, ...(store.code !== undefined && { code: store.code }) },
      }),
      ...(jwks && { jwks: { ready: jwks.ready } }),
      ...(isPunctual ? undefined : { overduePollers: overduePollers.slice(0, MAX_SHOWN) }),
    };
  };
}

/** Logs each change of what is not ready, with the details that `/ready` itself does not show. */
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
    else log.warn({ ready: found.ready, ...details }, found.ready ? 'ready, with degraded parts' : 'not ready');
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
