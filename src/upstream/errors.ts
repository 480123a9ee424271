export { type TransportCode, UpstreamError, type UpstreamErrorDetails } from '../principal/upstream-error.ts';
