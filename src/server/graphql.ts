import { GraphQLError } from 'graphql';
import { type CORSOptions, createYoga } from 'graphql-yoga';
import { ESTIMATE_HEADER, PRINCIPAL_HEADER, REQUEST_ID_HEADER } from './carried-headers.ts';
import type { Departure } from './departure.ts';
import { Documents } from './documents/documents.ts';
import { readTrustedDocuments } from './documents/trusted-documents.ts';
import { ENDPOINT } from './endpoint.ts';
import { createAuditLog } from './log.ts';
import { createErrorMask } from './mask-error.ts';
import type { ServerParts } from './parts.ts';
import { Pipeline } from './pipeline.ts';
import type { ServerContext } from './plugins/plugin.ts';
import { useCsrfPrevention } from './plugins/use-csrf-prevention.ts';
import { useGraphiQL } from './plugins/use-graphiql.ts';
import { useHints } from './plugins/use-hints.ts';
import { useIncrementalDelivery } from './plugins/use-incremental-delivery.ts';
import { useJsonBody } from './plugins/use-json-body.ts';
import { usePipeline } from './plugins/use-pipeline.ts';
import { useReadiness } from './plugins/use-readiness.ts';
import { createRequestIds, useRequestId } from './plugins/use-request-id.ts';
import { useRootRedirect } from './plugins/use-root-redirect.ts';
import { useSecurityHeaders } from './plugins/use-security-headers.ts';
import { auditMutations } from './steps/audit.ts';
import { identifyCaller } from './steps/caller.ts';
import { callerExpiry } from './steps/caller-expiry.ts';
import { costLimit } from './steps/cost-limit.ts';
import { goingAway } from './steps/going-away.ts';
import { observed } from './steps/observer.ts';
import { operationLog } from './steps/operation-log.ts';
import { operationRate } from './steps/operation-rate.ts';
import { choosePrincipal } from './steps/principal.ts';
import { requestId } from './steps/request-id.ts';
import { scopes } from './steps/scopes.ts';
import type { Step } from './steps/step.ts';
import { subscriptionLimit } from './steps/subscription-limit.ts';
import { isTraced, tracing } from './steps/tracing.ts';
import { transportRefusal } from './steps/transport-refusal.ts';
import { DOCUMENT_ID, trustedDocuments } from './steps/trusted-documents.ts';
import { upstreamCost } from './steps/upstream-cost.ts';
import { upstreamSession } from './steps/upstream-session.ts';

export type GraphQLServer = ReturnType<typeof createGraphQL>;

/** What every operation passes, whatever carried it here, in this order. */
function createSteps(parts: ServerParts, departure: Departure): readonly Step[] {
  const { config, log, observer } = parts;
  const asked = config.auth.type !== 'none';
  const trusted = config.trustedDocuments && {
    documents: readTrustedDocuments(config.trustedDocuments.file, parts.schema),
    only: config.trustedDocuments.only,
  };
  const steps: readonly (Step | false | undefined)[] = [
    requestId,
    observer && observed(observer),
    goingAway(departure.leaving),
    identifyCaller(parts.authenticate),
    transportRefusal,
    asked && callerExpiry,
    asked && operationRate(config.limits.operations),
    choosePrincipal(parts.principals),
    trusted && trustedDocuments(trusted.documents, trusted.only),
    upstreamSession(parts.upstream, parts.watcher, config.graph),
    scopes,
    costLimit(config.graph),
    asked && subscriptionLimit(config.limits.subscriptionsPerCaller),
    config.log.audit &&
      auditMutations({
        log: createAuditLog(log),
        schema: parts.schema,
        limits: config.limits,
        trusted: trusted?.documents,
      }),
    log.isLevelEnabled('debug') && operationLog(log),
    isTraced() && tracing(),
    upstreamCost,
  ];
  return steps.filter((step) => step !== undefined && step !== false);
}

/** What pages of other origins may do: of those allowed, everything but to use the browser's own credentials; of others, nothing. */
const crossOrigin =
  (origins: readonly string[]) =>
  ({ headers }: Request): CORSOptions => {
    const origin = headers.get('origin');
    if (origin === null || !origins.includes(origin)) return false;
    const ours = [PRINCIPAL_HEADER, ESTIMATE_HEADER, REQUEST_ID_HEADER];
    return {
      origin,
      credentials: false,
      methods: ['GET', 'POST'],
      allowedHeaders: ['authorization', 'content-type', 'cache-control', ...ours],
      maxAge: 600,
    };
  };

/** The pipeline, and Yoga in front of it for every request that the lean way does not take. */
export function createGraphQL(parts: ServerParts, departure: Departure) {
  const { config, log, schema, toGraphQLError, observer, watcher } = parts;
  const maskError = createErrorMask(toGraphQLError, log);
  const pipeline = new Pipeline({
    steps: createSteps(parts, departure),
    documents: new Documents(schema, config),
    maskError,
  });
  const idOf = createRequestIds();
  const subscriptions = new WeakSet<Request>();
  const yoga = createYoga<ServerContext>({
    schema,
    graphqlEndpoint: ENDPOINT,
    plugins: [
      useSecurityHeaders(),
      useRequestId(idOf),
      useReadiness(departure, parts.readiness),
      useRootRedirect(ENDPOINT),
      config.graphiql && useGraphiQL(ENDPOINT),
      useHints(config.hints, watcher),
      useCsrfPrevention(config.allowedOrigins),
      useJsonBody(),
      usePipeline(pipeline, idOf, subscriptions, observer),
      useIncrementalDelivery((request) => subscriptions.has(request)),
    ],
    maskedErrors: { maskError },
    maxRequestBodySize: config.limits.bodyBytes,
    extraParamNames: [DOCUMENT_ID],
    cors: crossOrigin(config.allowedOrigins),
    batching: false,
    multipart: false,
    graphiql: false,
    landingPage: false,
    logging: {
      debug: (...args) => log.trace({ args }, 'yoga'),
      info: (...args) => log.debug({ args }, 'yoga'),
      warn: (...args) => log.warn({ args }, 'yoga'),
      // What was masked is in the log already, under its id. What is wrong with a request quotes it, and is for its sender only.
      error: (err) =>
        log.debug({ code: err instanceof GraphQLError ? err.extensions['code'] : String(err?.name) }, 'yoga'),
    },
  });
  return { yoga, pipeline, maskError };
}
