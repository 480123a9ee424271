import { scheduleAccountCreation } from '../world/account-creation.ts';
import { Collection } from '../world/collection.ts';
import type { CreateAccountRequest } from '../world/entities.ts';
import { addMember } from '../world/membership.ts';
import { Organization, type ServiceAccess } from '../world/organization.ts';
import { addUnit } from '../world/organizations.ts';
import { addManagedPolicies, attach, attachDefaultPolicies, schedulePolicyType } from '../world/policies.ts';
import { findTarget } from '../world/tree.ts';
import type { World } from '../world/world.ts';
import { tagsOf, withoutUndefined } from './parsed-values.ts';
import { WorldFileError } from './world-file.ts';
import type { OrganizationData } from './world-file-schema.ts';

export function loadOrganization(world: World, data: OrganizationData): Organization {
  const { ids, clock } = world;
  const time = data.createdAt ?? clock.now();
  if (world.organizations.has(data.id)) throw new WorldFileError(`Organization ${data.id} occurs twice. Remove one.`);
  const organization = new Organization({
    id: data.id,
    managementAccountId: data.managementAccountId,
    featureSet: data.featureSet,
    createdAt: time,
    root: { id: data.root.id, name: data.root.name, tags: tagsOf(data.root.tags), policyTypes: new Map() },
    quotas: { ...world.settings.quotas, ...withoutUndefined(data.quotas) },
  });
  organization.invitationTimes = data.invitationTimes;
  organization.closureTimes = data.closureTimes;
  world.organizations.set(organization.id, organization);
  loadMembers(world, organization, data, time);
  loadPolicies(world, organization, data, time);
  for (const { servicePrincipal, enabledAt = time } of data.serviceAccess) {
    organization.serviceAccess.add(servicePrincipal, ids.position(), { servicePrincipal, enabledAt });
  }
  for (const { accountId, enabledAt = time, services } of data.delegatedAdministrators) {
    if (!organization.members.has(accountId)) throwUnknownReference(data, 'delegatedAdministrators', accountId);
    const loaded = new Collection<ServiceAccess>();
    for (const service of services) {
      loaded.add(service.servicePrincipal, ids.position(), { ...service, enabledAt: service.enabledAt ?? enabledAt });
    }
    organization.delegations.add(accountId, ids.position(), { accountId, enabledAt, services: loaded });
  }
  if (data.resourcePolicy) {
    organization.resourcePolicy = { ...data.resourcePolicy, tags: tagsOf(data.resourcePolicy.tags) };
  }
  for (const { tags, ...request } of data.createAccountRequests) {
    const loaded: CreateAccountRequest = {
      ...withoutUndefined(request),
      organizationId: organization.id,
      tags: tagsOf(tags),
      position: ids.position(),
    };
    organization.createAccountRequests.add(loaded.id, loaded.position, loaded);
    scheduleAccountCreation(world, organization, loaded);
  }
  return organization;
}

function loadMembers(world: World, organization: Organization, data: OrganizationData, time: number): void {
  const { root, managementAccountId } = organization;
  for (const { id, name, parentId = root.id, tags } of data.organizationalUnits) {
    if (!organization.isParent(parentId)) throwUnknownReference(data, `organizationalUnits ${id}`, parentId);
    addUnit(world, organization, { id, name, parentId, tags: tagsOf(tags) });
  }
  const listed = data.members.some(({ accountId }) => accountId === managementAccountId);
  const management: OrganizationData['members'][number] = {
    accountId: managementAccountId,
    joinedMethod: 'INVITED',
    tags: {},
  };
  for (const member of listed ? data.members : [management, ...data.members]) {
    const { accountId, parentId = root.id, joinedMethod, joinedAt = time, movedAt = joinedAt, tags } = member;
    const account = world.accounts.get(accountId) ?? throwUnknownReference(data, 'members', accountId);
    if (!organization.isParent(parentId)) throwUnknownReference(data, `members ${accountId}`, parentId);
    if (account.membership) {
      throw new WorldFileError(
        `Account ${accountId} is a member of ${account.membership.organizationId} and of ${data.id}. Remove one membership.`,
      );
    }
    addMember(world, account, organization, {
      method: joinedMethod,
      time: joinedAt,
      parentId,
      tags: tagsOf(tags),
      movedAt,
    });
  }
}

function loadPolicies(world: World, organization: Organization, data: OrganizationData, time: number): void {
  const { root, units, members } = organization;
  if (organization.featureSet === 'ALL') addManagedPolicies(world, organization, time);
  // Most organizations in use have enabled SCPs.
  const initial =
    organization.featureSet === 'ALL' ? [{ type: 'SERVICE_CONTROL_POLICY', status: 'ENABLED' } as const] : [];
  for (const { type, status } of data.root.policyTypes ?? initial) {
    root.policyTypes.set(type, { status });
    if (status !== 'ENABLED')
      schedulePolicyType(world, organization, type, world.clock.now() + world.settings.policyTypeMs);
  }
  for (const { tags, content, updatedAt = time, ...policy } of data.policies) {
    const position = world.ids.position();
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    organization.policies.add(policy.id, position, {
      ...policy,
      content: text,
      revision: 0,
      updatedAt,
      position,
      awsManaged: false,
      tags: tagsOf(tags),
    });
  }
  if (!data.attachments) {
    for (const { id } of [root, ...units.values(), ...members.values()])
      attachDefaultPolicies(world, organization, id, time);
  }
  for (const { policyId, targetId, attachedAt = time } of data.attachments ?? []) {
    const policy = organization.policies.get(policyId) ?? throwUnknownReference(data, 'attachments', policyId);
    if (!findTarget(organization, targetId)) throwUnknownReference(data, 'attachments', targetId);
    attach(world, organization, policy, targetId, attachedAt);
  }
  for (const { type, accountId, content, updatedAt } of data.lastValidPolicies) {
    if (!members.has(accountId)) throwUnknownReference(data, 'lastValidPolicies', accountId);
    organization.lastValidPolicies.set(type, accountId, { content, updatedAt });
  }
}

function throwUnknownReference({ id }: OrganizationData, where: string, what: string): never {
  throw new WorldFileError(
    `Organization ${id}: ${where} refers to ${what}, which does not exist. Add it, or remove the reference.`,
  );
}
