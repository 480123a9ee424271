import type {
  CompletedWrite,
  CreateAccountStatus,
  Handshake,
  HandshakeResource,
  ResponsibilityTransfer,
  WriteName,
} from '../upstream/index.ts';
import { responsibilityTransferKind } from './kinds.ts';
import type { WatchedList } from './types.ts';

/** The members by which writes answer with what they changed, in AWS's spelling. */
interface Reply {
  readonly Handshake?: Handshake | undefined;
  readonly ResponsibilityTransfer?: ResponsibilityTransfer | undefined;
  readonly CreateAccountStatus?: CreateAccountStatus | undefined;
}

/** What a write of this process tells the watcher. */
export interface WriteEffect extends Reply {
  /** The list of the writing principal that holds the object in the reply, also when it is new. */
  readonly home: WatchedList | undefined;
  /** Lists of the writing principal that the write may have changed besides: looked at, at once. */
  readonly nudges: readonly WatchedList[];
  /** Objects that other principals may await: their pollers look at once, and are told nothing. */
  readonly ids: readonly string[];
  /** The account that was invited, if the write is an invitation to an account. */
  readonly invitedAccountId: string | undefined;
}

const handshakeLists = ['organizationHandshakes', 'accountHandshakes'] as const;
const transferLists = ['inboundResponsibilityTransfers', 'outboundResponsibilityTransfers'] as const;

/** Which lists a handshake's moves change beside the one that holds it. */
const nudgesByAction: Readonly<Record<string, readonly WatchedList[]>> = {
  // The transfer takes the state of its handshake.
  TRANSFER_RESPONSIBILITY: transferLists,
  // Starting it cancels open invitations and asks the members; canceling it cancels what it asked.
  // https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_org_support-all-features.html
  ENABLE_ALL_FEATURES: handshakeLists,
  // The last approval opens the parent handshake.
  APPROVE_ALL_FEATURES: handshakeLists,
  ADD_ORGANIZATIONS_SERVICE_LINKED_ROLE: handshakeLists,
};

/** Writes that answer with none of the watched objects, and may change some. */
const nudgesByOperation: { readonly [O in WriteName]?: readonly WatchedList[] } = {
  CreateOrganization: [...handshakeLists, ...transferLists],
  DeleteOrganization: [...handshakeLists, ...transferLists],
  LeaveOrganization: handshakeLists,
  RemoveAccountFromOrganization: handshakeLists,
};

/** Handshakes are answered by who received them; all other writes are their sender's. ENABLE_ALL_FEATURES has no recipient. */
const homeOf = (operation: WriteName, { Action }: Handshake): WatchedList =>
  (operation === 'AcceptHandshake' || operation === 'DeclineHandshake') && Action !== 'ENABLE_ALL_FEATURES'
    ? 'accountHandshakes'
    : 'organizationHandshakes';

const transferIdsIn = (resources: readonly HandshakeResource[] = []): string[] =>
  resources.flatMap(({ Type, Value }) => (Type === 'RESPONSIBILITY_TRANSFER' && Value !== undefined ? [Value] : []));

const isWrite = <O extends WriteName>(
  write: CompletedWrite,
  operation: O,
): write is CompletedWrite & CompletedWrite<O> => write.operation === operation;

const invitedAccount = (write: CompletedWrite): string | undefined => {
  const invites =
    isWrite(write, 'InviteAccountToOrganization') || isWrite(write, 'InviteOrganizationToTransferResponsibility');
  if (!invites) return undefined;
  const { Target } = write.input;
  return Target?.Type === 'ACCOUNT' ? Target.Id : undefined;
};

const nothing = { home: undefined, nudges: [], ids: [], invitedAccountId: undefined } as const;

/** What a write means for the watched lists; undefined when nothing. */
export const effectOf = (write: CompletedWrite): WriteEffect | undefined => {
  const { Handshake, ResponsibilityTransfer, CreateAccountStatus }: Reply = write.output;
  if (Handshake !== undefined) {
    const { Id, Action, Resources } = Handshake;
    return {
      Handshake,
      home: homeOf(write.operation, Handshake),
      nudges: nudgesByAction[Action ?? ''] ?? [],
      ids: [...(Id === undefined ? [] : [Id]), ...transferIdsIn(Resources)],
      invitedAccountId: invitedAccount(write),
    };
  }
  if (ResponsibilityTransfer !== undefined) {
    const { Id } = ResponsibilityTransfer;
    const [home] = responsibilityTransferKind.listsOf(ResponsibilityTransfer, undefined);
    return { ...nothing, ResponsibilityTransfer, home, ids: Id === undefined ? [] : [Id] };
  }
  if (CreateAccountStatus !== undefined) return { ...nothing, CreateAccountStatus, home: 'createAccountStatuses' };
  const nudges = nudgesByOperation[write.operation];
  return nudges === undefined ? undefined : { ...nothing, nudges };
};
