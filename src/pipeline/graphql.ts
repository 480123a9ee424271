import type { GraphQLError, GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { Config } from '../config/index.ts';
import type { Principal } from '../principal/index.ts';
import type { Upstream } from '../upstream/index.ts';
import type { Watcher } from '../watcher/types.ts';
import type { AuthenticateClient } from './authenticate-client.ts';
import type { ByteBudget } from './byte-budget.ts';
import { Documents } from './documents/documents.ts';
import { MemoryPersistedQueries, type PersistedQueryStore } from './documents/persisted-queries.ts';
import { readTrustedDocuments } from './documents/trusted-documents.ts';
import { createAuditLog } from './log.ts';
import { createErrorMask } from './mask-error.ts';
import { OperationMemory } from './operation-memory.ts';
import type { OperationObserver } from './operation-observer.ts';
import { OperationScheduler } from './operation-scheduler.ts';
import { Pipeline } from './pipeline.ts';
import { RatePerKey } from './rate-per-key.ts';
import type { SecurityLog } from './security-log.ts';
import { auditMutations } from './steps/audit.ts';
import { identifyCaller } from './steps/caller.ts';
import { callerExpiry } from './steps/caller-expiry.ts';
import { costLimit } from './steps/cost-limit.ts';
import { cpuRate } from './steps/cpu-rate.ts';
import { goingAway } from './steps/going-away.ts';
import { observed } from './steps/observer.ts';
import { operationLog } from './steps/operation-log.ts';
import { operationRate } from './steps/operation-rate.ts';
import { persistedQueries } from './steps/persisted-queries.ts';
import { choosePrincipal } from './steps/principal.ts';
import { requestId } from './steps/request-id.ts';
import { scopes } from './steps/scopes.ts';
import { securityEvents } from './steps/security-events.ts';
import type { Step } from './steps/step.ts';
import { subscriptionLimit } from './steps/subscription-limit.ts';
import { transportRefusal } from './steps/transport-refusal.ts';
import { trustedDocuments } from './steps/trusted-documents.ts';
import { upstreamCost } from './steps/upstream-cost.ts';
import { upstreamSession } from './steps/upstream-session.ts';

/** What the pipeline and its steps are made of. */
export interface PipelineDependencies {
  readonly config: Pick<
    Config,
    'auth' | 'graph' | 'introspection' | 'limits' | 'log' | 'persistedQueries' | 'trustedDocuments'
  >;
  readonly schema: GraphQLSchema;
  readonly authenticate: AuthenticateClient;
  readonly principals: readonly Principal[];
  readonly upstream: Upstream;
  readonly watcher: Watcher;
  readonly log: Logger;
  readonly securityLog: SecurityLog;
  readonly buffers: ByteBudget;
  /** Where persisted queries are kept; absent where each gateway keeps its own, or none. */
  readonly persistedQueries?: PersistedQueryStore | undefined;
  /** Absent without metrics. */
  readonly observer?: OperationObserver | undefined;
  /** The GraphQL error for a failure that callers may see; undefined for one that they may not, which is then masked. */
  readonly toGraphQLError: (error: unknown) => GraphQLError | undefined;
}

/** What all transports hand their operations to. */
export interface GraphQLServer {
  readonly pipeline: Pipeline;
  readonly scheduler: OperationScheduler;
  /** What a caller gets to see of an error. */
  readonly maskError: (error: unknown) => GraphQLError;
}

/** What every operation passes, whatever carried it here, in this order. */
async function createSteps(
  parts: PipelineDependencies,
  leaving: AbortSignal,
  tracing: Step | undefined,
  cpu: RatePerKey,
): Promise<readonly Step[]> {
  const { config, log, observer } = parts;
  const { limits, persistedQueries: persisted } = config;
  const trusted = config.trustedDocuments && {
    documents: await readTrustedDocuments(config.trustedDocuments.file, parts.schema),
    only: config.trustedDocuments.only,
  };
  const steps: readonly (Step | false | undefined)[] = [
    requestId,
    observer && observed(observer),
    securityEvents(parts.securityLog),
    goingAway(leaving),
    identifyCaller(parts.authenticate),
    transportRefusal,
    config.auth.type !== 'none' && callerExpiry,
    operationRate(limits.operations),
    cpuRate(cpu, limits.cpu),
    choosePrincipal(parts.principals),
    trusted && trustedDocuments(trusted.documents, trusted.only, persisted !== undefined),
    upstreamSession(parts.upstream, parts.watcher, config.graph),
    scopes,
    costLimit(config.graph, limits),
    subscriptionLimit(limits.subscriptionsPerCaller),
    persistedQueries({
      store: persisted && (parts.persistedQueries ?? new MemoryPersistedQueries(persisted)),
      trusted: trusted?.documents,
      maxDocumentBytes: persisted?.maxDocumentBytes ?? 0,
    }),
    config.log.audit &&
      auditMutations({
        log: createAuditLog(log),
        schema: parts.schema,
        limits,
        trusted: trusted?.documents,
      }),
    log.isLevelEnabled('debug') && operationLog(log),
    tracing,
    upstreamCost,
  ];
  return steps.filter((step) => step !== undefined && step !== false);
}

/** `tracing`: makes a span of each operation; absent where nobody collects traces. */
export async function createGraphQL(
  parts: PipelineDependencies,
  leaving: AbortSignal,
  tracing: Step | undefined,
): Promise<GraphQLServer> {
  const { config, log, schema, toGraphQLError } = parts;
  const maskError = createErrorMask(toGraphQLError, log);
  const { cpu: share, bufferedBytes, responseBytes } = config.limits;
  const cpu = new RatePerKey({ perSecond: share.msPerSecond, burst: share.burstMs });
  const scheduler = new OperationScheduler(config.limits, cpu);
  const pipeline = new Pipeline({
    steps: await createSteps(parts, leaving, tracing, cpu),
    documents: new Documents(schema, config),
    maskError,
    scheduler,
    memory: new OperationMemory(parts.buffers, bufferedBytes),
    responseBytes,
  });
  return { pipeline, scheduler, maskError };
}
