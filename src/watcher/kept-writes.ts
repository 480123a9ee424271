import type { aws, CompletedWrite, ReadName, WriteName } from '../upstream/index.ts';
import { idsOfEvent } from './event-ids.ts';
import { readsWith } from './kept-hints.ts';
import { attachmentId, keptKinds, type SweptListName } from './kept-kinds.ts';
import { accountBelow } from './kept-paths.ts';
import type { KeptDelegatedAdministrator, KeptListName, KeptObjects, KeptOrganizationalUnit } from './kept-types.ts';
import { enabledPolicyTypes, listOfResource, organizationOf } from './known-lists.ts';
import { organizationEvents } from './organization-events.ts';
import type { KeptEffects, KeptPut, KnownLists, RequestedRead } from './sweep-types.ts';

type Deletes = KeptEffects['deletes'];

/** What a write does to the copy, without the reads that verify it. */
interface Changes {
  readonly puts?: readonly (KeptPut | undefined)[];
  readonly deletes?: Deletes;
  /** The operations whose reads follow. Default: those of the event with the write's name. */
  readonly reads?: readonly ReadName[];
  /** All lists are read anew. */
  readonly changesAll?: boolean;
}

type Write<O extends WriteName> = Pick<CompletedWrite<O>, 'input' | 'output'>;
type ChangesOf<O extends WriteName> = (write: Write<O>, lists: KnownLists) => Changes | undefined;

const put = <L extends KeptListName>(list: L, object: KeptObjects[L] | undefined): KeptPut | undefined =>
  object === undefined ? undefined : ({ list, object } as KeptPut);

const remove = (list: KeptListName, ids: Iterable<string | undefined>): Deletes =>
  [...ids].flatMap((id) => (id === undefined ? [] : { list, id }));

const known = <L extends KeptListName>(
  lists: KnownLists,
  list: L,
  id: string | undefined,
): KeptObjects[L] | undefined => lists.objects(list).get(id ?? '')?.object;

const attachmentIdsOf = (lists: KnownLists, targetId: string | undefined): readonly string[] =>
  [...lists.objects('policyAttachments')].filter(([, { object }]) => object.TargetId === targetId).map(([id]) => id);

const tagsOf = (ResourceId: string | undefined, Tags: readonly aws.Tag[] = []): KeptPut | undefined =>
  ResourceId === undefined ? undefined : put('tags', { ResourceId, Tags });

/**
 * AWS attaches these to each new root, unit and account while their type is enabled.
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html and ..._rcps.html
 */
const defaultPolicies: { readonly [T in aws.PolicyType]?: string } = {
  SERVICE_CONTROL_POLICY: 'p-FullAWSAccess',
  RESOURCE_CONTROL_POLICY: 'p-RCPFullAWSAccess',
};

/** The policies that AWS attaches to a new root, unit and account. */
export const defaultPolicyIds = (lists: KnownLists): readonly string[] =>
  enabledPolicyTypes(lists).flatMap((type) => defaultPolicies[type] ?? []);

const defaultAttachments = (lists: KnownLists, TargetId: string | undefined): readonly (KeptPut | undefined)[] =>
  TargetId === undefined
    ? []
    : defaultPolicyIds(lists).map((PolicyId) => put('policyAttachments', { PolicyId, TargetId }));

const unitOf = (unit: aws.OrganizationalUnit | undefined, ParentId: string | undefined) =>
  unit && ParentId !== undefined ? ({ ...unit, ParentId } satisfies KeptOrganizationalUnit) : undefined;

/** The copy has only policies of enabled types. */
const policyPuts = (lists: KnownLists, policy: aws.Policy | undefined): readonly (KeptPut | undefined)[] => {
  const { PolicySummary, Content } = policy ?? {};
  const { Id: PolicyId, Type } = PolicySummary ?? {};
  if (PolicyId === undefined || Type === undefined || !enabledPolicyTypes(lists).includes(Type)) return [];
  return [
    put('policies', PolicySummary),
    Content === undefined ? undefined : put('policyContents', { PolicyId, Content }),
  ];
};

const changedTags = (
  lists: KnownLists,
  id: string | undefined,
  change: (tags: readonly aws.Tag[]) => readonly aws.Tag[],
): Changes | undefined => {
  if (id === undefined || listOfResource(id) === undefined) return undefined;
  const tags = known(lists, 'tags', id)?.Tags;
  return { puts: [tags && tagsOf(id, change(tags))] };
};

/** Puts an administrator with these services, or deletes one without. */
const withServices = (
  administrator: KeptDelegatedAdministrator | aws.Account | undefined,
  Services: readonly aws.DelegatedService[],
): Changes =>
  Services.length === 0
    ? { deletes: remove('delegatedAdministrators', [administrator?.Id]) }
    : { puts: [administrator && put('delegatedAdministrators', delegatedAdministrator(administrator, Services))] };

const delegatedAdministrator = (
  {
    Paths,
    ...administrator
  }: (KeptDelegatedAdministrator | aws.Account) & { readonly Paths?: readonly string[] | undefined },
  Services: readonly aws.DelegatedService[],
): KeptDelegatedAdministrator => ({ ...administrator, Services });

