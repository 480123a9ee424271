import { createHash, randomBytes } from 'node:crypto';
import { type ExecutionResult, GraphQLError } from 'graphql';
import type { Config } from '../../config/index.ts';
import { rcpServices } from '../../control-policies/rcp-services.ts';
import { TextResult } from '../../executor/index.ts';
import { InventorySession } from '../../inventory/session.ts';
import type { Freshness, OrganizationCopy } from '../../inventory/types.ts';
import type { Notifications } from '../../notifications/index.ts';
import type { Caller, Principal } from '../../principal/index.ts';
import type { GatewayMonitor } from '../../schema/gateway-monitor.ts';
import { quoted } from '../../schema/quoted.ts';
import {
  type SessionOptions,
  systemClock,
  type Upstream,
  type UpstreamCost,
  type UpstreamSession,
  type WallMs,
} from '../../upstream/index.ts';
import type { Watcher } from '../../watcher/types.ts';
import { readFreshness } from '../freshness.ts';
import { isStream, memberOf, type Operation, PRINCIPAL_HEADER } from '../operation.ts';
import type { Step } from './step.ts';

/**
 * Selects the principal of an operation: the one named in the operation's `extensions.principal`, else in the
 * header (the narrower scope wins: operation, then request or connection), else the caller's first.
 * An unknown name is an error instead of a default, so that no operation returns the wrong account's data.
 */
export function choosePrincipal(principals: readonly Principal[]): Step {
  const byName = new Map(principals.map((principal) => [principal.name, principal]));
  const allowed = new WeakMap<Caller, readonly Principal[]>();
  const allowedTo = (caller: Caller): readonly Principal[] => {
    if (caller.principals === undefined) return principals;
    let known = allowed.get(caller);
    if (known === undefined) {
      known = caller.principals.flatMap((name) => byName.get(name) ?? []);
      allowed.set(caller, known);
    }
    return known;
  };
  return {
    onRequest(operation) {
      const { request, params, caller } = operation;
      const name = memberOf(params.extensions, 'principal') ?? request.header(PRINCIPAL_HEADER);
      const choice = allowedTo(caller);
      const principal = name === undefined ? choice[0] : choice.find((each) => each.name === name);
      // A principal that the caller may not use has the same error, so that callers cannot discover names.
      if (!principal)
        throw unknownPrincipal(
          name,
          choice.map((each) => each.name),
        );
      operation.principal = principal;
      operation.principals = choice;
    },
  };
}

function unknownPrincipal(name: unknown, known: readonly string[]) {
  return new GraphQLError(
    `There is no principal ${quoted(name)}. Name one of ${known.map((each) => JSON.stringify(each)).join(', ')} in ${PRINCIPAL_HEADER}, connectionParams.principal or extensions.principal, or omit it for the first.`,
    { extensions: { code: 'UNKNOWN_PRINCIPAL', principals: known, http: { status: 400 } } },
  );
}

/** Returns the copy of a principal's organization; undefined if there is none. */
export type CopyOf = (principal: Principal) => OrganizationCopy | undefined;

/** What operations read of the gateway itself. */
interface GatewayState {
  readonly copyOf: CopyOf;
  readonly monitor: GatewayMonitor;
  readonly notifications?: Pick<Notifications, 'statusOf' | 'retry'> | undefined;
}

/**
 * Gives every operation its own session with the upstream, as its principal: what was read once is not read again, and
 * its calls end when the client goes away. How old the data may be is up to the client (`readFreshness`). Each result,
 * and each event of a subscription, reports its cost in `extensions.upstream`.
 */
export function upstreamSession(
  upstream: Upstream,
  watcher: Watcher,
  graph: Config['graph'],
  { copyOf, monitor, notifications }: GatewayState,
): Step {
  const cursorKey = graph.cursorSecret ? createHash('sha256').update(graph.cursorSecret).digest() : randomBytes(32);
  const settings = {
    maxFirst: graph.maxFirst,
    inventoryMaxFirst: Math.max(graph.maxFirst, graph.inventoryMaxFirst),
    cursorKey,
    rcpServices: new Set([...rcpServices, ...graph.additionalRcpServices]),
    ratePerSecond: upstream.ratePerSecond.bind(upstream),
    copyOf,
    monitor,
    notifications,
  };

  const open = (operation: Operation): UpstreamSession => {
    const session = upstream.session(operation.principal, new SessionRequest(operation));
    const freshness = freshnessOf(operation);
    return freshness === undefined ? session : withCopy(session, freshness, copyOf(operation.principal));
  };

  return {
    onRequest(operation) {
      const freshness = readFreshness(operation);
      if (freshness !== undefined) operation.freshness = freshness;
      operation.watcher = watcher;
      operation.settings = settings;
      operation.openSession = open;
    },
    onResult: ({ cost }, result) => withCost(result, cost),
    // An operation that failed before execution reports a cost of zero.
    onResponse: (_operation, answer) => (isStream(answer) ? answer : withoutCost(answer)),
  };
}

