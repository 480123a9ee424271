import { describe, expect, it } from 'vitest';
import { operations } from '../../src/upstream/index.ts';
import { CopyModel, keep, smallOrganization } from './support/copy-model.ts';
import { idsOf } from './support/kept.ts';
import { guest, payer } from './support/random-writes.ts';

const minute = 60_000;
const SCP = 'SERVICE_CONTROL_POLICY';

/** A complete copy of a small simulated organization, whose age allows no sweep for a while. */
const createComplete = async () => {
  const model = new CopyModel('memory', { seed: 0, random: 0, principals: 1 });
  await model.start(smallOrganization);
  await model.clock.advance(minute);
  const [process] = model.processes;
  if (process === undefined) throw new Error('no process');
  const { kept: copy, watcher, upstream } = process;
  const { aws, clock, principal } = model;
  const [organization] = aws.world.organizations.values();
  if (organization === undefined) throw new Error('no organization');
  copy.refresh(['organization', 'roots', 'accounts', 'organizationalUnits', 'policies', 'policyAttachments', 'tags']);
  await clock.advance(minute / 2);
  aws.calls.length = 0;
  const callsOf = (operation: string) => aws.calls.filter((call) => call.operation === operation).length;
  const policy = [...organization.policies.values()].find(({ type, awsManaged }) => type === SCP && !awsManaged);
  const RootId = organization.root.id;
  return {
    model,
    aws,
    clock,
    copy,
    watcher,
    upstream,
    principal,
    organization,
    policyId: policy?.id ?? '',
    RootId,
    callsOf,
  };
};

describe('an own write with an empty reply', () => {
  it('changes the copy at once, is not reverted by lagging lists, and is verified when they have settled', async () => {
    const { model, aws, clock, copy, upstream, principal, policyId, RootId, callsOf } = await createComplete();
    aws.maxLagMs = 14_000;
    upstream.write(principal, payer, 'AttachPolicy', { PolicyId: policyId, TargetId: RootId });
    await clock.advance(0);
    const id = `${RootId}/${policyId}`;
    expect(idsOf(copy, 'policyAttachments')).toContain(id);
    for (let waited = 0; waited < 14_000; waited += 1_000) {
      copy.refresh(['policyAttachments']);
      await clock.advance(1_000);
      expect(idsOf(copy, 'policyAttachments')).toContain(id);
    }
    const before = callsOf('ListPoliciesForTarget');
    await clock.advance(5_000);
    expect(callsOf('ListPoliciesForTarget')).toBeGreaterThan(before);
    expect(copy.list('policyAttachments').changedAt).toBeUndefined();
    await model.end();
  });
});

describe('an own write whose effect only a read shows', () => {
  it('marks the list as changed until it was read', async () => {
    const { model, clock, copy, upstream, principal, RootId } = await createComplete();
    upstream.write(principal, payer, 'EnablePolicyType', { RootId, PolicyType: 'RESOURCE_CONTROL_POLICY' });
    expect(copy.list('roots').changedAt).toBe(clock.wallMs());
    expect(copy.list('policies').changedAt).toBe(clock.wallMs());
    await clock.advance(minute);
    expect(copy.list('roots').changedAt).toBeUndefined();
    expect(idsOf(copy, 'policies')).toContain('p-RCPFullAWSAccess');
    await model.end();
  });

  it('reads policies and attachments of the new type at the rate of each operation', async () => {
    const { model, aws, clock, upstream, principal, RootId, callsOf } = await createComplete();
    upstream.write(principal, payer, 'EnablePolicyType', { RootId, PolicyType: 'RESOURCE_CONTROL_POLICY' });
    await clock.advance(minute / 2);
    expect(callsOf('ListPolicies')).toBeGreaterThan(2);
    const times = aws.calls.filter(({ operation }) => operation === 'ListPolicies').map(({ at }) => at);
    const pauses = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    const intervalMs = 1000 / (operations.ListPolicies.limit.rate * keep.budgetShare);
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(intervalMs);
    await model.end();
  });
});

describe('an attachment that its policy no longer shows', () => {
  it('is confirmed by the list of its target', async () => {
    const { model, aws, clock, copy, organization, callsOf } = await createComplete();
    const [attachment] = [...organization.policies.values()]
      .filter(({ awsManaged }) => !awsManaged)
      .flatMap(({ id }) => [...organization.attachmentsOf(id).values()]);
    const ids = { PolicyId: attachment?.policy.id, TargetId: attachment?.targetId };
    expect(aws.tryToCall(payer, 'DetachPolicy', ids)).toBeDefined();
    copy.refresh(['policyAttachments']);
    await clock.advance(minute / 4);
    expect(callsOf('ListPoliciesForTarget')).toBe(1);
    expect(idsOf(copy, 'policyAttachments')).not.toContain(`${ids.TargetId}/${ids.PolicyId}`);
    await model.end();
  });
});

