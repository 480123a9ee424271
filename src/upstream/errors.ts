import type { UpstreamError } from '../principal/upstream-error.ts';

export { type TransportCode, UpstreamError, type UpstreamErrorDetails } from '../principal/upstream-error.ts';

/** Whether AWS would say the same if it were asked again: "not found", say, but nothing that passes. */
export function isFinal(error: UpstreamError): boolean {
  return !error.retryable && error.code !== 'ABORTED';
}
