import type { ActionScope } from '../../actions/action-button.tsx';
import { handOver, NEW_POLICY } from '../../actions/hand-over.ts';
import { linkOfTags } from '../../actions/tags-link.ts';
import type { Params } from '../../data/location.ts';
import type { ChangedType } from './activity.generated.ts';
import { type Change, memberOf } from './describe.ts';
import { tagsOf } from './values.ts';

/** The opposite of a change: the form that makes it, filled in. */
export interface Opposite {
  readonly path: string;
  readonly params: Params;
  readonly scope: ActionScope;
  /** A policy's former document, which is too long for a URL. */
  readonly document?: { readonly policyId: string; readonly content: string };
}

/** Why there is none. */
export interface NoOpposite {
  readonly why: string;
}

const WRITE = 'organization:write';

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

const form = (path: string, params: Params, scope: ActionScope = WRITE): Opposite => ({ path, params, scope });

/** The form that takes a change back, or why there is none. */
export function oppositeOf(change: Change): Opposite | NoOpposite {
  switch (change.type) {
    case 'TAG':
      return tagsBack(change);
    case 'ACCOUNT':
      return accountBack(change);
    case 'ORGANIZATIONAL_UNIT':
      return unitBack(change);
    case 'POLICY':
      return policyBack(change);
    case 'POLICY_ATTACHMENT':
      return attachmentBack(change);
    case 'HANDSHAKE':
      return change.kind === 'ADDED'
        ? form('/invitations', { side: 'sent', open: change.objectId, action: 'cancel' }, 'handshakes:send')
        : { why: 'The answer to an invitation stands. Send a new invitation if it is still needed.' };
    case 'RESPONSIBILITY_TRANSFER':
      return transferBack(change);
    default:
      return { why: WHY[change.type] ?? 'This page has no form for the opposite.' };
  }
}

const WHY: Readonly<Partial<Record<ChangedType, string>>> = {
  CREATE_ACCOUNT_STATUS: 'An account that was created can only be closed, which cannot be taken back.',
};

function tagsBack({ objectId, members }: Change): Opposite | NoOpposite {
  const before = tagsOf(memberOf({ members }, 'tags')?.before);
  const params = { open: objectId, action: 'tags', ...linkOfTags(before) };
  if (objectId.startsWith('rt-')) return form('/transfers', params);
  if (/^(\d{12}|ou-.*|r-.*)$/.test(objectId)) return form('/organization', params);
  return { why: 'This page has no form for the tags of this object.' };
}

function accountBack(change: Change): Opposite | NoOpposite {
  const { objectId, kind } = change;
  if (kind === 'ADDED') return { why: 'An account that has joined stays until it is removed or leaves.' };
  if (kind === 'REMOVED') {
    return { why: 'An account that has left can only join again: invite it. It gets a new invitation to accept.' };
  }
  const parent = text(memberOf(change, 'parent')?.before);
  if (parent !== undefined) return form('/organization', { open: objectId, action: 'move', 'with-to': parent });
  if (memberOf(change, 'state') ?? memberOf(change, 'status')) {
    return { why: 'AWS cannot reopen an account by its API. Within 90 days after it was closed, AWS Support can.' };
  }
  return { why: 'Name and e-mail address are changed in the account itself.' };
}

function unitBack(change: Change): Opposite | NoOpposite {
  const { objectId, kind } = change;
  if (kind === 'ADDED') return form('/organization', { open: objectId, action: 'delete' });
  if (kind === 'REMOVED')
    return { why: 'A deleted unit cannot be brought back. A new one of the same name has another id.' };
  const name = text(memberOf(change, 'name')?.before);
  if (name !== undefined) return form('/organization', { open: objectId, action: 'rename', 'with-name': name });
  return { why: 'AWS cannot move a unit.' };
}

function policyBack(change: Change): Opposite | NoOpposite {
  const { objectId, kind } = change;
  if (kind === 'ADDED') return form('/policies', { policy: objectId, action: 'delete' });
  const [name, description, content] = ['name', 'description', 'content'].map((member) =>
    text(memberOf(change, member)?.before),
  );
  const filled = { 'with-name': name, 'with-description': description };
  if (kind === 'CHANGED') {
    return {
      ...form('/policies', { policy: objectId, action: 'edit', ...filled }),
      ...(content !== undefined && { document: { policyId: objectId, content } }),
    };
  }
  if (content === undefined) return { why: 'The document of the deleted policy is not kept.' };
  return {
    ...form('/policies', { type: text(memberOf(change, 'type')?.before), action: 'new', ...filled }),
    document: { policyId: NEW_POLICY, content },
  };
}

function attachmentBack(change: Change): Opposite | NoOpposite {
  const policy = memberOf(change, 'policy');
  const id = text(policy?.after) ?? text(policy?.before);
  if (id === undefined) return { why: 'The policy is not known.' };
  const action = change.kind === 'ADDED' ? 'detach' : 'attach';
  return form('/policies', { policy: id, action, 'with-target': change.objectId });
}

function transferBack(change: Change): Opposite | NoOpposite {
  const { objectId, kind } = change;
  if (kind === 'ADDED') return form('/transfers', { open: objectId, action: 'cancel' }, 'handshakes:send');
  const name = text(memberOf(change, 'name')?.before);
  if (name !== undefined && !memberOf(change, 'status')) {
    return form('/transfers', { open: objectId, action: 'rename', 'with-name': name }, 'transfers:manage');
  }
  return memberOf(change, 'endTimestamp')
    ? { why: 'The end of a transfer cannot be taken back. Invite the customer again for the time after it.' }
    : { why: 'The answer to an invitation stands. An accepted transfer can be ended, at the end of a month.' };
}

/** Keeps the document for the form that is opened next. */
export function prepare({ document }: Opposite): void {
  if (document !== undefined) handOver(document.policyId, document.content);
}
