import { organizationEvents } from './organization-events.ts';
import type { EventIds, IdRole } from './types.ts';

/** The members of an event that may name ids. Their values come from a peer and may be anything. */
export interface EventMembers {
  readonly requestParameters?: unknown;
  readonly responseElements?: unknown;
  readonly serviceEventDetails?: unknown;
  readonly recipientAccountId?: unknown;
  readonly resources?: unknown;
}

/** Maximum number of ids that are read from an event. */
const MAX_IDS = 20;
const MAX_DEPTH = 8;

const account = '\\d{12}';
const root = 'r-[0-9a-z]{4,32}';
const unit = 'ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}';
const policy = 'p-[0-9a-zA-Z_]{8,128}';
const resourcePolicy = 'rp-[0-9a-zA-Z_]{4,128}';
const transfer = 'rt-[0-9a-z]{8,32}';
const oneOf = (...patterns: readonly string[]) => new RegExp(`^(?:${patterns.join('|')})$`);

/** As in the API model: https://docs.aws.amazon.com/organizations/latest/APIReference/API_Types.html */
const patterns: Readonly<Record<IdRole, RegExp>> = {
  account: oneOf(account),
  creation: oneOf('car-[0-9a-z]{8,32}'),
  handshake: oneOf('h-[0-9a-z]{8,32}'),
  organization: oneOf('o-[0-9a-z]{10,32}'),
  organizationalUnit: oneOf(unit),
  parent: oneOf(root, unit),
  policy: oneOf(policy),
  policyType: oneOf('[A-Z0-9_]{3,64}'),
  resource: oneOf(account, root, unit, policy, resourcePolicy, transfer),
  resourcePolicy: oneOf(resourcePolicy),
  root: oneOf(root),
  service: oneOf('[\\w+=,.@-]{1,128}'),
  target: oneOf(account, root, unit),
  transfer: oneOf(transfer),
};

/** Returns a member by its name in events, or by its name in the API: `accountId`, `AccountId`. */
const memberOf = (value: unknown, name: string): unknown => {
  if (typeof value !== 'object' || value === null) return undefined;
  const apiName = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const key = [name, apiName].find((one) => Object.hasOwn(value, one));
  return key === undefined ? undefined : Reflect.get(value, key);
};

/** Yields the strings at a path such as `serviceEventDetails.transferChain[]`. */
function* stringsAt(value: unknown, path: readonly string[], depth = 0): Generator<string> {
  const [name, ...rest] = path;
  if (name === undefined) {
    if (typeof value === 'string') yield value;
  } else if (name === '**') {
    if (typeof value === 'string') yield value;
    if (typeof value !== 'object' || value === null || depth >= MAX_DEPTH) return;
    for (const inner of Object.values(value)) yield* stringsAt(inner, path, depth + 1);
  } else if (name.endsWith('[]')) {
    const items = memberOf(value, name.slice(0, -2));
    if (Array.isArray(items)) for (const item of items) yield* stringsAt(item, rest, depth + 1);
  } else {
    yield* stringsAt(memberOf(value, name), rest, depth + 1);
  }
}

/** Returns the id at the end of an ARN, or the text. */
const idOf = (text: string) => (text.startsWith('arn:') ? (text.split('/').at(-1) ?? '') : text);

function* idsAt(event: EventMembers, role: IdRole, path: string): Generator<string> {
  for (const text of stringsAt(event, path.split('.'))) {
    const id = idOf(text);
    // Where AWS does not document which account is which, the recipient is the management account.
    const isRecipient = path.endsWith('**') && id === event.recipientAccountId;
    if (patterns[role].test(id) && !isRecipient) yield id;
  }
}

/** Returns the ids that an event names, at most 20; none of an unknown event. */
export const idsOfEvent = (eventName: string, event: EventMembers): EventIds => {
  const ids: { [R in IdRole]?: readonly string[] } = {};
  let left = MAX_IDS;
  for (const [role, paths] of Object.entries(organizationEvents.get(eventName)?.ids ?? {}) as [IdRole, string[]][]) {
    const found = new Set<string>();
    for (const path of paths) {
      if (path === 'recipientAccountId' && found.size > 0) continue;
      for (const id of idsAt(event, role, path)) {
        if (found.size >= left) break;
        found.add(id);
      }
    }
    left -= found.size;
    if (found.size > 0) ids[role] = [...found];
  }
  return ids;
};
