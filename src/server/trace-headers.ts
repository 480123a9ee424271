/** The headers of W3C Trace Context, on a WebSocket in `extensions.headers`; https://www.w3.org/TR/trace-context/ */
export const TRACE_HEADERS = ['traceparent', 'tracestate'];
