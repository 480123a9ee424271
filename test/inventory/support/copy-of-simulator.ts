import type { aws, Input, Item, ListName, UpstreamSession } from '../../../src/upstream/index.ts';
import { FakeKept } from './fake-kept.ts';

/** All items of a list of AWS. */
export async function listAll<O extends ListName>(
  session: UpstreamSession,
  operation: O,
  input: Input<O>,
): Promise<readonly Item<O>[]> {
  const items: Item<O>[] = [];
  for await (const page of session.pages(operation, input)) items.push(...page.items);
  return items;
}

const keyed = <T>(objects: readonly T[], id: (object: T) => string | undefined): (readonly [string, T])[] =>
  objects.map((object) => [id(object) ?? '', object] as const);

const byId = <T extends { readonly Id?: string | undefined }>(objects: readonly T[]) => keyed(objects, ({ Id }) => Id);

const none = (): undefined => undefined;

/** Reads the whole organization of a session's principal from AWS, as the background sweep does. */
export async function copyOf(session: UpstreamSession): Promise<FakeKept> {
  const kept = new FakeKept();
  const { Organization } = await session.read('DescribeOrganization', {});
  kept.organizationId = Organization?.Id;
  kept.fill('organization', byId(Organization ? [Organization] : []));
  const roots = await listAll(session, 'ListRoots', {});
  kept.fill('roots', byId(roots));
  const accounts = await listAll(session, 'ListAccounts', {});
  kept.fill('accounts', byId(accounts));
  const units = await unitsBelow(
    session,
    roots.map(({ Id = '' }) => Id),
  );
  kept.fill('organizationalUnits', byId(units));
  const policies = await copyPolicies(session, kept, roots);
  await copyTags(session, kept, [...roots, ...accounts, ...units, ...policies]);
  await copyServices(session, kept);
  await copyWatchedLists(session, kept);
  return kept;
}

async function unitsBelow(session: UpstreamSession, parents: string[]) {
  const units: (aws.OrganizationalUnit & { ParentId: string })[] = [];
  // Each unit found is a parent, too.
  for (const ParentId of parents) {
    for (const unit of await listAll(session, 'ListOrganizationalUnitsForParent', { ParentId })) {
      units.push({ ...unit, ParentId });
      parents.push(unit.Id ?? '');
    }
  }
  return units;
}

/** Returns the policies that may have tags. */
async function copyPolicies(session: UpstreamSession, kept: FakeKept, roots: readonly aws.Root[]) {
  const policies: aws.PolicySummary[] = [];
  for (const { Type } of roots.flatMap(({ PolicyTypes = [] }) => PolicyTypes))
    policies.push(...(await listAll(session, 'ListPolicies', { Filter: Type })));
  kept.fill('policies', byId(policies));
  const attachments = [];
  const contents = [];
  for (const { Id: PolicyId = '' } of policies) {
    const targets = await listAll(session, 'ListTargetsForPolicy', { PolicyId });
    attachments.push(...targets.map(({ TargetId = '' }) => ({ PolicyId, TargetId })));
    const { Policy } = await session.read('DescribePolicy', { PolicyId });
    contents.push({ PolicyId, Content: Policy?.Content ?? '' });
  }
  kept.fill(
    'policyAttachments',
    keyed(attachments, ({ PolicyId, TargetId }) => `${TargetId}/${PolicyId}`),
  );
  kept.fill(
    'policyContents',
    keyed(contents, ({ PolicyId }) => PolicyId),
  );
  return policies.filter(({ AwsManaged }) => AwsManaged !== true);
}

async function copyTags(
  session: UpstreamSession,
  kept: FakeKept,
  resources: readonly { readonly Id?: string | undefined }[],
) {
  const reply = await session.read('DescribeResourcePolicy', {}).catch(none);
  const resourcePolicies = keyed(
    reply?.ResourcePolicy ? [reply.ResourcePolicy] : [],
    (policy) => policy.ResourcePolicySummary?.Id,
  );
  kept.fill('resourcePolicy', resourcePolicies);
  const tags = [];
  for (const ResourceId of [...resources.map(({ Id = '' }) => Id), ...resourcePolicies.map(([id]) => id)])
    tags.push({ ResourceId, Tags: await listAll(session, 'ListTagsForResource', { ResourceId }) });
  kept.fill(
    'tags',
    keyed(tags, ({ ResourceId }) => ResourceId),
  );
}

async function copyServices(session: UpstreamSession, kept: FakeKept) {
  const services = await listAll(session, 'ListAWSServiceAccessForOrganization', {});
  kept.fill(
    'enabledServices',
    keyed(services, ({ ServicePrincipal }) => ServicePrincipal),
  );
  const administrators = [];
  for (const administrator of await listAll(session, 'ListDelegatedAdministrators', {})) {
    const Services = await listAll(session, 'ListDelegatedServicesForAccount', { AccountId: administrator.Id });
    administrators.push({ ...administrator, Services });
  }
  kept.fill('delegatedAdministrators', byId(administrators));
}

async function copyWatchedLists(session: UpstreamSession, kept: FakeKept) {
  const Type = 'BILLING';
  kept.fill('organizationHandshakes', byId(await listAll(session, 'ListHandshakesForOrganization', {})));
  kept.fill('accountHandshakes', byId(await listAll(session, 'ListHandshakesForAccount', {})));
  const inbound = await listAll(session, 'ListInboundResponsibilityTransfers', { Type });
  kept.fill('inboundResponsibilityTransfers', byId(inbound));
  const outbound = await listAll(session, 'ListOutboundResponsibilityTransfers', { Type });
  kept.fill('outboundResponsibilityTransfers', byId(outbound));
  kept.fill('createAccountStatuses', byId(await listAll(session, 'ListCreateAccountStatus', {})));
}
