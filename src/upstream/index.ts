import { isTraced } from './is-traced.ts';

/** The shapes of the API, as types: `aws.Account`. */
export type * as aws from '@aws-sdk/client-organizations';
export type {
  Account,
  CreateAccountStatus,
  Handshake,
  HandshakeParty,
  HandshakeResource,
  Organization,
  OrganizationalUnit,
  Policy,
  PolicySummary,
  PolicyTargetSummary,
  ResponsibilityTransfer,
  Root,
  Tag,
} from '@aws-sdk/client-organizations';
export { type Clock, later, type MonotonicClock, type MonotonicMs, systemClock, type WallMs } from './clock.ts';
export { createUpstream, type MeteredUpstream, type UpstreamOptions } from './create-upstream.ts';
export { declaredErrors } from './declared-errors.ts';
export { isFinal, type TransportCode, UpstreamError } from './errors.ts';
export { isTraced } from './is-traced.ts';
export { isNotFound } from './not-found.ts';
export type * from './operation-types.ts';
export { isOperationName, isReadName, operationNames } from './operations.ts';
export { PageTokens } from './page-tokens.ts';
export { itemsMember } from './pages.ts';
export { readKey } from './read-key.ts';
export type { CallEvent, OperationStats } from './stats.ts';
export type * from './types.ts';

/** What makes a span of each call; where nobody collects traces, it is not loaded, and undefined. */
export const loadCallSpans = async () => (isTraced() ? (await import('./call-span.ts')).startCallSpan : undefined);