const without = (services: readonly aws.DelegatedService[], name: string | undefined) =>
  services.filter(({ ServicePrincipal }) => ServicePrincipal !== name);

const closing = <T extends aws.Account>(account: T | undefined): T | undefined =>
  account && {
    ...account,
    State: 'PENDING_CLOSURE',
    ...(account.Status !== undefined && { Status: 'PENDING_CLOSURE' }),
  };

/** The principal is in no organization any more, or in another one. */
const leave: ChangesOf<WriteName> = (_write, lists) => ({
  deletes: remove('organization', lists.objects('organization').keys()),
  changesAll: true,
});
const nothing: ChangesOf<WriteName> = () => undefined;

/** What a handshake's acceptance changes besides the handshake. */
const acceptedChanges = (handshake: aws.Handshake | undefined, lists: KnownLists): Changes | undefined => {
  switch (handshake?.Action) {
    case 'INVITE':
      return { reads: [], changesAll: true };
    case 'ENABLE_ALL_FEATURES': {
      const organization = organizationOf(lists);
      const changed = organization && ({ ...organization, FeatureSet: 'ALL' } as const);
      return { puts: [put('organization', changed)], reads: ['DescribeOrganization', 'ListRoots'] };
    }
    case 'APPROVE_ALL_FEATURES':
      return { reads: ['DescribeOrganization'] };
    default:
      return undefined;
  }
};

