import { GraphQLError } from 'graphql';
import { type CORSOptions, createYoga } from 'graphql-yoga';
import type { GraphQLServer } from '../../pipeline/graphql.ts';
import { DOCUMENT_ID, ESTIMATE_HEADER, PRINCIPAL_HEADER, REQUEST_ID_HEADER } from '../../pipeline/operation.ts';
import { ENDPOINT } from '../endpoint.ts';
import type { Report } from '../http/probes.ts';
import type { Yoga } from '../http/yoga-on-demand.ts';
import type { ServerParts } from '../parts.ts';
import type { ServerContext } from './plugin.ts';
import { useCsrfPrevention } from './use-csrf-prevention.ts';
import { useIncrementalDelivery } from './use-incremental-delivery.ts';
import { useJsonBody } from './use-json-body.ts';
import { usePipeline } from './use-pipeline.ts';
import { useReadiness } from './use-readiness.ts';
import { createRequestIds, useRequestId } from './use-request-id.ts';
import { useRootRedirect } from './use-root-redirect.ts';
import { useSecurityHeaders } from './use-security-headers.ts';

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

/** Yoga, for every request that the lean way does not take. It is loaded with the first of them: see `http/yoga-on-demand.ts`. */
export function createYogaServer(
  parts: ServerParts,
  { pipeline, maskError }: GraphQLServer,
  report: () => Promise<Report>,
): Yoga {
  const { config, log, schema, observer } = parts;
  const idOf = createRequestIds();
  const subscriptions = new WeakSet<Request>();
  return createYoga<ServerContext>({
    schema,
    graphqlEndpoint: ENDPOINT,
    plugins: [
      useSecurityHeaders(),
      useRequestId(idOf),
      useReadiness(report),
      useRootRedirect(ENDPOINT),
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
}
