import { createHash, randomBytes } from 'node:crypto';
import { type ExecutionResult, GraphQLError } from 'graphql';
import type { Config } from '../../config/index.ts';
import { TextResult } from '../../executor/index.ts';
import type { Caller, Principal } from '../../principal/index.ts';
import { quoted } from '../../schema/quoted.ts';
import type { SessionOptions, Upstream, UpstreamCost } from '../../upstream/index.ts';
import type { Watcher } from '../../watcher/types.ts';
import { isStream, memberOf, type Operation, PRINCIPAL_HEADER } from '../operation.ts';
import type { Step } from './step.ts';

/**
 * Chooses as whom an operation calls AWS: the principal named in the operation's `extensions.principal`, else in the
 * header (the narrower scope wins: operation, then request or connection), else the caller's first.
 * A name that is not there is an error, never a silent default: the wrong account's data must not come back.
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
      // One that the caller may not use is no other than one that there is not: it must not learn their names.
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
    `There is no principal ${quoted(name)}. Name one of ${known.map((each) => JSON.stringify(each)).join(', ')} in ${PRINCIPAL_HEADER}, connectionParams.principal or extensions.principal, or none for the first.`,
    { extensions: { code: 'UNKNOWN_PRINCIPAL', principals: known, http: { status: 400 } } },
  );
}

/**
 * Gives every operation its own session with the upstream, as its principal: what was read once is not read again, and its calls end when the client goes away.
 * `Cache-Control: no-cache` makes its reads go upstream. Each result, and each event of a subscription, has what it cost in `extensions.upstream`.
 */
export function upstreamSession(upstream: Upstream, watcher: Watcher, graph: Config['graph']): Step {
  const cursorKey = graph.cursorSecret ? createHash('sha256').update(graph.cursorSecret).digest() : randomBytes(32);
  const settings = { maxFirst: graph.maxFirst, cursorKey, ratePerSecond: upstream.ratePerSecond.bind(upstream) };

  const open = (operation: Operation) => upstream.session(operation.principal, new SessionRequest(operation));

  return {
    onRequest(operation) {
      operation.watcher = watcher;
      operation.settings = settings;
      operation.openSession = open;
    },
    onResult: ({ cost }, result) => withCost(result, cost),
    // What failed before anything was resolved has no cost of its own, and says so.
    onResponse: (_operation, answer) => (isStream(answer) ? answer : withoutCost(answer)),
  };
}

/** What a session is to know of its operation. A class, since the getter of an object literal costs a hidden class of its own each time. */
class SessionRequest implements SessionOptions {
  readonly fresh: boolean;
  readonly callerName: string;
  readonly onWriteEnd: SessionOptions['onWriteEnd'];
  /** Authentication may have waited for an issuer's keys: the deadline is the operation's. */
  readonly spentMs: number;
  readonly #operation: Operation;

  constructor(operation: Operation) {
    const { request, caller, onWriteEnd } = operation;
    this.fresh = wantsFresh(request.header('cache-control'));
    this.callerName = caller.name;
    this.onWriteEnd = onWriteEnd;
    this.spentMs = operation.sessionSpentMs;
    this.#operation = operation;
  }

  /** Read by calls that have to wait: the cache answers before a client could leave. */
  get signal(): AbortSignal | undefined {
    const { prepared, request } = this.#operation;
    // A mutation that has begun runs to its end: a write cut off in the middle may or may not have happened.
    return prepared?.type === 'mutation' ? undefined : request.abortSignal;
  }
}

const wantsFresh = (cacheControl: string | undefined): boolean =>
  cacheControl !== undefined && /(^|,)\s*no-(cache|store)\s*(,|$)/i.test(cacheControl);

const NOTHING: UpstreamCost = { calls: 0, cached: 0, coalesced: 0, waitedMs: 0 };

/** One for all, so that those who share a result share its text, too. */
const COSTLESS = { upstream: NOTHING };
const COSTLESS_TEXT = JSON.stringify(COSTLESS);

/** A result that says nothing of its cost, as it had none. */
export function withoutCost(result: ExecutionResult): ExecutionResult {
  return result.extensions?.['upstream'] === undefined ? withCost(result, NOTHING) : result;
}

function withCost(result: ExecutionResult, { calls, cached, coalesced, waitedMs }: UpstreamCost): ExecutionResult {
  if (calls + cached + coalesced === 0 && result instanceof TextResult) return result.with(COSTLESS, COSTLESS_TEXT);
  const cost = { calls, cached, coalesced, waitedMs: Math.round(waitedMs) };
  if (result instanceof TextResult) return result.with({ upstream: cost }, textOf(cost));
  // An estimate that was asked for stands beside what was really spent.
  const estimate = memberOf(result.extensions?.['upstream'], 'estimate');
  const upstream = { ...cost, ...(estimate !== undefined && { estimate }) };
  return { ...result, extensions: { ...result.extensions, upstream } };
}

/** The extensions as JSON: there is one in every answer. */
const textOf = ({ calls, cached, coalesced, waitedMs }: UpstreamCost): string =>
  `{"upstream":{"calls":${calls},"cached":${cached},"coalesced":${coalesced},"waitedMs":${waitedMs}}}`;
