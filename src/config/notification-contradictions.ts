import ipaddr from 'ipaddr.js';
import type { Contradiction } from './contradiction.ts';
import { isRecord, type Path, valueAt } from './paths.ts';

/** Finds settings of `notifications` that contradict each other. Skips values of the wrong type. */
export function notificationContradictions(values: unknown): Contradiction[] {
  const list = valueAt(values, ['notifications']);
  if (!Array.isArray(list)) return [];
  return list.flatMap((item: unknown, index) => {
    const path = ['notifications', index];
    return [
      ...unusedFilters(item, path),
      ...remindersOfNothing(item, path),
      ...filtersWithoutInventory(values, item, path),
      ...unsafeWebhook(valueAt(item, ['webhook']), [...path, 'webhook']),
      ...delaysOutOfOrder(item, path),
    ];
  });
}

const eventsOf = (item: unknown): readonly unknown[] => {
  const events = valueAt(item, ['events']);
  return Array.isArray(events) ? events : [];
};

function unusedFilters(item: unknown, path: Path): Contradiction[] {
  const filter = valueAt(item, ['filter']);
  const events = eventsOf(item);
  if (!isRecord(filter) || events.length === 0) return [];
  return Object.keys(filter)
    .filter((name) => !events.includes(name))
    .map((name) => ({
      path: [...path, 'filter', name],
      message: `has no effect, as events does not have ${name}; add it to events, or remove the filter`,
    }));
}

function remindersOfNothing(item: unknown, path: Path): Contradiction[] {
  const events = eventsOf(item);
  const isUseful = events.some((name) => name === 'handshake' || name === 'responsibilityTransfer');
  if (valueAt(item, ['expiring']) === undefined || events.length === 0 || isUseful) return [];
  const message =
    'has no effect, as only handshakes and transfers expire; add handshake or responsibilityTransfer to events, or remove it';
  return [{ path: [...path, 'expiring'], message }];
}

/** Conditions on tags and policies need the copy of the organization, as in the graph. */
function filtersWithoutInventory(values: unknown, item: unknown, path: Path): Contradiction[] {
  const copies = valueAt(values, ['inventory']);
  const principal = valueAt(item, ['principal']);
  const copy = Array.isArray(copies) ? copies.find((each) => valueAt(each, ['principal']) === principal) : undefined;
  const account = ['filter', 'account'];
  return (['tags', 'policy'] as const).flatMap((name): Contradiction[] => {
    if (valueAt(item, [...account, name]) === undefined) return [];
    const isKept = copy !== undefined && (name !== 'tags' || valueAt(copy, ['tags']) !== false);
    if (isKept) return [];
    const message = `needs the copy of the organization${name === 'tags' ? ' with tags' : ''}; add the principal to inventory, or remove the condition`;
    return [{ path: [...path, ...account, name], message }];
  });
}

function unsafeWebhook(webhook: unknown, path: Path): Contradiction[] {
  const given = valueAt(webhook, ['url']);
  if (!isRecord(webhook)) return [];
  const found: Contradiction[] = [];
  if (valueAt(webhook, ['secret']) === undefined && (valueAt(webhook, ['format']) ?? 'cloudevents') === 'cloudevents')
    found.push({
      path: [...path, 'secret'],
      message: 'is missing; events are signed, so set it to what `echo whsec_$(openssl rand -base64 32)` prints',
    });
  if (typeof given !== 'string' || !URL.canParse(given)) return found;
  const url = new URL(given);
  const at = [...path, 'url'];
  if (url.protocol === 'http:' && valueAt(webhook, ['allowHttp']) !== true)
    found.push({ path: at, message: 'is not https; use an https URL, or set allowHttp to true, got http' });
  if (url.username !== '' || url.password !== '')
    found.push({ path: at, message: 'has a user or a password; remove them, as receivers verify the signature' });
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const isPrivate = host === 'localhost' || (ipaddr.isValid(host) && ipaddr.process(host).range() !== 'unicast');
  if (isPrivate && valueAt(webhook, ['allowPrivateAddresses']) !== true)
    found.push({
      path: at,
      message: `is not a public address; set allowPrivateAddresses to true if that is meant, got ${host}`,
    });
  return found;
}

function delaysOutOfOrder(item: unknown, path: Path): Contradiction[] {
  const min = valueAt(item, ['retry', 'minDelayMs']) ?? 1_000;
  const max = valueAt(item, ['retry', 'maxDelayMs']) ?? 600_000;
  if (typeof min !== 'number' || typeof max !== 'number' || min <= max) return [];
  const message = `must not be above retry.maxDelayMs, which is ${max}; set it to ${max} or less, got ${min}`;
  return [{ path: [...path, 'retry', 'minDelayMs'], message }];
}
