import { describe, expect, it } from 'vitest';
import { createKept, idsOf, untilComplete } from './support/kept.ts';

const swept = [
  'organization',
  'roots',
  'accounts',
  'organizationalUnits',
  'policies',
  'policyAttachments',
  'policyContents',
  'tags',
  'delegatedAdministrators',
  'enabledServices',
  'resourcePolicy',
] as const;

const watched = [
  'organizationHandshakes',
  'accountHandshakes',
  'inboundResponsibilityTransfers',
  'outboundResponsibilityTransfers',
  'createAccountStatuses',
] as const;

describe('the first sweep', () => {
  it('reads every list with the least possible calls', async () => {
    const { open, clock, upstream, world, errors } = createKept();
    for (let number = 0; number < 45; number += 1) world.addAccount(number);
    world.addPolicy('p-own');
    world.targets.get('p-own')?.add('100000000001');
    world.services.add('sso.amazonaws.com');
    const kept = open();
    await untilComplete(clock, kept, ...swept, ...watched);
    expect(errors).toEqual([]);
    expect(idsOf(kept, 'accounts')).toHaveLength(45);
    expect(idsOf(kept, 'policyAttachments')).toEqual(['100000000001/p-own', 'r-root/p-FullAWSAccess']);
    expect(idsOf(kept, 'tags')).toHaveLength(45 + 1 + 1);
    const counts = Object.fromEntries(
      [...new Set(upstream.calls.map(({ operation }) => operation))].map((name) => [name, upstream.count(name)]),
    );
    expect(counts).toEqual({
      DescribeOrganization: 1,
      ListRoots: 1,
      ListAccounts: 3,
      ListOrganizationalUnitsForParent: 1,
      ListPolicies: 1,
      ListTargetsForPolicy: 2,
      DescribePolicy: 2,
      ListTagsForResource: 47,
      ListDelegatedAdministrators: 1,
      ListAWSServiceAccessForOrganization: 1,
      DescribeResourcePolicy: 1,
      ListHandshakesForOrganization: 1,
      ListHandshakesForAccount: 1,
      ListInboundResponsibilityTransfers: 1,
      ListOutboundResponsibilityTransfers: 1,
      ListCreateAccountStatus: 1,
    });
    expect(swept.map((list) => kept.list(list).state)).toEqual(swept.map(() => 'READY'));
    expect(watched.map((list) => kept.list(list).state)).toEqual(watched.map(() => 'READY'));
    kept.release();
    expect([clock.pending, upstream.inFlight]).toEqual([0, 0]);
  });
});
