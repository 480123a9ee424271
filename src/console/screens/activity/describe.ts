import { counted, groupedId } from '../../data/text.ts';
import { utcDay } from '../../data/time.ts';
import type { ChangedType, ChangeKind, HistoryQuery } from './activity.generated.ts';
import { type ShownValue, shownValue, tagChanges } from './values.ts';

type History = NonNullable<NonNullable<HistoryQuery['organization']>['history']>;
export type Change = History['nodes'][number];
export type Gap = History['gaps'][number];

/** Names of other objects that changes mention, by id. */
export type Names = Pick<ReadonlyMap<string, string>, 'get'>;

/** A change in words: "Sandbox moved", from Development to Sandbox. */
export interface Description {
  readonly subject: string;
  readonly verb: string;
  readonly before?: ShownValue | undefined;
  readonly after?: ShownValue | undefined;
}

export const memberOf = ({ members }: Pick<Change, 'members'>, name: string) =>
  members.find((member) => member.name === name);

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Ids of other objects in a change, whose names the page looks up. */
export function mentionedIds({ type, objectId, members }: Change): readonly string[] {
  // An invitation is named by its recipient.
  if (type === 'HANDSHAKE') return [objectId];
  return members
    .filter(({ name }) => name === 'parent' || name === 'policy')
    .flatMap(({ before, after }) => [text(before), text(after)])
    .filter((id) => id !== undefined);
}

const ADDED: Readonly<Partial<Record<ChangedType, string>>> = {
  ACCOUNT: 'joined',
  CREATE_ACCOUNT_STATUS: 'is being created',
  DELEGATED_ADMINISTRATOR: 'became a delegated administrator',
  ENABLED_SERVICE: 'got access to the organization',
  ORGANIZATIONAL_UNIT: 'unit created',
  POLICY: 'created',
  POLICY_ATTACHMENT: 'attached',
  RESOURCE_POLICY: 'created',
  RESPONSIBILITY_TRANSFER: 'invited',
  TAG: 'tagged',
};

const REMOVED: Readonly<Partial<Record<ChangedType, string>>> = {
  ACCOUNT: 'left the organization',
  DELEGATED_ADMINISTRATOR: 'is no longer a delegated administrator',
  ENABLED_SERVICE: 'lost access to the organization',
  HANDSHAKE: 'was removed by AWS',
  ORGANIZATIONAL_UNIT: 'unit deleted',
  POLICY: 'deleted',
  POLICY_ATTACHMENT: 'detached',
  RESOURCE_POLICY: 'deleted',
  RESPONSIBILITY_TRANSFER: 'was removed by AWS',
  TAG: 'untagged',
};

/** What a new state of an object means. */
const STATE_VERBS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ACCOUNT: { SUSPENDED: 'suspended', CLOSED: 'closed', PENDING_CLOSURE: 'is being closed', ACTIVE: 'is active' },
  CREATE_ACCOUNT_STATUS: { SUCCEEDED: 'was created', FAILED: 'was not created' },
  HANDSHAKE: {
    ACCEPTED: 'accepted the invitation',
    DECLINED: 'declined the invitation',
    CANCELED: 'invitation canceled',
    EXPIRED: 'invitation expired',
  },
  RESPONSIBILITY_TRANSFER: {
    ACCEPTED: 'accepted the transfer',
    DECLINED: 'declined the transfer',
    CANCELED: 'transfer canceled',
    EXPIRED: 'transfer expired',
    WITHDRAWN: 'was set to end',
  },
};

/** Members whose change says most about it, and the verb for it. */
const MEMBER_VERBS: readonly (readonly [member: string, verb: string])[] = [
  ['parent', 'moved'],
  ['content', 'changed'],
  ['name', 'renamed'],
  ['email', 'has another e-mail address'],
  ['description', 'has another description'],
  ['services', 'administers other services'],
  ['policyTypes', 'has other policy types'],
  ['featureSet', 'has another feature set'],
  ['masterAccountEmail', 'has another e-mail address of its management account'],
  ['startTimestamp', 'has another start'],
  ['endTimestamp', 'was set to end'],
];

const NOUNS: Readonly<Partial<Record<ChangedType, string>>> = {
  ORGANIZATION: 'Organization',
  ROOT: 'Root',
  RESOURCE_POLICY: 'Resource policy',
};

function subjectOf(change: Change, names: Names): string {
  const { type, objectName, objectId } = change;
  if (type === 'POLICY_ATTACHMENT') {
    const policy = memberOf(change, 'policy');
    const id = text(policy?.after) ?? text(policy?.before);
    return (id && names.get(id)) ?? id ?? 'A policy';
  }
  if (type === 'HANDSHAKE') return objectName ?? names.get(objectId) ?? `Invitation ${objectId}`;
  return objectName ?? NOUNS[type] ?? groupedId(objectId);
}

