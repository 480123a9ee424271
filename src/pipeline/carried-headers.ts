/** The HTTP header that names the principal; `connectionParams.principal` becomes it on a WebSocket. In lower case, as all of them here. */
export const PRINCIPAL_HEADER = 'x-orgql-principal';
/** A request's id comes in and goes back in it. */
export const REQUEST_ID_HEADER = 'x-request-id';
/** Set to `only`, it asks for the estimate instead of the data; so does `extensions.orgql.estimate: true` in the operation. */
export const ESTIMATE_HEADER = 'x-orgql-estimate';
/** The headers of W3C Trace Context; https://www.w3.org/TR/trace-context/ */
export const TRACE_HEADERS = ['traceparent', 'tracestate'] as const;

/**
 * All that an operation can be told by headers; on a WebSocket also in `extensions.headers`, as GraphiQL sends what its headers editor holds. A connection that stays
 * open keeps these, and no others.
 */
export const CARRIED_HEADERS = [
  'authorization',
  'cache-control',
  PRINCIPAL_HEADER,
  REQUEST_ID_HEADER,
  ESTIMATE_HEADER,
  ...TRACE_HEADERS,
] as const;

export type CarriedHeader = (typeof CARRIED_HEADERS)[number];
