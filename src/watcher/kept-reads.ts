import { type aws, type Input, type Item, isNotFound, type ListName, type UpstreamSession } from '../upstream/index.ts';
import { decode, encode } from './codec.ts';
import { attachmentId } from './kept-kinds.ts';
import { accountBelow } from './kept-paths.ts';
import type { KeptOrganizationalUnit, PolicyAttachment, PolicyContent, ResourceTags } from './kept-types.ts';
import { expectObject } from './kinds.ts';
import { enabledPolicyTypes, isGone, listOfResource } from './known-lists.ts';
import { parentInPath } from './paths.ts';
import type { KnownLists, PartialRead, SweepPage } from './sweep-types.ts';

/** AWS's maximum page size. */
const MaxResults = 20;

export const nothing = { objects: [], nextToken: undefined } as const;

/** Reads a page, which is empty if AWS does not find what it belongs to. */
const orNothing = async <T>(page: Promise<SweepPage<T>>): Promise<SweepPage<T>> => {
  try {
    return await page;
  } catch (error) {
    if (isNotFound(error)) return nothing;
    throw error;
  }
};

type Part<T> = Pick<PartialRead<T>, 'key' | 'contains'>;

/** All objects with this section. */
const section = <T>(name: string): Part<T> => ({ key: name, contains: { section: name } });
const whole = { key: '', contains: { section: '' } } as const;
/** One object. */
const only = <T>(id: string): Part<T> => ({ key: `id:${id}`, contains: { ids: [id] } });

const listed = <O extends ListName, T>(
  operation: O,
  input: Input<O>,
  part: Part<T>,
  objectOf: (item: Item<O>) => T | undefined,
): PartialRead<T> => {
  const read = async (session: UpstreamSession, NextToken: string | undefined) => {
    const page = await session.page(operation, NextToken === undefined ? input : { ...input, NextToken });
    const objects = page.items.map(objectOf).filter((object) => object !== undefined);
    return { objects, nextToken: page.nextToken };
  };
  return { ...part, operation, read: (session, token) => orNothing(read(session, token)) };
};

const described = <T>(
  operation: PartialRead<T>['operation'],
  part: Part<T>,
  describe: (session: UpstreamSession) => Promise<T>,
): PartialRead<T> => {
  const read = async (session: UpstreamSession) => ({ objects: [await describe(session)], nextToken: undefined });
  return { ...part, operation, read: (session) => orNothing(read(session)) };
};

/**
 * A described object whose parent is read with a second call if the first reply does not show it: AWS's replies contain
 * paths, those of emulators may not.
 */
const describedChild = <T, R>(
  operation: PartialRead<T>['operation'],
  id: string,
  describe: (session: UpstreamSession) => Promise<R>,
  place: (reply: R, parentId: string | undefined) => T | undefined,
): PartialRead<T> => {
  const readObject = async (session: UpstreamSession): Promise<SweepPage<T>> => {
    const reply = await describe(session);
    const object = place(reply, undefined);
    return object === undefined
      ? { objects: [], nextToken: encode(reply) }
      : { objects: [object], nextToken: undefined };
  };
  const readParent = async (session: UpstreamSession, token: string): Promise<SweepPage<T>> => {
    const { items } = await session.page('ListParents', { ChildId: id });
    const object = place(decode(token) as R, expectObject(items[0]?.Id, 'ListParents'));
    return { objects: object === undefined ? [] : [object], nextToken: undefined };
  };
  return {
    ...only(id),
    operation,
    operationOf: (token) => (token === undefined ? operation : 'ListParents'),
    read: (session, token) => orNothing(token === undefined ? readObject(session) : readParent(session, token)),
  };
};

export const readOrganization = (): PartialRead<aws.Organization> =>
  described('DescribeOrganization', whole, async (session) => {
    const { Organization } = await session.read('DescribeOrganization', {});
    return expectObject(Organization, 'DescribeOrganization');
  });

export const readRoots = (): PartialRead<aws.Root> => listed('ListRoots', { MaxResults }, whole, (root) => root);

export const readAccounts = (): PartialRead<aws.Account> =>
  listed('ListAccounts', { MaxResults }, whole, (account) => account);

