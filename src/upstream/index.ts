/** The shapes of the API, as types: `aws.Account`. */
export type * as aws from '@aws-sdk/client-organizations';
export type {
  CreateAccountStatus,
  Handshake,
  HandshakeResource,
  ResponsibilityTransfer,
} from '@aws-sdk/client-organizations';
export { type TransportCode, UpstreamError } from '../principal/upstream-error.ts';
export { awsTime } from './aws-time.ts';
export { type Clock, later, type MonotonicClock, type MonotonicMs, systemClock, type WallMs } from './clock.ts';
export { createUpstream, type MeteredUpstream, type UpstreamOptions } from './create-upstream.ts';
export { declaredErrors } from './declared-errors.generated.ts';
export { isFinal, isNotFound } from './errors.ts';
export { isOperationName, isReadName, operationNames, operations } from './operations.ts';
export { readKey } from './read-cache.ts';
export { addAge } from './reader.ts';
export { PageTokens, readPages, toPage } from './session.ts';
export type * from './types.ts';
export { isUnanswered, type PrincipalUsage } from './usage.ts';

/** Where version 1 of OpenTelemetry's API registers itself, for all its copies in a process. */
const REGISTERED = Symbol.for('opentelemetry.js.api.1');

/** Whether traces are collected, which is set up before the gateway is created or not at all. */
export function isTraced(): boolean {
  const registered: unknown = Reflect.get(globalThis, REGISTERED);
  return typeof registered === 'object' && registered !== null && 'trace' in registered;
}

/** Starts a span of each call; undefined where no traces are collected, as OpenTelemetry's API is not loaded then. */
export const loadCallSpans = async () => (isTraced() ? (await import('./call-span.ts')).startCallSpan : undefined);