/** How old the data of an operation may be. A mutation's results show its own change, so it accepts nothing older. */
const freshnessOf = ({ prepared, freshness }: Operation): Freshness | undefined =>
  prepared?.type === 'mutation' ? undefined : freshness;

function withCopy(
  session: UpstreamSession,
  { maxAgeMs, onlyIfCached, noCache }: Freshness,
  copy: OrganizationCopy | undefined,
): UpstreamSession {
  if (noCache || (copy === undefined && !onlyIfCached)) return session;
  const oldest = maxAgeMs === undefined ? Number.NEGATIVE_INFINITY : systemClock.wallMs() - maxAgeMs;
  return new InventorySession({ session, copy: copy?.reader(oldest as WallMs), onlyIfCached });
}

/**
 * The options of an operation's session. A class, as an object literal with a getter has a new hidden class each time.
 */
class SessionRequest implements SessionOptions {
  readonly fresh: boolean;
  readonly maxAgeMs: number | undefined;
  readonly callerName: string;
  /** The deadline starts with the operation, as authentication may have waited for an issuer's keys. */
  readonly spentMs: number;
  readonly #operation: Operation;

  constructor(operation: Operation) {
    const { caller } = operation;
    const freshness = freshnessOf(operation);
    this.fresh = freshness?.noCache ?? false;
    this.maxAgeMs = freshness?.maxAgeMs;
    this.callerName = caller.name;
    this.spentMs = operation.sessionSpentMs;
    this.#operation = operation;
  }

  /** Reads the listener when the write ends: an estimate may open the session before the step that audits mutations. */
  get onWriteEnd(): SessionOptions['onWriteEnd'] {
    const operation = this.#operation;
    return operation.prepared?.type === 'mutation' ? (end) => operation.onWriteEnd?.(end) : undefined;
  }

  /** Created only for calls that wait, as cached reads are synchronous. */
  get signal(): AbortSignal | undefined {
    const { prepared, request } = this.#operation;
    // A started mutation finishes, as AWS may already have executed an aborted write.
    return prepared?.type === 'mutation' ? undefined : request.abortSignal;
  }
}

const NOTHING: UpstreamCost = { calls: 0, cached: 0, coalesced: 0, waitedMs: 0, ageMs: 0 };

/** One object for all results, so that subscribers of a shared result share its JSON text, too. */
const COSTLESS = { upstream: NOTHING };
const COSTLESS_TEXT = JSON.stringify(COSTLESS);

/** A result of an operation without any cost. */
export function withoutCost(result: ExecutionResult): ExecutionResult {
  return result.extensions?.['upstream'] === undefined ? withCost(result, NOTHING) : result;
}

function withCost(result: ExecutionResult, { calls, cached, coalesced, ...times }: UpstreamCost): ExecutionResult {
  if (calls + cached + coalesced === 0 && result instanceof TextResult) return result.with(COSTLESS, COSTLESS_TEXT);
  const cost = { calls, cached, coalesced, waitedMs: Math.round(times.waitedMs), ageMs: Math.ceil(times.ageMs) };
  if (result instanceof TextResult) return result.with({ upstream: cost }, textOf(cost));
  // A requested estimate is reported beside the actual cost.
  const estimate = memberOf(result.extensions?.['upstream'], 'estimate');
  const upstream = { ...cost, ...(estimate !== undefined && { estimate }) };
  return { ...result, extensions: { ...result.extensions, upstream } };
}

/** The extensions as JSON. */
const textOf = ({ calls, cached, coalesced, waitedMs, ageMs }: UpstreamCost): string =>
  `{"upstream":{"calls":${calls},"cached":${cached},"coalesced":${coalesced},"waitedMs":${waitedMs},"ageMs":${ageMs}}}`;