const changesByWrite: { readonly [O in WriteName]: ChangesOf<O> } = {
  CreateOrganization: ({ output }) => ({ puts: [put('organization', output.Organization)], changesAll: true }),
  DeleteOrganization: leave,
  LeaveOrganization: leave,
  EnableAllFeatures: () => ({ reads: ['DescribeOrganization', 'ListRoots'] }),
  AcceptHandshake: ({ output }, lists) => acceptedChanges(output.Handshake, lists),
  // They change handshakes and transfers only, or accounts later: see own-writes.ts.
  CancelHandshake: nothing,
  DeclineHandshake: nothing,
  InviteAccountToOrganization: nothing,
  InviteOrganizationToTransferResponsibility: nothing,
  UpdateResponsibilityTransfer: nothing,
  TerminateResponsibilityTransfer: nothing,
  CreateAccount: nothing,
  CreateGovCloudAccount: nothing,

  CloseAccount: ({ input: { AccountId } }, lists) => ({
    puts: [
      put('accounts', closing(known(lists, 'accounts', AccountId))),
      put('delegatedAdministrators', closing(known(lists, 'delegatedAdministrators', AccountId))),
    ],
  }),
  MoveAccount({ input: { AccountId, DestinationParentId = '' } }, lists) {
    const account = known(lists, 'accounts', AccountId);
    const moved = account && accountBelow(lists, DestinationParentId, account);
    return { puts: [moved === account ? undefined : put('accounts', moved)] };
  },
  RemoveAccountFromOrganization: ({ input: { AccountId } }, lists) => ({
    deletes: [
      ...remove('accounts', [AccountId]),
      ...remove('policyAttachments', attachmentIdsOf(lists, AccountId)),
      ...remove('tags', [AccountId]),
      ...remove('delegatedAdministrators', [AccountId]),
    ],
  }),

  CreateOrganizationalUnit: ({ input, output: { OrganizationalUnit } }, lists) => ({
    puts: [
      put('organizationalUnits', unitOf(OrganizationalUnit, input.ParentId)),
      ...defaultAttachments(lists, OrganizationalUnit?.Id),
      tagsOf(OrganizationalUnit?.Id, input.Tags),
    ],
    // AWS attaches no policies of other types, so that none have to be read if these are not enabled.
    reads: [
      'DescribeOrganizationalUnit',
      ...(enabledPolicyTypes(lists).some((type) => defaultPolicies[type] !== undefined)
        ? (['ListPoliciesForTarget'] as const)
        : []),
      'ListTagsForResource',
    ],
  }),
  UpdateOrganizationalUnit({ input, output: { OrganizationalUnit } }, lists) {
    const unit = known(lists, 'organizationalUnits', input.OrganizationalUnitId);
    return { puts: [put('organizationalUnits', unitOf(OrganizationalUnit, unit?.ParentId))] };
  },
  DeleteOrganizationalUnit: ({ input: { OrganizationalUnitId } }, lists) => ({
    deletes: [
      ...remove('organizationalUnits', [OrganizationalUnitId]),
      ...remove('policyAttachments', attachmentIdsOf(lists, OrganizationalUnitId)),
      ...remove('tags', [OrganizationalUnitId]),
    ],
  }),

  CreatePolicy({ input, output: { Policy } }, lists) {
    const puts = policyPuts(lists, Policy);
    return puts.length === 0 ? undefined : { puts: [...puts, tagsOf(Policy?.PolicySummary?.Id, input.Tags)] };
  },
  UpdatePolicy({ output: { Policy } }, lists) {
    const puts = policyPuts(lists, Policy);
    return puts.length === 0 ? undefined : { puts };
  },
  DeletePolicy: ({ input: { PolicyId } }) => ({
    deletes: (['policies', 'policyContents', 'tags'] as const).flatMap((list) => remove(list, [PolicyId])),
  }),
  AttachPolicy: ({ input: { PolicyId = '', TargetId = '' } }) => ({
    puts: [put('policyAttachments', { PolicyId, TargetId })],
  }),
  DetachPolicy: ({ input: { PolicyId = '', TargetId = '' } }) => ({
    deletes: remove('policyAttachments', [attachmentId(TargetId, PolicyId)]),
  }),
  // The reply may show the root as it was before. The reads that follow show the attachments.
  EnablePolicyType: () => ({}),
  DisablePolicyType: () => ({}),

  PutResourcePolicy({ input, output: { ResourcePolicy } }, lists) {
    const id = ResourcePolicy?.ResourcePolicySummary?.Id;
    const others = [...lists.objects('resourcePolicy').keys()].filter((one) => one !== id);
    const isNew = lists.isComplete('resourcePolicy') && known(lists, 'resourcePolicy', id) === undefined;
    return {
      // AWS gives tags to a new resource policy only.
      puts: [
        put('resourcePolicy', ResourcePolicy),
        isNew ? tagsOf(id, input.Tags) : put('tags', known(lists, 'tags', id)),
      ],
      deletes: [...remove('resourcePolicy', others), ...remove('tags', others)],
    };
  },
  DeleteResourcePolicy(_write, lists) {
    const ids = [...lists.objects('resourcePolicy').keys()];
    return { deletes: [...remove('resourcePolicy', ids), ...remove('tags', ids)] };
  },

  TagResource: ({ input: { ResourceId, Tags = [] } }, lists) =>
    changedTags(lists, ResourceId, (before) => {
      const keys = new Set(Tags.map(({ Key }) => Key));
      return [...before.filter(({ Key }) => !keys.has(Key)), ...Tags];
    }),
  UntagResource: ({ input: { ResourceId, TagKeys = [] } }, lists) =>
    changedTags(lists, ResourceId, (before) => before.filter(({ Key = '' }) => !TagKeys.includes(Key))),

  RegisterDelegatedAdministrator({ input: { AccountId, ServicePrincipal } }, lists) {
    const administrator = known(lists, 'delegatedAdministrators', AccountId);
    const account = lists.isComplete('delegatedAdministrators') ? known(lists, 'accounts', AccountId) : undefined;
    const services = without(administrator?.Services ?? [], ServicePrincipal);
    // The reply has no date.
    return withServices(administrator ?? account, [...services, { ServicePrincipal }]);
  },
  DeregisterDelegatedAdministrator({ input: { AccountId, ServicePrincipal } }, lists) {
    const administrator = known(lists, 'delegatedAdministrators', AccountId);
    return administrator ? withServices(administrator, without(administrator.Services, ServicePrincipal)) : {};
  },
  EnableAWSServiceAccess: ({ input: { ServicePrincipal } }, lists) => ({
    puts: [put('enabledServices', known(lists, 'enabledServices', ServicePrincipal) ?? { ServicePrincipal })],
  }),
  DisableAWSServiceAccess({ input: { ServicePrincipal } }, lists) {
    const changes = [...lists.objects('delegatedAdministrators').values()]
      .filter(({ object }) => object.Services.some((service) => service.ServicePrincipal === ServicePrincipal))
      .map(({ object }) => withServices(object, without(object.Services, ServicePrincipal)));
    return {
      puts: changes.flatMap(({ puts = [] }) => puts),
      deletes: [...remove('enabledServices', [ServicePrincipal]), ...changes.flatMap(({ deletes = [] }) => deletes)],
    };
  },
};

/** The reads of all lists that are read in parts. */
export const allLists = (Object.keys(keptKinds) as SweptListName[]).map(
  (list): RequestedRead => ({ list, part: undefined }),
);

export const isSwept = ({ list }: RequestedRead): boolean => Object.hasOwn(keptKinds, list);

/**
 * Returns what an own write changes in the copy, and the reads that verify or complete it; undefined if it changes
 * nothing. The lists of `WatchedObjects` are not among it: see `effectOf` in own-writes.ts.
 */
export const keptEffectsOf = (
  { operation, input, output }: Pick<CompletedWrite, 'operation' | 'input' | 'output'>,
  lists: KnownLists,
): KeptEffects | undefined => {
  // A replica of a later version may know further operations.
  if (!Object.hasOwn(changesByWrite, operation)) return undefined;
  const changesOf = changesByWrite[operation] as ChangesOf<WriteName>;
  const changes = changesOf({ input, output } as Write<WriteName>, lists);
  if (changes === undefined) return undefined;
  const ids = idsOfEvent(operation, { requestParameters: input, responseElements: output });
  const reads = readsWith(changes.reads ?? organizationEvents.get(operation)?.reads ?? [], ids, lists);
  return {
    puts: (changes.puts ?? []).filter((one) => one !== undefined),
    deletes: changes.deletes ?? [],
    reads: changes.changesAll ? allLists : reads.filter(isSwept),
  };
};
