import type { Account, Handshake, ResponsibilityTransfer, Tags } from '../world/entities.ts';
import type { Organization, ServiceAccess } from '../world/organization.ts';
import type { World } from '../world/world.ts';
import type { WorldFile } from './world-file-schema.ts';

/** Returns the world as a file that `--seed` reads. */
export function dumpWorld(world: World): WorldFile {
  return {
    version: 1,
    time: toIso(world.now()),
    ids: { seed: world.ids.seed, counter: world.ids.counter },
    defaultAccountId: world.defaultAccountId,
    settings: world.settings,
    accounts: [...world.accounts.values()].map(dumpAccount),
    organizations: [...world.organizations.values()].map(dumpOrganization),
    handshakes: sortByPosition(world.handshakes.values()).map(dumpHandshake),
    responsibilityTransfers: sortByPosition(world.transfers.values()).map(dumpTransfer),
    sessions: [...world.sessions.values()].map((session) => ({ ...session, expiresAt: toIso(session.expiresAt) })),
  };
}

function dumpAccount(account: Account): WorldFile['accounts'][number] {
  return {
    id: account.id,
    name: account.name,
    email: account.email,
    createdAt: toIso(account.createdAt),
    state: account.state,
    stateSince: toIso(account.stateSince),
    missingPrerequisites: [...account.missingPrerequisites],
    sellerOfRecord: account.sellerOfRecord,
    govCloudAccountId: account.govCloudAccountId,
    membershipChangedAt: toOptionalIso(account.membershipChangedAt),
  };
}

function dumpOrganization(organization: Organization): NonNullable<WorldFile['organizations']>[number] {
  const { root, resourcePolicy } = organization;
  const targets = [root, ...organization.units.values(), ...organization.members.values()];
  return {
    id: organization.id,
    managementAccountId: organization.managementAccountId,
    featureSet: organization.featureSet,
    createdAt: toIso(organization.createdAt),
    quotas: organization.quotas,
    root: {
      id: root.id,
      name: root.name,
      tags: dumpTags(root.tags),
      policyTypes: [...root.policyTypes].map(([type, { status }]) => ({ type, status })),
    },
    organizationalUnits: organization.units
      .values()
      .map(({ id, name, parentId, tags }) => ({ id, name, parentId, tags: dumpTags(tags) })),
    members: organization.members.values().flatMap(({ id, membership, tags }) =>
      membership
        ? [
            {
              accountId: id,
              parentId: membership.parentId,
              joinedMethod: membership.joinedMethod,
              joinedAt: toIso(membership.joinedAt),
              movedAt: toIso(membership.movedAt),
              tags: dumpTags(tags),
            },
          ]
        : [],
    ),
    policies: organization.policies
      .values()
      .filter(({ awsManaged }) => !awsManaged)
      .map(({ id, type, name, description, content, updatedAt, tags }) => ({
        id,
        type,
        name,
        description,
        content,
        updatedAt: toIso(updatedAt),
        tags: dumpTags(tags),
      })),
    attachments: sortByPosition(targets.flatMap(({ id }) => organization.attachmentsTo(id).values())).map(
      ({ policy, targetId, attachedAt }) => ({ policyId: policy.id, targetId, attachedAt: toIso(attachedAt) }),
    ),
    lastValidPolicies: organization.lastValidPolicies
      .values()
      .map(({ type, accountId, policy: { content, updatedAt } }) => ({
        type,
        accountId,
        content,
        updatedAt: toIso(updatedAt),
      })),
    serviceAccess: organization.serviceAccess.values().map(dumpService),
    delegatedAdministrators: organization.delegations.values().map(({ accountId, enabledAt, services }) => ({
      accountId,
      enabledAt: toIso(enabledAt),
      services: services.values().map(dumpService),
    })),
    resourcePolicy: resourcePolicy && { ...resourcePolicy, tags: dumpTags(resourcePolicy.tags) },
    createAccountRequests: organization.createAccountRequests
      .values()
      .map(({ position: _position, organizationId: _organizationId, ...request }) => ({
        ...request,
        requestedAt: toIso(request.requestedAt),
        completedAt: toOptionalIso(request.completedAt),
        tags: dumpTags(request.tags),
      })),
    invitationTimes: organization.invitationTimes.map(toIso),
    closureTimes: organization.closureTimes.map(toIso),
  };
}

function dumpHandshake({ position: _position, ...handshake }: Handshake): NonNullable<WorldFile['handshakes']>[number] {
  return {
    ...handshake,
    requestedAt: toIso(handshake.requestedAt),
    expiresAt: toIso(handshake.expiresAt),
    completedAt: toOptionalIso(handshake.completedAt),
    tags: dumpTags(handshake.tags),
    awaiting: handshake.awaiting && [...handshake.awaiting],
  };
}

function dumpTransfer({
  position: _position,
  type: _type,
  ...transfer
}: ResponsibilityTransfer): NonNullable<WorldFile['responsibilityTransfers']>[number] {
  return {
    ...transfer,
    startAt: toIso(transfer.startAt),
    endAt: toOptionalIso(transfer.endAt),
    tags: dumpTags(transfer.tags),
  };
}

const dumpService = ({ servicePrincipal, enabledAt }: ServiceAccess) => ({
  servicePrincipal,
  enabledAt: toIso(enabledAt),
});
const dumpTags = (tags: Tags) => Object.fromEntries(tags);
const toIso = (milliseconds: number) => new Date(milliseconds).toISOString();
const toOptionalIso = (milliseconds: number | undefined) =>
  milliseconds === undefined ? undefined : toIso(milliseconds);

function sortByPosition<T extends { readonly position: number }>(values: Iterable<T>): T[] {
  return [...values].sort((one, other) => one.position - other.position);
}
