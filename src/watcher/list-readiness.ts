import { type Clock, UpstreamError } from '../upstream/index.ts';
import type { ListReadiness } from './change-publisher.ts';
import { type CreateEndError, upstreamFailed, WatchError } from './errors.ts';
import type { KeptChannel } from './kept-channel.ts';
import { stateByAge } from './kept-list-view.ts';

export const notInOrganization: CreateEndError = (cursor) =>
  new WatchError("The principal's account is in no organization now.", {
    code: 'NOT_IN_ORGANIZATION',
    reason: 'AWSOrganizationsNotInUseException',
    retryable: false,
    cursor,
  });

const accessLost =
  (message: string): CreateEndError =>
  (cursor) =>
    new WatchError(`AWS refuses the list to this principal now (${message}). Fix its permissions first.`, {
      code: 'ACCESS_LOST',
      retryable: false,
      cursor,
    });

/** The failure of a list that AWS refuses, or that it could not return several times before the list was complete. */
function failureOf({ replies, failure, publisher }: KeptChannel<unknown>): ListReadiness['failure'] {
  if (failure === undefined || (!failure.isRefused && publisher.list.objects !== undefined)) return undefined;
  const { error } = replies;
  if (error instanceof UpstreamError) return { error, createEnd: upstreamFailed(error, replies.failures) };
  const createEnd = accessLost(failure.message);
  return { error: createEnd(undefined), createEnd };
}

const isComplete = ({ publisher }: KeptChannel<unknown>): boolean => publisher.list.objects !== undefined;

/** Whether a list can be served. `channel`: undefined while the organization is not known. */
export function readinessOf(
  channel: KeptChannel<unknown> | undefined,
  organization: KeptChannel<unknown> | undefined,
  clock: Pick<Clock, 'wallMs'>,
): ListReadiness {
  const waiting = { isLoaded: false, isReady: false };
  if (organization !== undefined) {
    const failure = failureOf(organization);
    if (failure !== undefined) return { ...waiting, failure };
    if (organization.isVerified && organization.publisher.list.objects?.size === 0)
      return { ...waiting, failure: { error: notInOrganization(undefined), createEnd: notInOrganization } };
  }
  if (channel === undefined) return waiting;
  const { isLoaded, isVerified, options, publisher } = channel;
  const isRecent = stateByAge(publisher.list.asOf, options.maxAgeMs, clock.wallMs()) === 'READY';
  const isReady = isLoaded && isComplete(channel) && (isVerified || isRecent);
  return { isLoaded, isReady, failure: failureOf(channel) };
}
