import type { aws } from '../upstream/index.ts';
import type { KeptListName } from './kept-types.ts';
import type { ObjectChanges } from './object-changes.ts';
import type { Hint } from './types.ts';

const enabledTypesIn = (root: unknown): readonly string[] =>
  ((root as aws.Root | undefined)?.PolicyTypes ?? []).flatMap(({ Type, Status }) =>
    Type !== undefined && Status === 'ENABLED' ? Type : [],
  );

/**
 * What no longer exists after these changes, and objects of other lists may depend on: ids of removed objects, and
 * disabled policy types.
 */
export function* goneAfter(list: KeptListName, changes: ObjectChanges): Generator<string> {
  for (const [id, { before, after }] of changes ?? []) {
    if (after === undefined) yield id;
    if (list !== 'roots') continue;
    const enabled = enabledTypesIn(after);
    yield* enabledTypesIn(before).filter((type) => !enabled.includes(type));
  }
}

/** Ids of added objects and enabled policy types, which parts of other lists may belong to. */
export function* newAfter(list: KeptListName, changes: ObjectChanges): Generator<string> {
  for (const [id, { before, after }] of changes ?? []) {
    if (before === undefined) yield id;
    if (list !== 'roots') continue;
    const enabled = enabledTypesIn(before);
    yield* enabledTypesIn(after).filter((type) => !enabled.includes(type));
  }
}

/** Undefined if the list shows no new account; empty if it shows one without its id. */
const joinedIn = (list: KeptListName, object: unknown): readonly string[] | undefined => {
  if (list === 'createAccountStatuses') {
    const { State, AccountId } = object as aws.CreateAccountStatus;
    return State === 'SUCCEEDED' && AccountId !== undefined ? [AccountId] : undefined;
  }
  if (list !== 'organizationHandshakes') return undefined;
  const { Action, State, Parties = [] } = object as aws.Handshake;
  if (Action !== 'INVITE' || State !== 'ACCEPTED') return undefined;
  return Parties.flatMap(({ Type, Id }) => (Type === 'ACCOUNT' && Id !== undefined ? Id : []));
};

/**
 * An account that is created or accepts an invitation causes no event unless CloudTrail's are passed on. Returns hints
 * of the accounts that these changes of a watched list say have joined.
 */
export const joiningHints = (list: KeptListName, changes: ObjectChanges): readonly Hint[] =>
  [...(changes ?? [])].flatMap(([, { before, after }]) => {
    const account = after === undefined ? undefined : joinedIn(list, after);
    const isKnown = before !== undefined && joinedIn(list, before) !== undefined;
    if (account === undefined || isKnown) return [];
    const ids = account.length === 0 ? {} : { account };
    return { eventName: 'CreateAccountResult', accountIds: [], objectIds: [], ids };
  });
