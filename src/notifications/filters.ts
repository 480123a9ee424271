import type { NotificationConfig } from '../config/index.ts';
import { handshakeMatches, organizationalUnitMatches, responsibilityTransferMatches } from '../inventory/filters.ts';
import { accountObjectFilter } from '../inventory/object-filters.ts';
import type { aws } from '../upstream/index.ts';
import type { ChangedObjects, ObjectFilter } from '../watcher/index.ts';
import type { ObjectType } from './events/objects.ts';

type Filter = NotificationConfig['filter'];
type Matches = (object: unknown) => boolean;

const dateOf = (text: string | undefined): Date | undefined => (text === undefined ? undefined : new Date(text));

/** Whether an event of an object is sent, as the object is after the change. Accounts have `accountFilter` instead. */
export function matcherOf(type: ObjectType, filter: Filter): Matches {
  switch (type) {
    case 'handshake': {
      const { expiresBefore, ...rest } = filter.handshake ?? {};
      return handshakeMatches({ ...rest, expiresBefore: dateOf(expiresBefore) }) as Matches;
    }
    case 'responsibilityTransfer':
      return responsibilityTransferMatches(filter.responsibilityTransfer ?? {}) as Matches;
    case 'organizationalUnit':
      return organizationalUnitMatches(filter.organizationalUnit ?? {}) as Matches;
    case 'policy':
      return hasMember<aws.PolicySummary>('Type', filter.policy?.type);
    case 'policyAttachment': {
      const { policyId, targetId } = filter.policyAttachment ?? {};
      const ofPolicy = hasMember<ChangedObjects['policyAttachments']>('PolicyId', policyId);
      const ofTarget = hasMember<ChangedObjects['policyAttachments']>('TargetId', targetId);
      return (object) => ofPolicy(object) && ofTarget(object);
    }
    case 'createAccountStatus': {
      const states = filter.createAccountStatus?.states;
      return (object) => states === undefined || states.includes((object as aws.CreateAccountStatus).State ?? '');
    }
    default:
      return () => true;
  }
}

const hasMember =
  <T>(member: keyof T, value: unknown): Matches =>
  (object) =>
    value === undefined || (object as T)[member] === value;

/** Accounts that begin or cease to match are added or removed, as in the graph's subscription. */
export function accountFilter({ account }: Filter): ObjectFilter<aws.Account> | undefined {
  if (account === undefined || Object.keys(account).length === 0) return undefined;
  const { joinedSince, joinedUntil, ...rest } = account;
  const key = JSON.stringify(Object.entries(account).sort(([a], [b]) => (a < b ? -1 : 1)));
  return accountObjectFilter(key, { ...rest, joinedSince: dateOf(joinedSince), joinedUntil: dateOf(joinedUntil) });
}