/** Finds the parents of accounts where replies lack `Paths`. An account that it does not show may be elsewhere. */
export const readAccountsBelow = (lists: KnownLists, ParentId: string): PartialRead<aws.Account> =>
  listed(
    'ListAccountsForParent',
    { ParentId, MaxResults },
    { key: `parent:${ParentId}`, contains: { ids: [] } },
    (account) => (account.Paths === undefined ? accountBelow(lists, ParentId, account) : account),
  );

export const readAccount = (lists: KnownLists, AccountId: string): PartialRead<aws.Account> =>
  describedChild(
    'DescribeAccount',
    AccountId,
    async (session) => expectObject((await session.read('DescribeAccount', { AccountId })).Account, 'DescribeAccount'),
    (account, parentId) => {
      if (parentId !== undefined) return accountBelow(lists, parentId, account);
      // The known parent may be an old one.
      return account.Paths === undefined ? undefined : account;
    },
  );

export const readUnitsBelow = (ParentId: string): PartialRead<KeptOrganizationalUnit> =>
  listed('ListOrganizationalUnitsForParent', { ParentId, MaxResults }, section(ParentId), (unit) => ({
    ...unit,
    ParentId,
  }));

export const readUnit = (lists: KnownLists, OrganizationalUnitId: string): PartialRead<KeptOrganizationalUnit> =>
  describedChild(
    'DescribeOrganizationalUnit',
    OrganizationalUnitId,
    async (session) => {
      const { OrganizationalUnit } = await session.read('DescribeOrganizationalUnit', { OrganizationalUnitId });
      return expectObject(OrganizationalUnit, 'DescribeOrganizationalUnit');
    },
    (unit, parentId) => {
      const known = lists.objects('organizationalUnits').get(OrganizationalUnitId)?.object;
      const ParentId = parentId ?? parentInPath(unit.Path) ?? known?.ParentId;
      return ParentId === undefined ? undefined : { ...unit, ParentId };
    },
  );

export const readPolicies = (Filter: aws.PolicyType): PartialRead<aws.PolicySummary> =>
  listed('ListPolicies', { Filter, MaxResults }, section(Filter), (policy) => policy);

/** Reads a policy, unless its type is not enabled: the copy has none of those. */
const describePolicy = <T>(
  lists: KnownLists,
  PolicyId: string,
  part: Part<T>,
  objectOf: (policy: aws.Policy) => T,
): PartialRead<T> => {
  const read = async (session: UpstreamSession) => {
    const { Policy } = await session.read('DescribePolicy', { PolicyId });
    const policy = expectObject(Policy, 'DescribePolicy');
    const type = policy.PolicySummary?.Type;
    const isKept = !lists.isComplete('roots') || (type !== undefined && enabledPolicyTypes(lists).includes(type));
    return isKept ? { objects: [objectOf(policy)], nextToken: undefined } : nothing;
  };
  return { ...part, operation: 'DescribePolicy', read: (session) => orNothing(read(session)) };
};

export const readPolicy = (lists: KnownLists, id: string): PartialRead<aws.PolicySummary> =>
  describePolicy(lists, id, only(id), ({ PolicySummary }) => expectObject(PolicySummary, 'DescribePolicy'));

export const readContent = (lists: KnownLists, PolicyId: string): PartialRead<PolicyContent> =>
  describePolicy(lists, PolicyId, section(PolicyId), ({ Content }) => ({
    PolicyId,
    Content: expectObject(Content, 'DescribePolicy'),
  }));

const targetOf =
  (PolicyId: string) =>
  ({ TargetId }: aws.PolicyTargetSummary): PolicyAttachment | undefined =>
    TargetId === undefined ? undefined : { PolicyId, TargetId };

export const readTargets = (PolicyId: string): PartialRead<PolicyAttachment> =>
  listed('ListTargetsForPolicy', { PolicyId, MaxResults }, section(PolicyId), targetOf(PolicyId));