describe('a disabled policy type', () => {
  it('takes its policies, their contents, attachments and tags with it', async () => {
    const { model, aws, clock, copy, policyId, RootId, callsOf } = await createComplete();
    expect(idsOf(copy, 'policyContents')).toContain(policyId);
    aws.tryToCall(payer, 'DisablePolicyType', { RootId, PolicyType: SCP });
    copy.refresh(['roots']);
    await clock.advance(5_000);
    expect(callsOf('ListPolicies')).toBe(0);
    for (const list of ['policies', 'policyContents', 'tags'] as const)
      expect(idsOf(copy, list)).not.toContain(policyId);
    const policies = [...(copy.list('policyAttachments').objects?.values() ?? [])].map(({ object }) => object.PolicyId);
    expect(policies).not.toContain('p-FullAWSAccess');
    await model.end();
  });
});

describe('an account that joins without an event', () => {
  it('is read when the list of creations shows it', async () => {
    const { model, aws, clock, copy, callsOf } = await createComplete();
    aws.tryToCall(payer, 'CreateAccount', { AccountName: 'new', Email: 'new@example.com' });
    await clock.advance(6_000);
    copy.refresh(['createAccountStatuses']);
    await clock.advance(5_000);
    const names = [...(copy.list('accounts').objects?.values() ?? [])].map(({ object }) => object.Name);
    expect(names).toContain('new');
    expect([callsOf('ListAccounts'), callsOf('DescribeAccount')]).toEqual([0, 1]);
    await model.end();
  });

  it('is read when its invitation is accepted', async () => {
    const { model, aws, clock, copy } = await createComplete();
    const { Handshake } =
      aws.tryToCall(payer, 'InviteAccountToOrganization', { Target: { Type: 'ACCOUNT', Id: guest } }) ?? {};
    copy.refresh(['organizationHandshakes']);
    await clock.advance(5_000);
    expect(aws.tryToCall(guest, 'AcceptHandshake', { HandshakeId: Handshake?.Id })).toBeDefined();
    copy.refresh(['organizationHandshakes']);
    await clock.advance(5_000);
    expect(idsOf(copy, 'accounts')).toContain(guest);
    expect(idsOf(copy, 'tags')).toContain(guest);
    await model.end();
  });
});

describe('an object that a sweep finds', () => {
  it('gets its tags and attachments soon, and their lists are no younger than the last read without it', async () => {
    const { model, aws, clock, copy, RootId } = await createComplete();
    copy.refresh(['tags']);
    await clock.advance(minute / 4);
    const before = copy.list('organizationalUnits').asOf;
    expect(copy.list('tags').asOf).toBeGreaterThan(before ?? 0);
    const Tags = [{ Key: 'team', Value: 'new' }];
    const { OrganizationalUnit } =
      aws.tryToCall(payer, 'CreateOrganizationalUnit', { ParentId: RootId, Name: 'new', Tags }) ?? {};
    const id = OrganizationalUnit?.Id ?? '';
    aws.control.fail({ failure: { kind: 'error', error: 'ServiceException' }, operation: 'ListTagsForResource' });
    copy.refresh(['organizationalUnits']);
    await clock.advance(10_000);
    expect(idsOf(copy, 'organizationalUnits')).toContain(id);
    expect(copy.list('tags').asOf).toBeLessThanOrEqual(before ?? 0);
    aws.control.clearFaults();
    await clock.advance(minute);
    expect(copy.list('tags').objects?.get(id)?.object.Tags).toEqual(Tags);
    expect(copy.list('tags').asOf).toBeGreaterThan(before ?? 0);
    await model.end();
  });
});

describe('an own write whose event takes time to store', () => {
  it('marks the list as changed until it is published', async () => {
    const model = new CopyModel('slow level', { seed: 0, random: 0, principals: 1 });
    await model.start(smallOrganization);
    const { clock, principal } = model;
    await clock.advance(minute);
    const [{ kept: copy, upstream } = { kept: undefined, upstream: undefined }] = model.processes;
    upstream?.write(principal, payer, 'EnableAWSServiceAccess', { ServicePrincipal: 'sso.amazonaws.com' });
    await clock.advance(299);
    expect(copy?.list('enabledServices').objects?.has('sso.amazonaws.com')).toBe(false);
    expect(copy?.list('enabledServices').changedAt).toBe(clock.wallMs() - 299);
    await clock.advance(1);
    expect(copy?.list('enabledServices').objects?.has('sso.amazonaws.com')).toBe(true);
    expect(copy?.list('enabledServices').changedAt).toBeUndefined();
    await model.end();
  });
});
