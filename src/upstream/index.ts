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
export { type Clock, wallClock } from './clock.ts';
export { createUpstream, type MeteredUpstream, type UpstreamOptions } from './create-upstream.ts';
export { declaredErrors } from './declared-errors.ts';
export { type TransportCode, UpstreamError } from './errors.ts';
export { isNotFound } from './not-found.ts';
export type * from './operation-types.ts';
export { isOperationName, isReadName, operationNames } from './operations.ts';
export { itemsMember } from './pages.ts';
export { readKey } from './read-key.ts';
export type { CallEvent, OperationStats } from './stats.ts';
export type * from './types.ts';
