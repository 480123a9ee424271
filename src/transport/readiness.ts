import type { Logger } from 'pino';
import type { Principal } from '../principal/index.ts';
import { type MeteredUpstream, UpstreamError } from '../upstream/index.ts';
import type { OverduePoller, Watcher } from '../watcher/types.ts';

/** A principal that AWS has answered is not asked about again for this long, in ms … */
const ANSWERED_MS = 30_000;
/** … and one that could not be reached for this long, in ms: a probe is repeated every few seconds, and AWS allows one such call a second. */
const FAILED_MS = 5_000;
/** A check takes no longer than this, in ms. */
const CHECK_MS = 3_000;

/** No more overdue pollers are listed. */
const MAX_SHOWN = 20;

/** Codes of calls that no answer of AWS came back from. */
const UNREACHED: ReadonlySet<string> = new Set([
  'UPSTREAM_UNAVAILABLE',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_BAD_RESPONSE',
  'ABORTED',
]);

/** Whether operations should be sent here, and why not. Names and codes only; for those who operate the gateway, on the metrics' port and in the log. */
export interface ReadinessReport {
  readonly ready: boolean;
  readonly principals: readonly PrincipalReadiness[];
  readonly redis?: { readonly ready: boolean };
  /** Lists whose poller is overdue, so that their subscribers get no events; absent where none is. */
  readonly overduePollers?: readonly OverduePoller[];
  /** Of `watch.store`: without it the gateway goes on, and keeps events in memory. */
  readonly store?: { readonly ready: boolean; readonly code?: string };
  /** Of `auth.jwksUri`: whether the last read succeeded. The gateway goes on with the keys that it knows. */
  readonly jwks?: { readonly ready: boolean };
}

/** Parts of the gateway whose state is reported, and does not take the gateway away. */
interface ReportedParts {
  readonly store?: { readonly code: string | undefined } | undefined;
  readonly jwks?: { readonly ready: boolean } | undefined;
}

interface PrincipalReadiness {
  readonly name: string;
  readonly ready: boolean;
  /** Why not: the code of an `UpstreamError`. */
  readonly code?: string;
}

interface Known extends PrincipalReadiness {
  readonly until: number;
}

/**
 * Whether AWS, and Redis where it is configured, can be reached. Any answer of AWS to any call of a principal shows that, a refusal too;
 * only a principal that has not heard from AWS for a while makes a call of its own (DescribeOrganization).
 *
 * Not ready is a gateway that cannot reach AWS for one of its principals, or whose principals all lack valid credentials. One of several
 * without them is named, and does not take the others' gateway away: a customer who removes a role must not.
 * Neither is one whose pollers are overdue.
 */
export function createReadiness(
  principals: readonly Principal[],
  upstream: MeteredUpstream,
  pingRedis: (() => Promise<unknown>) | undefined,
  watcher: Pick<Watcher, 'overduePollers'>,
  { store, jwks }: ReportedParts = {},
): () => Promise<ReadinessReport> {
  const known = new Map<Principal, Known>();
  const checking = new Map<Principal, Promise<void>>();

  const learn = (principal: Principal, code: string | undefined) => {
    const failed = code !== undefined && (UNREACHED.has(code) || code === 'UPSTREAM_CREDENTIALS');
    const until = performance.now() + (failed ? FAILED_MS : ANSWERED_MS);
    known.set(principal, { name: principal.name, ready: !failed, until, ...(failed && { code }) });
  };
  upstream.onCall(({ principal, outcome }) => {
    // One call that went wrong says little; that is for the check to find out.
    if (!UNREACHED.has(outcome)) learn(principal, outcome === 'ok' ? undefined : outcome);
  });

  const check = (principal: Principal): Promise<void> => {
    const session = upstream.session(principal, { deadlineMs: CHECK_MS, fresh: true });
    return session.read('DescribeOrganization', {}).then(
      () => learn(principal, undefined),
      (error: unknown) => learn(principal, error instanceof UpstreamError ? error.code : 'UPSTREAM_BAD_RESPONSE'),
    );
  };
  const look = async (principal: Principal): Promise<PrincipalReadiness> => {
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
      ...principals.map(look),
    ]);
    const reached = found.every(({ code }) => code === undefined || !UNREACHED.has(code));
    const usable = found.some(({ ready }) => ready);
    const { overduePollers } = watcher;
    const punctual = overduePollers.length === 0;
    return {
      ready: reached && usable && redis?.ready !== false && punctual,
      principals: found,
      ...(redis && { redis }),
      ...(store && {
        store: { ready: store.code === undefined, ...(store.code !== undefined && { code: store.code }) },
      }),
      ...(jwks && { jwks: { ready: jwks.ready } }),
      ...(punctual ? undefined : { overduePollers: overduePollers.slice(0, MAX_SHOWN) }),
    };
  };
}

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
