import type { NotificationConfig } from '../../config/index.ts';
import type { aws } from '../../upstream/index.ts';
import type { ChangedObjects, WatchedObjects } from '../../watcher/index.ts';
import { attachmentId } from '../../watcher/kept-kinds.ts';
import { parentOfAccount } from '../../watcher/kept-paths.ts';

/** What a destination can be notified of, as in the setting `events`. */
export type ObjectType = NotificationConfig['events'][number];
/** Personal data, which is left out unless it is listed. */
export type Included = ReadonlySet<NotificationConfig['include'][number]>;

export type NotifiedObjects = WatchedObjects & ChangedObjects;
export type NotifiedList = keyof NotifiedObjects;

/** The lists in which the objects of each type are. */
export const listsOfType: Readonly<Record<ObjectType, readonly NotifiedList[]>> = {
  handshake: ['organizationHandshakes', 'accountHandshakes'],
  responsibilityTransfer: ['inboundResponsibilityTransfers', 'outboundResponsibilityTransfers'],
  account: ['accounts'],
  organizationalUnit: ['organizationalUnits'],
  policy: ['policies'],
  policyAttachment: ['policyAttachments'],
  delegatedAdministrator: ['delegatedAdministrators'],
  createAccountStatus: ['createAccountStatuses'],
};

/** An object as JSON, with the members of the graph. Members without a value are left out. */
export type EventObject = Readonly<Record<string, unknown>>;

type Describe<T> = (object: T, include: Included) => EventObject;

const time = (date: Date | undefined): string | undefined => date?.toISOString();

const handshake: Describe<aws.Handshake> = (object, include) => ({
  id: object.Id,
  arn: object.Arn,
  action: object.Action,
  state: object.State,
  requestedTimestamp: time(object.RequestedTimestamp),
  expirationTimestamp: time(object.ExpirationTimestamp),
  // The id of a party may be its e-mail address.
  parties: object.Parties?.map(({ Id, Type }) =>
    Type === 'EMAIL' && !include.has('email') ? { type: Type } : { id: Id, type: Type },
  ),
  resources: resourcesOf(object.Resources, include),
});

const emailResources: ReadonlySet<string | undefined> = new Set(['EMAIL', 'MASTER_EMAIL', 'MANAGEMENT_EMAIL']);

const resourcesOf = (
  resources: readonly aws.HandshakeResource[] | undefined,
  include: Included,
): readonly EventObject[] | undefined =>
  resources
    ?.filter(({ Type }) => Type !== 'NOTES' || include.has('notes'))
    .filter(({ Type }) => !emailResources.has(Type) || include.has('email'))
    .map(({ Type, Value, Resources }) => ({ type: Type, value: Value, resources: resourcesOf(Resources, include) }));

const participant = (account: aws.ResponsibilityTransfer['Source'], include: Included): EventObject | undefined =>
  account && {
    managementAccountId: account.ManagementAccountId,
    managementAccountEmail: include.has('email') ? account.ManagementAccountEmail : undefined,
  };

const responsibilityTransfer: Describe<aws.ResponsibilityTransfer> = (object, include) => ({
  id: object.Id,
  arn: object.Arn,
  name: object.Name,
  type: object.Type,
  status: object.Status,
  source: participant(object.Source, include),
  target: participant(object.Target, include),
  startTimestamp: time(object.StartTimestamp),
  endTimestamp: time(object.EndTimestamp),
  activeHandshakeId: object.ActiveHandshakeId,
});

const describers: { readonly [L in NotifiedList]: Describe<NotifiedObjects[L]> } = {
  organizationHandshakes: handshake,
  accountHandshakes: handshake,
  inboundResponsibilityTransfers: responsibilityTransfer,
  outboundResponsibilityTransfers: responsibilityTransfer,
  createAccountStatuses: (object) => ({
    id: object.Id,
    accountName: object.AccountName,
    state: object.State,
    requestedTimestamp: time(object.RequestedTimestamp),
    completedTimestamp: time(object.CompletedTimestamp),
    accountId: object.AccountId,
    govCloudAccountId: object.GovCloudAccountId,
    failureReason: object.FailureReason,
  }),
  accounts: (object, include) => ({
    id: object.Id,
    arn: object.Arn,
    name: object.Name,
    email: include.has('email') ? object.Email : undefined,
    state: object.State,
    status: object.Status,
    joinedMethod: object.JoinedMethod,
    joinedTimestamp: time(object.JoinedTimestamp),
    parent: parentOfAccount(object),
  }),
  organizationalUnits: ({ Id, Arn, Name, ParentId }) => ({ id: Id, arn: Arn, name: Name, parent: ParentId }),
  policies: ({ Id, Arn, Name, Description, Type, AwsManaged }) => ({
    id: Id,
    arn: Arn,
    name: Name,
    description: Description,
    type: Type,
    awsManaged: AwsManaged,
  }),
  policyAttachments: ({ PolicyId, TargetId }) => ({
    id: attachmentId(TargetId, PolicyId),
    policyId: PolicyId,
    targetId: TargetId,
  }),
  delegatedAdministrators: (object, include) => ({
    id: object.Id,
    arn: object.Arn,
    name: object.Name,
    email: include.has('email') ? object.Email : undefined,
    state: object.State,
    status: object.Status,
    joinedMethod: object.JoinedMethod,
    joinedTimestamp: time(object.JoinedTimestamp),
    delegationEnabledDate: time(object.DelegationEnabledDate),
    delegatedServices: object.Services.map(({ ServicePrincipal, DelegationEnabledDate }) => ({
      servicePrincipal: ServicePrincipal,
      delegationEnabledDate: time(DelegationEnabledDate),
    })),
  }),
};

/** The object as events show it. */
export function describeObject(list: NotifiedList, object: unknown, include: Included): EventObject & { id: string } {
  const described = (describers[list] as Describe<unknown>)(object, include);
  return { ...described, id: String(described['id'] ?? '') };
}
