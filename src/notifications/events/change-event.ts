import type { MemberChange, WatchEvent } from '../../watcher/index.ts';
import { memberChanges } from '../../watcher/member-changes.ts';
import type { EventDraft } from './event.ts';
import { describeObject, type EventObject, type Included, type NotifiedList, type ObjectType } from './objects.ts';

/** A change that a log reports. */
export interface ReportedChange {
  readonly type: ObjectType;
  readonly list: NotifiedList;
  readonly event: WatchEvent<unknown> & { readonly members?: readonly MemberChange[] };
}

export interface EventContext {
  /** The ARN of the organization, or the account of a principal without one. */
  readonly owner: string;
  readonly include: Included;
}

const kinds: Readonly<Record<string, string>> = { ADDED: 'added', CHANGED: 'changed', REMOVED: 'removed' };

export const sourceOf = (owner: string, list: NotifiedList): string => `${owner}#${list}`;

/** The CloudEvent of a change; undefined for events that report none. */
export function changeEvent({ type, list, event }: ReportedChange, context: EventContext): EventDraft | undefined {
  const { record, object, observedAt } = event;
  const kind = kinds[event.type];
  if (kind === undefined || record === undefined || object === null) return undefined;
  const described = describeObject(list, object, context.include);
  const { epoch, sequence, part } = record;
  return {
    // Standard Webhooks separates the parts of what it signs by dots.
    id: [epoch, sequence, ...(part === 0 ? [] : [part])].join(':'),
    source: sourceOf(context.owner, list),
    type: `dev.orgql.${type}.${kind}.v1`,
    subject: described.id,
    time: observedAt.toISOString(),
    data: { [type]: described, members: membersOf(list, event, context.include) },
  };
}

/** The member whose previous value every log has. */
const stateMember: { readonly [L in NotifiedList]?: string } = {
  organizationHandshakes: 'state',
  accountHandshakes: 'state',
  inboundResponsibilityTransfers: 'status',
  outboundResponsibilityTransfers: 'status',
  createAccountStatuses: 'state',
};

function membersOf(list: NotifiedList, event: ReportedChange['event'], include: Included): readonly MemberChange[] {
  if (event.members !== undefined) return event.members.map((change) => withoutPersonalData(change, include));
  if (event.type !== 'CHANGED') return [];
  if (event.previous !== undefined)
    return memberChanges(list, event.previous, event.object).map((change) => withoutPersonalData(change, include));
  const name = stateMember[list];
  if (name === undefined) return [];
  const after = (describeObject(list, event.object, include) as EventObject)[name] ?? null;
  return after === event.previousState ? [] : [{ name, before: event.previousState, after }];
}

/** A change of personal data is reported, and its values are not. */
function withoutPersonalData(change: MemberChange, include: Included): MemberChange {
  const { name, before, after } = change;
  if (name === 'email' && !include.has('email')) return { name, before: null, after: null };
  if (name === 'tags' && !include.has('tags')) return { name, before: keysOf(before), after: keysOf(after) };
  return change;
}

const keysOf = (tags: unknown): unknown =>
  Array.isArray(tags) ? (tags as readonly { readonly key?: string }[]).map(({ key }) => ({ key })) : tags;
