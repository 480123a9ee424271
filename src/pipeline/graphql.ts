import type { GraphQLError, GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { Config } from '../config/index.ts';
import type { Notifications } from '../notifications/index.ts';
import type { Principal } from '../principal/index.ts';
import { createGatewayMonitor } from '../schema/gateway-monitor.ts';
import { RatePerKey } from '../token-bucket.ts';
import { isTraced, type MeteredUpstream, type Upstream } from '../upstream/index.ts';
import type { Watcher } from '../watcher/types.ts';
import { type ByteBudget, OperationMemory } from './byte-budget.ts';
import { DocumentCache } from './documents/document-cache.ts';
import { MemoryPersistedQueries, type PersistedQueryStore } from './documents/persisted-queries.ts';
import { readTrustedDocuments, type TrustedDocuments } from './documents/trusted-documents.ts';
import { createErrorMask } from './errors.ts';
import { FairScheduler } from './fair-scheduler.ts';
import { createAuditLog } from './log.ts';
import { Pipeline } from './pipeline.ts';
import type { SecurityLog } from './security-log.ts';
import { auditMutations } from './steps/audit.ts';
import { type AuthenticateClient, identifyCaller } from './steps/caller.ts';
import { callerExpiry } from './steps/caller-expiry.ts';
import { rateLimits, subscriptionLimit } from './steps/caller-limits.ts';
import { costLimit } from './steps/cost-limit.ts';
import { type OperationObserver, observed } from './steps/observer.ts';
import { operationLog } from './steps/operation-log.ts';
import { persistedQueries } from './steps/persisted-queries.ts';
import { requestId } from './steps/request-id.ts';
import { scopes } from './steps/scopes.ts';
import { securityEvents } from './steps/security-events.ts';
import { shutdown } from './steps/shutdown.ts';
import type { Step } from './steps/step.ts';
import { trustedDocuments } from './steps/trusted-documents.ts';
import { type CopyOf, choosePrincipal, upstreamSession } from './steps/upstream.ts';

/** The dependencies of the pipeline and its steps. */
export interface PipelineDependencies {
  readonly config: Pick<
    Config,
    'auth' | 'graph' | 'introspection' | 'limits' | 'log' | 'persistedQueries' | 'trustedDocuments'
  >;
  readonly schema: GraphQLSchema;
  readonly authenticate: AuthenticateClient;
  readonly principals: readonly Principal[];
  readonly upstream: Upstream & Pick<MeteredUpstream, 'usageOf'>;
  readonly watcher: Watcher;
  readonly log: Logger;
  readonly securityLog: SecurityLog;
  readonly buffers: ByteBudget;
  /** The shared store of persisted queries; absent if each gateway has its own, or none. */
  readonly persistedQueries?: PersistedQueryStore | undefined;
  /** Documents of the gateway's own pages, which it trusts beside those of `trustedDocuments.file`. */
  readonly ownDocuments?: TrustedDocuments | undefined;
  /** Absent if no organization is copied. */
  readonly copyOf?: CopyOf | undefined;
  /** Absent without destinations of notifications. */
  readonly notifications?: Pick<Notifications, 'statusOf' | 'retry'> | undefined;
  /** Absent without metrics. */
  readonly observer?: OperationObserver | undefined;
  /** Converts a failure that callers may see; returns undefined for others, which are masked. */
  readonly toGraphQLError: (error: unknown) => GraphQLError | undefined;
}

/** The interface of the pipeline for all transports. */
export interface GraphQLServer {
  readonly pipeline: Pipeline;
  readonly scheduler: FairScheduler;
  /** Whether a caller has exceeded its share of CPU time, so that its operations are rejected. */
  isInDebt(limitKey: string): boolean;
  /** Converts an error for the caller. */
  readonly maskError: (error: unknown) => GraphQLError;
}

/** The steps of every operation, on every transport, in order. */
async function createSteps(
  dependencies: PipelineDependencies,
  cpu: RatePerKey,
  shutdownSignal: AbortSignal,
): Promise<readonly Step[]> {
  const { config, log, observer, schema, upstream, watcher, notifications, copyOf = () => undefined } = dependencies;
  const monitor = createGatewayMonitor({ upstream, watcher, copyOf, notifications });
  const { auth, graph, limits, persistedQueries: persisted, trustedDocuments: trustedSettings } = config;
  const estimates = {
    maxFirst: graph.maxFirst,
    inventoryMaxFirst: Math.max(graph.maxFirst, graph.inventoryMaxFirst),
    accounts: graph.assumedAccounts,
    maxValues: limits.values,
  };
  const trusted =
    trustedSettings &&
    new Map([...(dependencies.ownDocuments ?? []), ...(await readTrustedDocuments(trustedSettings.file, schema))]);
  const store = persisted && (dependencies.persistedQueries ?? new MemoryPersistedQueries(persisted));
  const steps: readonly (Step | false | undefined)[] = [
    requestId,
    observer && observed(observer),
    securityEvents(dependencies.securityLog),
    shutdown(shutdownSignal),
    identifyCaller(dependencies.authenticate),
    auth.type !== 'none' && callerExpiry,
    rateLimits(limits, cpu),
    choosePrincipal(dependencies.principals),
    trusted && trustedDocuments(trusted, trustedSettings.only, persisted !== undefined),
    scopes(estimates),
    costLimit(graph, limits, estimates),
    subscriptionLimit(limits.subscriptionsPerCaller),
    persistedQueries({ store, trusted, maxDocumentBytes: persisted?.maxDocumentBytes ?? 0 }),
    config.log.audit && auditMutations({ log: createAuditLog(log), schema, limits, trusted }),
    log.isLevelEnabled('debug') && operationLog(log),
    isTraced() && (await import('./steps/tracing.ts')).tracing(),
    upstreamSession(upstream, watcher, graph, { copyOf, monitor, notifications }),
  ];
  return steps.filter((step) => step !== undefined && step !== false);
}

/** `shutdownSignal` fires when the gateway shuts down: subscriptions end, and new operations are rejected. */
export async function createGraphQL(
  dependencies: PipelineDependencies,
  shutdownSignal: AbortSignal,
): Promise<GraphQLServer> {
  const { config, log, schema, toGraphQLError } = dependencies;
  const { limits } = config;
  const maskError = createErrorMask(toGraphQLError, log);
  const cpu = new RatePerKey({ perSecond: limits.cpu.msPerSecond, burst: limits.cpu.burstMs });
  const { perCaller, total } = limits.queuedOperations;
  const scheduler = new FairScheduler(
    { maxConcurrent: limits.concurrentOperations, maxQueuedPerKey: perCaller, maxQueued: total },
    cpu,
  );
  const pipeline = new Pipeline({
    steps: await createSteps(dependencies, cpu, shutdownSignal),
    documents: new DocumentCache(schema, config),
    maskError,
    scheduler,
    memory: new OperationMemory(dependencies.buffers, limits.bufferedBytes),
    limits,
  });
  return { pipeline, scheduler, isInDebt: (limitKey) => cpu.debtMs(limitKey) > 0, maskError };
}
