import { useDeferStream } from '@graphql-yoga/plugin-defer-stream';
import { GraphQLError } from 'graphql';
import { type CORSOptions, createYoga } from 'graphql-yoga';
import type { Departure } from './departure.ts';
import { createAuditLog } from './log.ts';
import { createErrorMask } from './mask-error.ts';
import type { ServerParts } from './parts.ts';
import type { OperationContext } from './plugins/plugin.ts';
import { useAudit } from './plugins/use-audit.ts';
import { useCaller } from './plugins/use-caller.ts';
import { useCallerExpiry } from './plugins/use-caller-expiry.ts';
import { ESTIMATE_HEADER, useCostLimit } from './plugins/use-cost-limit.ts';
import { useCsrfPrevention } from './plugins/use-csrf-prevention.ts';
import { useDocumentLimits } from './plugins/use-document-limits.ts';
import { useGoingAway } from './plugins/use-going-away.ts';
import { useGraphiQL } from './plugins/use-graphiql.ts';
import { useHints } from './plugins/use-hints.ts';
import { useIncrementalDelivery } from './plugins/use-incremental-delivery.ts';
import { useIntrospection } from './plugins/use-introspection.ts';
import { useObserver } from './plugins/use-observer.ts';
import { useOperationLog } from './plugins/use-operation-log.ts';
import { useOperationRate } from './plugins/use-operation-rate.ts';
import { PRINCIPAL_HEADER, usePrincipal } from './plugins/use-principal.ts';
import { useReadiness } from './plugins/use-readiness.ts';
import { useReferenceExecutor } from './plugins/use-reference-executor.ts';
import { REQUEST_ID_HEADER, useRequestId } from './plugins/use-request-id.ts';
import { useRootRedirect } from './plugins/use-root-redirect.ts';
import { useScopes } from './plugins/use-scopes.ts';
import { useSecurityHeaders } from './plugins/use-security-headers.ts';
import { useSharedEvents } from './plugins/use-shared-events.ts';
import { useSubscriptionLimit } from './plugins/use-subscription-limit.ts';
import { useTracing } from './plugins/use-tracing.ts';
import { DOCUMENT_ID, useTrustedDocuments } from './plugins/use-trusted-documents.ts';
import { useUpstreamCost } from './plugins/use-upstream-cost.ts';
import { useUpstreamSession } from './plugins/use-upstream-session.ts';
import { readTrustedDocuments } from './trusted-documents.ts';

/** Path of HTTP, SSE, WebSocket and GraphiQL alike. */
export const ENDPOINT = '/graphql';

export type GraphQLServer = ReturnType<typeof createGraphQL>;

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

/**
 * The way of every operation, whatever carried it here: HTTP and SSE requests pass all hooks of these plugins, in this
 * order; operations from WebSockets those from `onParams` on (through `getResultForParams`).
 */
export function createGraphQL(parts: ServerParts, departure: Departure) {
  const { config, log, principals, schema, toGraphQLError, upstream, watcher } = parts;
  const trusted = config.trustedDocuments && {
    documents: readTrustedDocuments(config.trustedDocuments.file, schema),
    only: config.trustedDocuments.only,
  };
  const maskError = createErrorMask(toGraphQLError, log);
  const yoga = createYoga<OperationContext>({
    schema,
    graphqlEndpoint: ENDPOINT,
    plugins: [
      useSecurityHeaders(),
      useRequestId(),
      useObserver(parts.observer),
      useReadiness(departure, parts.readiness),
      useRootRedirect(ENDPOINT),
      config.graphiql && useGraphiQL(ENDPOINT),
      useHints(config.hints, watcher),
      useCsrfPrevention(config.allowedOrigins),
      useGoingAway(departure.leaving),
      useCaller(parts.authenticate),
      useCallerExpiry(),
      config.auth.type !== 'none' && useOperationRate(config.limits.operations),
      usePrincipal(principals),
      trusted !== undefined && useTrustedDocuments(trusted.documents, trusted.only),
      useDocumentLimits(config.limits),
      useIntrospection(config.introspection),
      useAudit(config.log.audit ? createAuditLog(log) : undefined),
      useUpstreamSession(upstream, watcher, config.graph),
      useScopes(config.graph),
      useCostLimit(config.graph),
      config.auth.type !== 'none' && useSubscriptionLimit(config.limits.subscriptionsPerCaller),
      useOperationLog(log),
      useUpstreamCost(),
      useReferenceExecutor(),
      useSharedEvents(),
      useDeferStream(),
      useTracing(),
      useIncrementalDelivery(maskError),
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
  return { yoga, maskError };
}
