import { scheduleClosure } from '../world/account-closure.ts';
import { Collection } from '../world/collection.ts';
import { MINUTE_MS } from '../world/durations.ts';
import type { Account, CreateAccountRequest, Policy } from '../world/entities.ts';
import { deriveId } from '../world/ids.ts';
import type { Organization, ServiceAccess } from '../world/organization.ts';
import { attach } from '../world/policies.ts';
import type { WorldBuilder } from './builder.ts';
import { demoStartups, demoTree } from './demo-accounts.ts';
import { invite, type Outcome } from './demo-handshakes.ts';
import { demoPolicies } from './demo-policies.ts';
import { demoDelegations, demoServices } from './demo-services.ts';

/** Builds the OUs, accounts, policies, services and invitations of the partner's organization. */
export function buildPartner(builder: WorldBuilder, organization: Organization): void {
  const members = buildTree(builder, organization);
  buildPolicies(builder, organization);
  buildServices(builder, organization, members);
  buildAccountRequests(builder, organization, members);
  buildInvitations(builder, organization);
}

function buildTree(builder: WorldBuilder, organization: Organization): ReadonlyMap<string, Account> {
  const members = new Map<string, Account>();
  for (const { path, accounts } of demoTree) {
    builder.unit(organization, path);
    for (const name of accounts) {
      const age = 1_000 - members.size * 9;
      const account = builder.account(name, { ageDays: age });
      builder.member(organization, account, {
        path,
        joinedDaysAgo: age,
        invited: members.size % 5 === 3,
        tags: tagsOf(name, path),
      });
      if (path === 'Suspended') {
        account.state = 'CLOSED';
        account.stateSince = builder.daysAgo(30);
        scheduleClosure(builder.world, account);
      }
      members.set(name, account);
    }
  }
  // One account has more tags than fit on a page.
  const tags = members.get('Checkout')?.tags;
  for (let index = 1; index <= 24; index++)
    tags?.set(`service-${String(index).padStart(2, '0')}`, index % 2 ? 'on' : 'off');
  organization.root.tags.set('Company', 'Northwind');
  return members;
}

function tagsOf(name: string, path: string): Map<string, string> {
  const [top = ''] = path.split('/');
  const tags = new Map([['CostCenter', top === 'Workloads' ? 'Retail' : top === 'Sandbox' ? 'Sandbox' : 'Platform']]);
  if (top === 'Workloads') tags.set('Environment', path.split('/')[1] ?? 'Production');
  if (top === 'Sandbox') tags.set('Owner', name.replace('Sandbox ', ''));
  return tags;
}

function buildPolicies(builder: WorldBuilder, organization: Organization): void {
  const { world } = builder;
  const time = builder.daysAgo(250);
  for (const type of ['RESOURCE_CONTROL_POLICY', 'TAG_POLICY', 'BACKUP_POLICY', 'AISERVICES_OPT_OUT_POLICY'] as const) {
    organization.root.policyTypes.set(type, { status: 'ENABLED' });
  }
  const rcp = organization.policies.get('p-RCPFullAWSAccess');
  const { root, units, members } = organization;
  for (const { id } of [root, ...units.values(), ...members.values()]) {
    if (rcp) attach(world, organization, rcp, id, time);
  }
  for (const { type, name, description, document, attachedTo } of demoPolicies) {
    const policy: Policy = {
      id: `p-${deriveId(`policy/${name}`, 10)}`,
      type,
      name,
      description,
      content: JSON.stringify(document),
      awsManaged: false,
      position: world.ids.position(),
      revision: 0,
      updatedAt: time,
      tags: new Map([['ManagedBy', 'platform-team']]),
    };
    organization.policies.add(policy.id, policy.position, policy);
    for (const path of attachedTo) attach(world, organization, policy, builder.unit(organization, path), time);
  }
}

function buildServices(builder: WorldBuilder, organization: Organization, members: ReadonlyMap<string, Account>): void {
  const { ids } = builder.world;
  for (const [index, servicePrincipal] of demoServices.entries()) {
    const access = { servicePrincipal, enabledAt: builder.daysAgo(900 - index * 7) };
    organization.serviceAccess.add(servicePrincipal, ids.position(), access);
  }
  for (const [index, [name, principals]] of demoDelegations.entries()) {
    const account = members.get(name);
    if (!account) continue;
    const enabledAt = builder.daysAgo(400 - index);
    const services = new Collection<ServiceAccess>();
    for (const servicePrincipal of principals)
      services.add(servicePrincipal, ids.position(), { servicePrincipal, enabledAt });
    organization.delegations.add(account.id, ids.position(), { accountId: account.id, enabledAt, services });
  }
  const backup = members.get('Backup Vault');
  organization.resourcePolicy = {
    id: 'rp-demodele',
    tags: new Map(),
    content: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'BackupTeam',
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${backup?.id ?? organization.managementAccountId}:root` },
          Action: ['organizations:DescribePolicy', 'organizations:UpdatePolicy', 'organizations:ListPolicies'],
          Resource: '*',
          Condition: { StringEquals: { 'organizations:PolicyType': 'BACKUP_POLICY' } },
        },
      ],
    }),
  };
}

function buildAccountRequests(
  builder: WorldBuilder,
  organization: Organization,
  members: ReadonlyMap<string, Account>,
): void {
  const { ids } = builder.world;
  for (const account of members.values()) {
    if (account.membership?.joinedMethod !== 'CREATED') continue;
    const failed = account.name === 'Search Dev';
    const request: CreateAccountRequest = {
      id: `car-${deriveId(`request/${account.name}`, 32)}`,
      organizationId: organization.id,
      accountName: account.name,
      email: account.email,
      tags: new Map(),
      govCloud: false,
      requestedAt: account.createdAt - 2 * MINUTE_MS,
      completedAt: account.createdAt,
      position: ids.position(),
      state: failed ? 'FAILED' : 'SUCCEEDED',
      ...(failed ? { failureReason: 'EMAIL_ALREADY_EXISTS' as const } : { accountId: account.id }),
    };
    organization.createAccountRequests.add(request.id, request.position, request);
  }
}

function buildInvitations(builder: WorldBuilder, organization: Organization): void {
  const outcomes: readonly Outcome[] = ['ACCEPTED', 'PENDING', 'DECLINED', 'PENDING', 'CANCELED', 'ACCEPTED'];
  for (const [index, name] of demoStartups.entries()) {
    const email = `founder@${name.toLowerCase().replace(' ', '-')}.example.com`;
    const account = builder.account(name, { email, ageDays: 120 });
    const outcome = outcomes[index % outcomes.length] ?? 'PENDING';
    // Invitations expire after 15 days, so this one is expired.
    const sentDaysAgo = outcome === 'PENDING' && index % 4 === 1 ? 20 : 1 + index / 2;
    const notes = index % 2 ? 'Welcome to Northwind' : undefined;
    invite(builder, {
      from: organization,
      to: account,
      outcome,
      sentDaysAgo,
      byEmail: index % 3 === 0,
      ...(notes !== undefined && { notes }),
    });
    if (account.membership) account.tags.set('CostCenter', 'Platform');
  }
}