const named = (value: unknown, names: Names): ShownValue => {
  const id = text(value);
  return id === undefined ? shownValue(value) : { text: names.get(id) ?? id };
};

const day = (value: unknown, now: Date): ShownValue => {
  const time = text(value);
  return time === undefined ? { text: 'No end' } : { text: utcDay(new Date(time), now) };
};

/** Says what a change is, in the words of the page. */
export function describe(change: Change, names: Names, now: Date): Description {
  const { kind, type } = change;
  const subject = subjectOf(change, names);
  if (type === 'TAG') return tagDescription(subject, change);
  if (type === 'POLICY_ATTACHMENT') {
    const target = { text: change.objectName ?? names.get(change.objectId) ?? groupedId(change.objectId) };
    return { subject, verb: verbOf(kind, type), ...(kind === 'REMOVED' ? { before: target } : { after: target }) };
  }
  if (kind !== 'CHANGED') return { subject, verb: presenceVerb(change), ...presenceValue(change, names, now) };
  const state = memberOf(change, 'state') ?? memberOf(change, 'status');
  if (state !== undefined) {
    const verb = STATE_VERBS[type]?.[String(state.after)] ?? 'changed';
    return { subject, verb, before: shownValue(state.before), after: shownValue(state.after) };
  }
  for (const [name, verb] of MEMBER_VERBS) {
    const member = memberOf(change, name);
    if (member === undefined) continue;
    if (name === 'content') return { subject, verb, ...documentSizes(member.before, member.after) };
    if (name === 'services' || name === 'policyTypes') return { subject, verb };
    const show = (value: unknown) =>
      name === 'parent' ? named(value, names) : name.endsWith('Timestamp') ? day(value, now) : shownValue(value);
    return { subject, verb, before: show(member.before), after: show(member.after) };
  }
  const [first] = change.members;
  return { subject, verb: first === undefined ? 'changed' : `has another ${words(first.name)}` };
}

const verbOf = (kind: ChangeKind, type: ChangedType): string =>
  (kind === 'ADDED' ? ADDED : REMOVED)[type] ?? (kind === 'ADDED' ? 'is new' : 'is gone');

function presenceVerb(change: Change): string {
  const { kind, type } = change;
  if (type !== 'HANDSHAKE' || kind !== 'ADDED') return verbOf(kind, type);
  const action = memberOf(change, 'action')?.after;
  return action === 'TRANSFER_RESPONSIBILITY' ? 'invited to a transfer' : 'invited to join';
}

/** Where a new object is, or its state. */
function presenceValue(change: Change, names: Names, now: Date): Pick<Description, 'after' | 'before'> {
  const parent = memberOf(change, 'parent');
  if (change.kind === 'REMOVED') return parent ? { before: named(parent.before, names) } : {};
  if (parent !== undefined) return { after: { text: `in ${named(parent.after, names).text}` } };
  const state = memberOf(change, 'state') ?? memberOf(change, 'status');
  if (state === undefined) return {};
  const shown = shownValue(state.after);
  const start = text(memberOf(change, 'startTimestamp')?.after);
  const until = text(memberOf(change, 'expirationTimestamp')?.after);
  const more = start
    ? `, start ${utcDay(new Date(start), now)}`
    : until
      ? `, until ${utcDay(new Date(until), now)}`
      : '';
  return { after: { ...shown, text: shown.text + more } };
}

function tagDescription(subject: string, change: Change): Description {
  const tags = memberOf(change, 'tags');
  const [first, ...others] = tagChanges(tags?.before, tags?.after);
  const after = first && { text: others.length === 0 ? first : `${first} and ${counted(others.length, 'other')}` };
  return { subject, verb: change.kind === 'REMOVED' ? 'untagged' : 'tagged', ...(after && { after }) };
}

/** How many statements a document had and has. */
function documentSizes(before: unknown, after: unknown): Pick<Description, 'before' | 'after'> {
  const [old, present] = [before, after].map(actionsOf);
  if (old === undefined || present === undefined) return {};
  return { before: { text: counted(old, 'action') }, after: { text: counted(present, 'action') } };
}

/** The number of actions in a control policy; undefined for other documents. */
function actionsOf(content: unknown): number | undefined {
  try {
    const { Statement } = JSON.parse(text(content) ?? '');
    const statements = Array.isArray(Statement) ? Statement : [Statement];
    return statements.reduce((sum: number, { Action, NotAction }) => sum + [Action ?? NotAction].flat().length, 0);
  } catch {
    return undefined;
  }
}

/** "joinedTimestamp" as "joined timestamp". */
export const words = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** Who made the change, or how it was found. */
export function sourceOf({ source, caller }: Pick<Change, 'source' | 'caller'>): string {
  if (caller !== null) return caller;
  return { GATEWAY: 'This gateway', HINT: 'Seen by CloudTrail', POLL: 'Seen by polling' }[source];
}
