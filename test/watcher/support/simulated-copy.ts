import { expect } from 'vitest';
import type { Simulator } from '../../../src/simulator/index.ts';
import type { Organization } from '../../../src/simulator/world/organization.ts';
import { attachmentId, type SweptListName } from '../../../src/watcher/kept-kinds.ts';
import { type KeptCopy, sweptLists } from './kept-copy.ts';

type Objects = Readonly<Record<string, object>>;

const byId = <T>(items: Iterable<T>, entryOf: (item: T) => readonly [string, object]): Objects =>
  Object.fromEntries([...items].map(entryOf));

const tagsOf = (ResourceId: string, tags: ReadonlyMap<string, string>) =>
  [ResourceId, { ResourceId, Tags: [...tags].map(([Key, Value]) => ({ Key, Value })) }] as const;

const pathOf = (organization: Organization, parentId: string): string => {
  const unit = organization.units.get(parentId);
  const above = unit ? pathOf(organization, unit.parentId) : `${organization.id}/`;
  return `${above}${parentId}/`;
};

/** What a complete copy of an account's organization has to hold, from the simulator's own state. */
export const simulatedCopy = (
  simulator: Pick<Simulator, 'world'>,
  accountId: string,
): Record<SweptListName, Objects> => {
  const { world } = simulator;
  const account = world.accounts.get(accountId);
  const organization = account && world.organizationOf(account);
  if (organization === undefined) return noLists;
  const { root, resourcePolicy } = organization;
  const members = organization.members.values();
  const units = organization.units.values();
  const isAll = organization.featureSet === 'ALL';
  const isEnabled = (type: string) =>
    [...root.policyTypes].some(([one, { status }]) => one === type && status === 'ENABLED');
  const policies = organization.policies.values().filter(({ type }) => isEnabled(type));
  const attachments = policies.flatMap(({ id }) => organization.attachmentsOf(id).values());
  return {
    organization: {
      [organization.id]: {
        Id: organization.id,
        FeatureSet: organization.featureSet,
        MasterAccountId: organization.managementAccountId,
      },
    },
    roots: {
      [root.id]: {
        Id: root.id,
        Name: root.name,
        PolicyTypes: [...root.policyTypes].map(([Type, { status }]) => ({ Type, Status: status })),
      },
    },
    accounts: byId(members, ({ id, name, email, state, membership }) => [
      id,
      {
        Id: id,
        Name: name,
        Email: email,
        State: state,
        JoinedMethod: membership?.joinedMethod,
        Paths: [`${pathOf(organization, membership?.parentId ?? '')}${id}/`],
      },
    ]),
    organizationalUnits: byId(units, ({ id, name, parentId }) => [
      id,
      { Id: id, Name: name, ParentId: parentId, Path: pathOf(organization, id) },
    ]),
    policies: byId(policies, ({ id, name, description, type, awsManaged }) => [
      id,
      { Id: id, Name: name, Description: description, Type: type, AwsManaged: awsManaged },
    ]),
    policyAttachments: byId(attachments, ({ policy: { id }, targetId }) => [
      attachmentId(targetId, id),
      { PolicyId: id, TargetId: targetId },
    ]),
    policyContents: byId(policies, ({ id, content }) => [id, { PolicyId: id, Content: content }]),
    tags: Object.fromEntries([
      tagsOf(root.id, root.tags),
      ...units.map(({ id, tags }) => tagsOf(id, tags)),
      ...members.map(({ id, tags }) => tagsOf(id, tags)),
      ...policies.filter(({ awsManaged }) => !awsManaged).map(({ id, tags }) => tagsOf(id, tags)),
      ...(resourcePolicy ? [tagsOf(resourcePolicy.id, resourcePolicy.tags)] : []),
    ]),
    delegatedAdministrators: isAll
      ? byId(organization.delegations.values(), ({ accountId: Id, services }) => [
          Id,
          {
            Id,
            Name: organization.members.get(Id)?.name,
            Services: services.values().map(({ servicePrincipal }) => ({ ServicePrincipal: servicePrincipal })),
          },
        ])
      : {},
    enabledServices: isAll
      ? byId(organization.serviceAccess.values(), ({ servicePrincipal }) => [
          servicePrincipal,
          { ServicePrincipal: servicePrincipal },
        ])
      : {},
    resourcePolicy: resourcePolicy
      ? {
          [resourcePolicy.id]: {
            Content: resourcePolicy.content,
            ResourcePolicySummary: { Id: resourcePolicy.id },
          },
        }
      : {},
  };
};

const noLists: Record<SweptListName, Objects> = {
  organization: {},
  roots: {},
  accounts: {},
  organizationalUnits: {},
  policies: {},
  policyAttachments: {},
  policyContents: {},
  tags: {},
  delegatedAdministrators: {},
  enabledServices: {},
  resourcePolicy: {},
};

/** AWS does not order tags, services and policy types. */
export const inOrder = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(inOrder).sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, inOrder(member)]));
};

const nameOf = (item: unknown): string => {
  if (typeof item !== 'object' || item === null) return String(item);
  const { Key, ServicePrincipal, Type } = item as Readonly<Record<string, unknown>>;
  return String(Key ?? ServicePrincipal ?? Type);
};

/** Compares all ids, and the members that the simulator's state has. */
export const expectSimulatedCopy = (
  copy: KeptCopy,
  simulator: Simulator,
  accountId: string,
  lists: readonly SweptListName[] = sweptLists,
): void => {
  const expected = simulatedCopy(simulator, accountId);
  for (const list of lists) {
    const actual = copy.plain(list);
    expect(Object.keys(actual).sort(), list).toEqual(Object.keys(expected[list]).sort());
    expect(inOrder(actual), list).toMatchObject(inOrder(expected[list]) as object);
  }
};
