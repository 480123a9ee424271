import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { addressKey, REQUEST_ID_HEADER } from '../../pipeline/operation.ts';
import type { SecurityLog } from '../../pipeline/security-log.ts';
import type { FailedAttempts } from '../../pipeline/steps/caller.ts';
import { type Hint, idsOfEvent, organizationEvents } from '../../watcher/index.ts';
import type { Watcher } from '../../watcher/types.ts';
import type { RequestBodies } from './request-body.ts';
import type { Route } from './request-handler.ts';
import { sendText } from './response.ts';

/** Where an API destination of Amazon EventBridge posts events. */
export const EVENTBRIDGE_PATH = '/hints/eventbridge';
/** The header in which EventBridge sends the key. */
const KEY_HEADER = 'x-api-key';
/** EventBridge's limit: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html */
const MAX_EVENT_BYTES = 262_144;

const accountId = z.string().regex(/^\d{12}$/);

/** The members that are read of an event "AWS API Call via CloudTrail" or "AWS Service Event via CloudTrail". */
const cloudTrailEvent = z.object({
  source: z.string(),
  account: accountId,
  'detail-type': z.string().max(128).optional(),
  resources: z.unknown().optional(),
  detail: z.object({
    /** Absent in events that EventBridge makes without CloudTrail. */
    eventName: z.string().max(128).optional(),
    /** Present when the call failed, so that nothing has changed. */
    errorCode: z.string().optional(),
    recipientAccountId: accountId.optional(),
    userIdentity: z.object({ accountId: accountId.optional() }).optional(),
    requestParameters: z.unknown().optional(),
    responseElements: z.unknown().optional(),
    serviceEventDetails: z.unknown().optional(),
  }),
});

/** The owner of the buffered bytes of events. */
const CALLER = 'hints.eventbridge';

interface HintsOptions {
  readonly apiKey: string;
  readonly watcher: Pick<Watcher, 'hint'>;
  readonly bodies: RequestBodies;
  readonly failedAttempts: FailedAttempts;
  readonly securityLog: SecurityLog;
}

/**
 * Receives hints about changes. An unverified hint only triggers an early poll within the rate budget. The key is
 * verified before the event is read.
 */
export function hints({ apiKey, watcher, bodies, failedAttempts, securityLog }: HintsOptions): Route {
  const isKey = keyCheck(apiKey);

  return (request, handler) => {
    const { incoming, response, address } = request;
    if (request.path !== EVENTBRIDGE_PATH) return false;
    const answer = (status: number, text: string, headers = {}) => {
      sendText(response, status, text, { ...headers, [REQUEST_ID_HEADER]: request.requestId });
      return true;
    };
    if (request.method !== 'POST') return answer(405, 'POST an event of Amazon EventBridge.', { allow: 'POST' });
    if (!isKey(request.header(KEY_HEADER))) {
      const retryAfterMs = failedAttempts.add(address);
      if (retryAfterMs > 0) {
        securityLog.report({ reason: 'credentials_slowed_down', address, setting: 'limits.failedAttempts' });
        const headers = { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) };
        return answer(429, 'Too many wrong keys came from this address (limits.failedAttempts).', headers);
      }
      securityLog.report({ reason: 'credentials_rejected', address });
      return answer(401, `The header ${KEY_HEADER} does not hold the key that hints.eventbridge.apiKey says.`);
    }
    if (!handler.authenticated(request, CALLER)) {
      return answer(429, 'No more connections may be open (limits.connections).', { 'retry-after': '1' });
    }
    const owner = { address: addressKey(address), caller: CALLER };
    bodies.read(incoming, response, { owner, address, maxBytes: MAX_EVENT_BYTES }, (body) => {
      if (typeof body !== 'string') {
        const { reason, setting } = body;
        if (reason === 'body_too_large') return answer(413, `An event has at most ${MAX_EVENT_BYTES} bytes.`);
        if (reason === 'buffered_bytes') {
          return answer(429, `Too many events are on their way (${setting}).`, { 'retry-after': '1' });
        }
        return answer(408, `The event did not arrive in time (${setting}).`);
      }
      const event = cloudTrailEvent.safeParse(parseJson(body));
      if (!event.success) {
        return answer(400, 'Expected an event of CloudTrail as EventBridge sends it, with source, account and detail.');
      }
      // EventBridge rules may forward other events, which are not errors.
      const hint = hintOf(event.data);
      const known = organizationEvents.get(hint.eventName)?.source === event.data.source;
      if (known && event.data.detail.errorCode === undefined) watcher.hint(hint);
      return answer(202, 'Thank you; this is looked into.');
    });
    return true;
  };
}

/** Compares digests, so that neither the time nor the length of the comparison depends on the key. */
function keyCheck(key: string): (given: string | undefined) => boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const expected = digest(key);
  return (given) => timingSafeEqual(digest(given ?? ''), expected) && given !== undefined;
}

function hintOf({ account, detail, ...event }: z.output<typeof cloudTrailEvent>): Hint {
  const { eventName = event['detail-type'] ?? '', recipientAccountId, userIdentity } = detail;
  const accounts = [account, recipientAccountId, userIdentity?.accountId];
  const ids = new Set<string>();
  for (const part of [detail.requestParameters, detail.responseElements, detail.serviceEventDetails])
    collectIds(part, ids);
  // AWS does not document where AccountJoinedOrganization and AccountDepartedOrganization name the account.
  const named = [...ids].filter((id) => accountId.safeParse(id).success);
  return {
    eventName,
    accountIds: [...new Set([...accounts.filter((id) => id !== undefined), ...named])],
    objectIds: [...ids].filter((id) => !named.includes(id)),
    ids: idsOfEvent(eventName, { ...detail, resources: event.resources }),
  };
}

/** Ids of handshakes, transfers, account creations and accounts, wherever an event names them. */
const objectId = /^(?:(?:h|rt|car)-[a-z0-9]{8,32}|\d{12})$/;
/** Maximum number of ids that are read from an event. */
const MAX_IDS = 20;

function collectIds(part: unknown, ids: Set<string>, depth = 0): void {
  if (ids.size >= MAX_IDS || depth > 8) return;
  if (typeof part === 'string' && objectId.test(part)) ids.add(part);
  if (typeof part !== 'object' || part === null) return;
  for (const inner of Object.values(part)) collectIds(inner, ids, depth + 1);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
