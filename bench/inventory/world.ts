import type { Simulator } from '../../src/simulator/index.ts';
import type { Organization } from '../../src/simulator/world/organization.ts';
import { attach } from '../../src/simulator/world/policies.ts';
import { ACCOUNT, type WorldSize } from './settings.ts';

const TARGETS_PER_POLICY = 20;
const ENVIRONMENTS = ['production', 'staging', 'development', 'sandbox'];

export const organizationOf = ({ world }: Simulator): Organization => {
  const organization = [...world.organizations.values()].find((one) => one.managementAccountId === ACCOUNT);
  if (organization === undefined) throw new Error('The simulated world has no organization.');
  return organization;
};

/** Adds tags to all resources, policies with their targets, and variety among the accounts. */
export function furnish(simulator: Simulator, { policies }: WorldSize): void {
  const organization = organizationOf(simulator);
  const members = organization.members.values();
  for (const [index, member] of members.entries()) {
    if (index % 100 === 7) member.state = 'SUSPENDED';
    if (index % 50 === 3 && member.membership) member.membership = { ...member.membership, joinedMethod: 'INVITED' };
    member.tags.set('CostCenter', `cc-${index % 200}`);
    member.tags.set('Environment', ENVIRONMENTS[index % ENVIRONMENTS.length] ?? '');
    if (index % 3 === 0) member.tags.set('Owner', `team-${index % 97}@large.example.com`);
  }
  for (const [index, unit] of organization.units.values().entries()) unit.tags.set('Level', `division-${index % 10}`);
  addPolicies(simulator, organization, policies);
}

function addPolicies({ world }: Simulator, organization: Organization, count: number): void {
  const time = world.clock.now();
  const targets = [...organization.units.values(), ...organization.members.values()].map(({ id }) => id);
  for (let index = 0; index < count; index += 1) {
    const position = world.ids.position();
    const policy = {
      id: world.ids.policy(),
      type: 'SERVICE_CONTROL_POLICY',
      name: `Guardrail ${index + 1}`,
      description: 'Keeps the trail on',
      content: contentOf(index),
      awsManaged: false,
      position,
      revision: 0,
      updatedAt: time,
      tags: new Map([['Owner', `team-${index % 97}@large.example.com`]]),
    } as const;
    organization.policies.add(policy.id, position, policy);
    const own = new Set(
      Array.from({ length: TARGETS_PER_POLICY }, (_, at) => targets[(index * 23 + at * 541) % targets.length]),
    );
    for (const target of own) if (target !== undefined) attach(world, organization, policy, target, time);
  }
}

/** A unit of the second level, and a policy that is attached to units, for the filters. */
export function queryIdsOf(simulator: Simulator): { readonly unit: string; readonly policy: string } {
  const organization = organizationOf(simulator);
  const unit = organization.units.values().find(({ parentId }) => organization.units.has(parentId));
  const policy = organization.policies.values().find(
    ({ id, awsManaged }) =>
      !awsManaged &&
      organization
        .attachmentsOf(id)
        .values()
        .some(({ targetId }) => organization.units.has(targetId)),
  );
  return { unit: unit?.id ?? organization.root.id, policy: policy?.id ?? '' };
}

const contentOf = (index: number): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: `Guardrail${index + 1}`,
        Effect: 'Deny',
        Action: ['cloudtrail:StopLogging', 'cloudtrail:DeleteTrail', 'config:StopConfigurationRecorder'],
        Resource: '*',
        Condition: { StringNotEquals: { 'aws:RequestedRegion': ['eu-central-1', 'eu-west-1'] } },
      },
    ],
  });

const PAGE_SIZE = 20;
const pages = (items: number): number => Math.max(1, Math.ceil(items / PAGE_SIZE));

/** AWS allows five levels of units, so that those of the last one are not asked for theirs. */
const LEVELS = 5;

/** The least number of calls, by operation, that read the whole organization with tags and contents of policies. */
export function leastCalls(simulator: Simulator): Readonly<Record<string, number>> {
  const organization = organizationOf(simulator);
  const units = organization.units.values();
  const policies = organization.policies.values().filter(({ type }) => organization.root.policyTypes.has(type));
  const levelOf = (id: string): number => {
    const unit = organization.units.get(id);
    return unit === undefined ? 0 : 1 + levelOf(unit.parentId);
  };
  const parents = [organization.root.id, ...units.map(({ id }) => id)].filter((id) => levelOf(id) < LEVELS);
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  return {
    DescribeOrganization: 1,
    ListRoots: 1,
    ListAccounts: pages(organization.members.size),
    ListOrganizationalUnitsForParent: sum(parents.map((id) => pages(organization.childrenOf(id).units.size))),
    ListPolicies: pages(policies.length),
    ListTargetsForPolicy: sum(policies.map(({ id }) => pages(organization.attachmentsOf(id).size))),
    DescribePolicy: policies.length,
    ListTagsForResource:
      1 + units.length + organization.members.size + policies.filter(({ awsManaged }) => !awsManaged).length,
    ListDelegatedAdministrators: 1,
    ListAWSServiceAccessForOrganization: 1,
    DescribeResourcePolicy: 1,
    ListHandshakesForOrganization: 1,
    ListHandshakesForAccount: 1,
    ListInboundResponsibilityTransfers: 1,
    ListOutboundResponsibilityTransfers: 1,
    ListCreateAccountStatus: 1,
  };
}