/** Reads the policies of one type that are attached to one root, unit or account. */
export const readPoliciesOf = (
  lists: KnownLists,
  TargetId: string,
  Filter: aws.PolicyType,
): PartialRead<PolicyAttachment> => {
  const matches = (one: PolicyAttachment) =>
    one.TargetId === TargetId && lists.objects('policies').get(one.PolicyId)?.object.Type === Filter;
  const part = { key: `target:${attachmentId(TargetId, Filter)}`, contains: { matches } };
  return listed('ListPoliciesForTarget', { TargetId, Filter, MaxResults }, part, ({ Id }) =>
    Id === undefined ? undefined : { PolicyId: Id, TargetId },
  );
};

interface TypeToken {
  /** Policies whose targets are not read yet. The first one's are being read once the policies are known. */
  readonly policyIds: readonly string[];
  readonly isListed: boolean;
  readonly token: string | undefined;
}

/** Reads all attachments of a type, whose policies may be unknown as it was not enabled before. */
export const readTypeAttachments = (lists: KnownLists, Filter: aws.PolicyType): PartialRead<PolicyAttachment> => {
  const pageOf = (objects: readonly PolicyAttachment[], next: TypeToken): SweepPage<PolicyAttachment> => {
    const isLast = next.isListed && next.policyIds.length === 0;
    return { objects, nextToken: isLast ? undefined : encode(next) };
  };
  const tokenOf = (text: string | undefined) =>
    (text === undefined ? { policyIds: [], isListed: false } : decode(text)) as TypeToken;
  return {
    key: `type:${Filter}`,
    contains: { matches: ({ PolicyId }) => lists.objects('policies').get(PolicyId)?.object.Type === Filter },
    operation: 'ListTargetsForPolicy',
    operationOf: (text) => (tokenOf(text).isListed ? 'ListTargetsForPolicy' : 'ListPolicies'),
    async read(session, text) {
      const at = tokenOf(text);
      const next = at.token === undefined ? {} : { NextToken: at.token };
      if (!at.isListed) {
        const { items, nextToken } = await session.page('ListPolicies', { Filter, MaxResults, ...next });
        const policyIds = [...at.policyIds, ...items.flatMap(({ Id }) => Id ?? [])];
        return pageOf([], { policyIds, isListed: nextToken === undefined, token: nextToken });
      }
      const [policyId = '', ...others] = at.policyIds;
      const { objects, nextToken } = await readTargets(policyId).read(session, at.token);
      const policyIds = nextToken === undefined ? others : at.policyIds;
      return pageOf(objects, { policyIds, isListed: true, token: nextToken });
    },
  };
};

/** The tags of earlier pages: the object is complete with the last page only. */
interface TagsToken {
  readonly tags: readonly aws.Tag[];
  readonly token: string;
}

/**
 * The tags of a resource; none if the copy does not have the resource when they arrive, as that of a policy whose type
 * is not enabled. They are read again when it is added.
 */
export const readTags = (lists: KnownLists, ResourceId: string): PartialRead<ResourceTags> => ({
  ...section(ResourceId),
  operation: 'ListTagsForResource',
  read(session, text) {
    const read = async () => {
      const earlier = text === undefined ? undefined : (decode(text) as TagsToken);
      const next = earlier === undefined ? {} : { NextToken: earlier.token };
      const { items, nextToken } = await session.page('ListTagsForResource', { ResourceId, ...next });
      const tags = [...(earlier?.tags ?? []), ...items];
      const list = listOfResource(ResourceId);
      if (list !== undefined && isGone(lists, list, ResourceId)) return { objects: [], nextToken: undefined };
      if (nextToken === undefined) return { objects: [{ ResourceId, Tags: tags }], nextToken };
      return { objects: [], nextToken: encode({ tags, token: nextToken } satisfies TagsToken) };
    };
    return orNothing(read());
  },
});

export const readEnabledServices = (): PartialRead<aws.EnabledServicePrincipal> =>
  listed('ListAWSServiceAccessForOrganization', { MaxResults }, whole, (service) => service);

export const readResourcePolicy = (): PartialRead<aws.ResourcePolicy> =>
  described('DescribeResourcePolicy', whole, async (session) => {
    const { ResourcePolicy } = await session.read('DescribeResourcePolicy', {});
    return expectObject(ResourcePolicy, 'DescribeResourcePolicy');
  });
