import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Config } from '../../config.ts';
import type { Hint } from '../../watcher/index.ts';
import type { ServerParts } from '../parts.ts';
import type { ServerPlugin } from './plugin.ts';

/** Where an API destination of Amazon EventBridge posts events. */
export const EVENTBRIDGE_PATH = '/hints/eventbridge';
/** The header that its connection sends the key in. */
const KEY_HEADER = 'x-api-key';
/** An event of EventBridge has at most 256 KB: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html */
const MAX_EVENT_BYTES = 262_144;

const accountId = z.string().regex(/^\d{12}$/);

/** What is looked at of an event "AWS API Call via CloudTrail" or "AWS Service Event via CloudTrail"; all else is passed over. */
const cloudTrailEvent = z.object({
  source: z.string(),
  account: accountId,
  detail: z.object({
    eventName: z.string().max(128),
    recipientAccountId: accountId.optional(),
    userIdentity: z.object({ accountId: accountId.optional() }).optional(),
    requestParameters: z.unknown().optional(),
    responseElements: z.unknown().optional(),
    serviceEventDetails: z.unknown().optional(),
  }),
});

/**
 * Takes hints that something has changed. They are not believed: the worst that somebody with the key can do is to have lists read
 * a little earlier, within their budget. Off unless a key is configured.
 */
export function useHints(
  { eventbridge }: Config['hints'],
  { watcher, failedAttempts, securityLog }: Pick<ServerParts, 'watcher' | 'failedAttempts' | 'securityLog'>,
): ServerPlugin {
  if (eventbridge === undefined) return {};
  const isKey = keyCheck(eventbridge.apiKey);
  return {
    async onRequest({ request, url, fetchAPI, endResponse, serverContext: { address = '' } }) {
      if (url.pathname !== EVENTBRIDGE_PATH) return;
      const answer = (status: number, text: string, headers = {}) =>
        endResponse(
          new fetchAPI.Response(`${text}\n`, {
            status,
            headers: { 'content-type': 'text/plain; charset=utf-8', ...headers },
          }),
        );
      if (request.method !== 'POST') return answer(405, 'POST an event of Amazon EventBridge.', { allow: 'POST' });
      if (!isKey(request.headers.get(KEY_HEADER))) {
        const retryAfterMs = failedAttempts.add(address);
        if (retryAfterMs > 0) {
          securityLog.report({ reason: 'credentials_slowed_down', address, setting: 'limits.failedAttempts' });
          const headers = { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) };
          return answer(429, 'Too many wrong keys came from this address (limits.failedAttempts).', headers);
        }
        securityLog.report({ reason: 'credentials_rejected', address });
        return answer(401, `The header ${KEY_HEADER} does not hold the key that hints.eventbridge.apiKey says.`);
      }
      const text = await readUpTo(MAX_EVENT_BYTES, request);
      if (text === undefined) return answer(413, `An event has at most ${MAX_EVENT_BYTES} bytes.`);
      const event = cloudTrailEvent.safeParse(parseJson(text));
      if (!event.success) {
        return answer(400, 'Expected an event of CloudTrail as EventBridge sends it, with source, account and detail.');
      }
      // A rule that lets more through than it should is no mistake of the event's.
      if (event.data.source === 'aws.organizations') watcher.hint(hintOf(event.data));
      return answer(202, 'Thank you; this is looked into.');
    },
  };
}

/** Compares digests, so that neither the time nor the length tells anything of the key. */
function keyCheck(key: string): (given: string | null) => boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const expected = digest(key);
  return (given) => timingSafeEqual(digest(given ?? ''), expected) && given !== null;
}

function hintOf({ account, detail }: z.output<typeof cloudTrailEvent>): Hint {
  const { eventName, recipientAccountId, userIdentity } = detail;
  const accounts = [account, recipientAccountId, userIdentity?.accountId];
  const ids = new Set<string>();
  for (const part of [detail.requestParameters, detail.responseElements, detail.serviceEventDetails])
    collectIds(part, ids);
  return {
    eventName,
    accountIds: [...new Set(accounts.filter((id) => id !== undefined))],
    objectIds: [...ids],
  };
}

/** Ids of handshakes, transfers and account creations, wherever an event names them. */
const objectId = /^(h|rt|car)-[a-z0-9]{8,32}$/;
/** More than an event can mean. */
const mostIds = 20;

function collectIds(part: unknown, ids: Set<string>, depth = 0): void {
  if (ids.size >= mostIds || depth > 8) return;
  if (typeof part === 'string' && objectId.test(part)) ids.add(part);
  if (typeof part !== 'object' || part === null) return;
  for (const inner of Object.values(part)) collectIds(inner, ids, depth + 1);
}

async function readUpTo(bytes: number, { body, headers }: Request): Promise<string | undefined> {
  if (Number(headers.get('content-length') ?? 0) > bytes) return undefined;
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > bytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
