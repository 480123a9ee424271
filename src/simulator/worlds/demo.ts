import { createOrganization } from '../world/organizations.ts';
import { World, type WorldOptions } from '../world/world.ts';
import { WorldBuilder } from './builder.ts';
import { demoCompanies, demoStandalone } from './demo-accounts.ts';
import { invite, inviteToTransfer, type Outcome } from './demo-handshakes.ts';
import { buildPartner } from './demo-partner.ts';
import { createOrganizationWithScps } from './organization-with-scps.ts';

export const PARTNER = '111111111111';
export const STANDALONE = '222222222222';
export const CUSTOMER = '444444444444';

const quotas = { accounts: 20_000, inboundTransfers: 200 };

/**
 * Creates a reseller's organization, o-exampleorgid, and its customers; every list has several pages. No invitation is
 * open between 111111111111 and 222222222222, and no transfer to 444444444444, so that users can create them.
 */
export function createDemoWorld(
  options: Omit<WorldOptions, 'defaultAccountId'> & { readonly defaultAccountId?: string },
): World {
  const world = new World({ defaultAccountId: PARTNER, ...options });
  const builder = new WorldBuilder(world);
  const partner = builder.account('Northwind Cloud Partners', {
    id: PARTNER,
    email: 'aws-payer@northwind.example.com',
    ageDays: 1_500,
  });
  const organization = createOrganizationWithScps(world, partner, {
    id: 'o-exampleorgid',
    rootId: 'r-exmp',
    time: builder.daysAgo(1_200),
    quotas,
  });
  buildPartner(builder, organization);

  const customer = builder.account('Contoso Retail', {
    id: CUSTOMER,
    email: 'aws-billing@contoso.example.com',
    ageDays: 900,
    // The only account of the demo that can call CreateGovCloudAccount.
    govCloudAccountId: '900000000044',
  });
  const contoso = createOrganizationWithScps(world, customer, {
    id: 'o-contosoorg1',
    rootId: 'r-cnto',
    time: builder.daysAgo(800),
    quotas: { accounts: 100 },
  });
  for (const [index, name] of ['Web', 'Warehouse', 'Analytics', 'Mobile', 'Test'].entries()) {
    const account = builder.account(`Contoso ${name}`, { email: `aws+${name.toLowerCase()}@contoso.example.com` });
    builder.member(contoso, account, { path: index < 3 ? 'Production' : 'Test', joinedDaysAgo: 300 - index });
  }
  const standalone = builder.account('Bramble Bikes', {
    id: STANDALONE,
    email: 'owner@bramble-bikes.example.com',
    ageDays: 90,
  });
  for (const [id, name] of Object.entries(demoStandalone))
    builder.account(name, { id, email: emailOf(name), ageDays: 200 });
  buildConsolidatedBilling(builder);

  const invitations: readonly Outcome[] = ['DECLINED', 'CANCELED', 'PENDING', 'DECLINED', 'PENDING'];
  for (const [index, name] of demoCompanies.entries()) {
    const management = builder.account(name, { email: emailOf(name), ageDays: 700 });
    const company = createOrganizationWithScps(world, management, {
      id: `o-${name
        .toLowerCase()
        .replace(/[^a-z]/g, '')
        .slice(0, 10)
        .padEnd(10, '0')}`,
      rootId: `r-${name.toLowerCase().slice(0, 2)}${String(index).padStart(2, '0')}`,
      time: builder.daysAgo(500 - index),
      quotas: { accounts: 100, inboundTransfers: 10 },
    });
    // The standalone account receives more invitations than fit on a page.
    const outcome = invitations[index % invitations.length] ?? 'DECLINED';
    const sentDaysAgo = outcome === 'PENDING' && index % 2 ? 20 + index / 10 : 1 + index / 3;
    invite(builder, { from: company, to: standalone, outcome, sentDaysAgo, byEmail: index % 2 === 0 });
    if (index % 9 === 4)
      inviteToTransfer(builder, { from: company, to: customer, outcome: 'DECLINED', sentDaysAgo: 3 });
    inviteToTransfer(builder, {
      from: organization,
      to: management,
      ...transferHistory(index),
      byEmail: index % 3 === 0,
    });
  }
  return world;
}

/** Covers every state of a transfer: accepted, withdrawn, declined, canceled, expired and open. */
function transferHistory(index: number): {
  readonly outcome: Outcome;
  readonly sentDaysAgo: number;
  readonly notes?: string;
} {
  if (index < 9) return { outcome: 'ACCEPTED', sentDaysAgo: 40 + index * 17 };
  if (index < 12) return { outcome: 'WITHDRAWN', sentDaysAgo: 70 + index * 11 };
  if (index < 15) return { outcome: 'DECLINED', sentDaysAgo: index - 10, notes: 'One bill for all your accounts' };
  if (index < 18) return { outcome: 'CANCELED', sentDaysAgo: index - 12 };
  if (index < 20) return { outcome: 'PENDING', sentDaysAgo: 33 };
  if (index < 24) return { outcome: 'ACCEPTED', sentDaysAgo: index - 18 };
  return { outcome: 'PENDING', sentDaysAgo: 1 + (index - 24) / 2, notes: 'As agreed on the phone' };
}

/** Creates 888888888888, an organization with consolidated billing only, and two invited members. */
function buildConsolidatedBilling(builder: WorldBuilder): void {
  const management = builder.account('Sedge Cooperative', { id: '888888888888', email: emailOf('Sedge Cooperative') });
  const organization = createOrganization(builder.world, management, {
    id: 'o-sedgecoop01',
    rootId: 'r-sedg',
    featureSet: 'CONSOLIDATED_BILLING',
    time: builder.daysAgo(300),
  });
  for (const name of ['Sedge Farm', 'Sedge Market']) {
    builder.member(organization, builder.account(name, { email: emailOf(name) }), {
      joinedDaysAgo: 200,
      invited: true,
    });
  }
}

const emailOf = (name: string) => `aws@${name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.example.com`;
