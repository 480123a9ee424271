import { expect, test } from 'vitest';
import { createClock } from '../../src/simulator/index.ts';
import type { OperationName } from '../../src/simulator/model/operations.ts';
import { dumpWorld } from '../../src/simulator/worlds/dump-world.ts';
import { attempt, type Outcome } from './raw-call.ts';
import { simulate } from './support.ts';

const PAYER = '111111111111';

async function demo() {
  const clock = createClock({ start: Date.UTC(2026, 4, 10), rate: 0 });
  const { simulator } = await simulate({ seed: 'demo', clock });
  const [organization] = simulator.world.organizations.values();
  if (!organization) throw new Error('no organization');
  const member = (name: string) => organization.members.values().find((account) => account.name === name)?.id ?? '';
  const unit = (name: string) => organization.units.values().find((one) => one.name === name)?.id ?? '';
  const call = async (operation: OperationName, input: object, by = PAYER): Promise<Outcome['output']> => {
    const { output, error, message } = await attempt(simulator.url, by, operation, input);
    if (error) throw new Error(`${error}: ${message}`);
    return output;
  };
  const create = async (Type: string, document: object, Name = 'New'): Promise<string> => {
    const { Policy } = await call('CreatePolicy', { Type, Name, Description: '', Content: JSON.stringify(document) });
    return (Policy as { PolicySummary: { Id: string } }).PolicySummary.Id;
  };
  const effective = async (PolicyType: string, TargetId: string): Promise<unknown> => {
    const { EffectivePolicy } = await call('DescribeEffectivePolicy', { PolicyType, TargetId });
    return JSON.parse((EffectivePolicy as { PolicyContent: string }).PolicyContent);
  };
  return { simulator, clock, organization, member, unit, call, create, effective };
}

const costCenter = (values: readonly string[]) => ({
  tags: { costcenter: { tag_key: 'CostCenter', tag_value: values } },
});
const everywhere = ['Retail', 'Platform', 'Security', 'Sandbox'];

test("merges an account's effective policy from the root down, and again when the account moves", async () => {
  const { member, unit, call, effective } = await demo();
  const AccountId = member('Checkout');
  expect(await effective('TAG_POLICY', AccountId)).toEqual(costCenter([...everywhere, 'Payments']));
  await call('MoveAccount', {
    AccountId,
    SourceParentId: unit('Production'),
    DestinationParentId: unit('Staging'),
  });
  expect(await effective('TAG_POLICY', AccountId)).toEqual(costCenter(everywhere));
});

test('an account keeps its last valid effective policy while its policies have errors', async () => {
  const { member, unit, call, create, effective, clock } = await demo();
  const TargetId = unit('Production');
  const AccountId = member('Checkout');
  const before = await effective('BACKUP_POLICY', AccountId);
  clock.advance(1_000);
  const PolicyId = await create('BACKUP_POLICY', { plans: { Broken: { regions: { '@@assign': ['eu-west-1'] } } } });
  await call('AttachPolicy', { PolicyId, TargetId });
  expect(await effective('BACKUP_POLICY', AccountId)).toEqual(before);
  const errors = await call('ListEffectivePolicyValidationErrors', { AccountId, PolicyType: 'BACKUP_POLICY' });
  expect(errors['EffectivePolicyValidationErrors']).toContainEqual(
    expect.objectContaining({ ErrorCode: 'KEY_REQUIRED', ContributingPolicies: [PolicyId] }),
  );
  const { Accounts } = await call('ListAccountsWithInvalidEffectivePolicy', { PolicyType: 'BACKUP_POLICY' });
  expect((Accounts as { Name: string }[]).map(({ Name }) => Name)).toEqual(
    expect.arrayContaining(['Checkout', 'Policy Canary', 'EU Payments']),
  );
  await call('DetachPolicy', { PolicyId, TargetId });
  const after = await call('ListEffectivePolicyValidationErrors', { AccountId, PolicyType: 'BACKUP_POLICY' });
  expect(after['EffectivePolicyValidationErrors']).toEqual([]);
});

test('disabling a policy type detaches its policies; enabling it again does not restore them', async () => {
  const { simulator, call, organization } = await demo();
  const type = { RootId: organization.root.id, PolicyType: 'TAG_POLICY' };
  await call('DisablePolicyType', type);
  await call('EnablePolicyType', type);
  const { Policies } = await call('ListPoliciesForTarget', { TargetId: organization.root.id, Filter: 'TAG_POLICY' });
  expect(Policies).toEqual([]);
  const controls = { RootId: organization.root.id, PolicyType: 'SERVICE_CONTROL_POLICY' };
  await call('DisablePolicyType', controls);
  expect(organization.attachmentsOf('p-FullAWSAccess').size).toBe(0);
  await call('EnablePolicyType', controls);
  const { size } = simulator.world.organizations.get('o-exampleorgid')?.members ?? { size: 0 };
  expect(organization.attachmentsOf('p-FullAWSAccess').size).toBe(1 + organization.units.size + size);
});

test('a policy type that is being enabled rejects changes', async () => {
  const { simulator, call, organization, clock } = await demo();
  simulator.world.settings.policyTypeMs = 5_000;
  const type = { RootId: organization.root.id, PolicyType: 'CHATBOT_POLICY' };
  expect(await call('EnablePolicyType', type)).toMatchObject({
    Root: { PolicyTypes: expect.arrayContaining([{ Type: 'CHATBOT_POLICY', Status: 'PENDING_ENABLE' }]) },
  });
  await expect(call('DisablePolicyType', type)).rejects.toThrow(/PolicyChangesInProgressException/);
  clock.advance(5_000);
  expect(await call('ListRoots', {})).toMatchObject({
    Roots: [{ PolicyTypes: expect.arrayContaining([{ Type: 'CHATBOT_POLICY', Status: 'ENABLED' }]) }],
  });
});

test('a delegated administrator may only read; the resource policy allows named writes', async () => {
  const { member, call, create } = await demo();
  const security = member('Security Tooling');
  await call('ListPolicies', { Filter: 'TAG_POLICY' }, security);
  await expect(call('DeletePolicy', { PolicyId: 'p-FullAWSAccess' }, security)).rejects.toThrow(/AccessDenied/);
  const backup = member('Backup Vault');
  const document = { services: { default: { opt_out_policy: { '@@assign': 'optOut' } } } };
  const other = await create('AISERVICES_OPT_OUT_POLICY', document);
  const own = await create('BACKUP_POLICY', { plans: {} });
  await call('UpdatePolicy', { PolicyId: own, Name: 'Ours' }, backup);
  await expect(call('UpdatePolicy', { PolicyId: other, Name: 'Ours' }, backup)).rejects.toThrow(/AccessDenied/);
});

// https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/organizations/organization_test.go,
// which runs against AWS: roots.0.policy_types.# is 0 after CreateOrganization.
test('no policy type is enabled in a new organization until EnablePolicyType', async () => {
  const { simulator } = await simulate();
  const call = (operation: OperationName, input: object = {}) => attempt(simulator.url, PAYER, operation, input);
  await call('CreateOrganization');
  const roots = async () => (await call('ListRoots')).output['Roots'] as { Id: string; PolicyTypes: object[] }[];
  const [root] = await roots();
  expect(root?.PolicyTypes).toEqual([]);
  const targets = async () => (await call('ListTargetsForPolicy', { PolicyId: 'p-FullAWSAccess' })).output['Targets'];
  expect(await targets()).toEqual([]);
  const attach = () => call('AttachPolicy', { PolicyId: 'p-FullAWSAccess', TargetId: root?.Id });
  expect((await attach()).error).toBe('PolicyTypeNotEnabledException');
  const enable = () => call('EnablePolicyType', { RootId: root?.Id, PolicyType: 'SERVICE_CONTROL_POLICY' });
  const enabled = { ...root, PolicyTypes: [{ Type: 'SERVICE_CONTROL_POLICY', Status: 'ENABLED' }] };
  expect((await enable()).output).toMatchObject({ Root: enabled });
  expect(await roots()).toEqual([enabled]);
  expect(await targets()).toHaveLength(2);
  expect((await enable()).error).toBe('PolicyTypeAlreadyEnabledException');
  expect((await attach()).error).toBe('DuplicatePolicyAttachmentException');
});

const plan = (region: string) => ({
  plans: {
    Daily: {
      regions: { '@@assign': [region] },
      rules: {
        daily: {
          schedule_expression: { '@@assign': 'cron(0 3 ? * * *)' },
          target_backup_vault_name: { '@@assign': 'Default' },
        },
      },
      selections: {
        tags: {
          tagged: {
            iam_role_arn: { '@@assign': 'arn:aws:iam::$account:role/BackupRole' },
            tag_key: { '@@assign': 'backup' },
            tag_value: { '@@assign': ['daily'] },
          },
        },
      },
    },
  },
});
const withErrors = { plans: { Broken: { regions: { '@@assign': ['eu-west-1'] } } } };

type DemoWorld = Awaited<ReturnType<typeof demo>>;
interface End {
  readonly how: string;
  readonly end: (world: DemoWorld, AccountId: string, PolicyId: string) => Promise<unknown>;
}

// https://docs.aws.amazon.com/organizations/latest/userguide/invalid-policy-alerts.html: the last valid effective
// policy stays in force while there are errors. It is deleted once no policy applies to the account.
test.each<End>([
  {
    how: 'detached',
    end: ({ call }, TargetId, PolicyId) => call('DetachPolicy', { PolicyId, TargetId }),
  },
  {
    how: 'detached and deleted',
    end: async ({ call }, TargetId, PolicyId) => {
      await call('DetachPolicy', { PolicyId, TargetId });
      await call('DeletePolicy', { PolicyId });
    },
  },
  {
    how: 'detached by disabling the type',
    end: async ({ call, organization }) => {
      const type = { RootId: organization.root.id, PolicyType: 'BACKUP_POLICY' };
      await call('DisablePolicyType', type);
      await call('EnablePolicyType', type);
    },
  },
  {
    how: 'left behind by an account that leaves and joins again',
    end: async ({ call }, AccountId) => {
      await call('RemoveAccountFromOrganization', { AccountId });
      const { Handshake } = await call('InviteAccountToOrganization', { Target: { Type: 'ACCOUNT', Id: AccountId } });
      await call('AcceptHandshake', { HandshakeId: (Handshake as { Id: string }).Id }, AccountId);
    },
  },
])('an effective policy whose policy was $how does not return with an invalid policy', async ({ end }) => {
  const world = await demo();
  const { call, create, effective, member, clock } = world;
  const TargetId = member('Sandbox Ada');
  const PolicyId = await create('BACKUP_POLICY', plan('eu-west-1'), 'Valid');
  await call('AttachPolicy', { PolicyId, TargetId });
  await effective('BACKUP_POLICY', TargetId);
  // A change makes the simulator save the valid policies.
  await call('UpdatePolicy', { PolicyId, Content: JSON.stringify(plan('us-east-1')) });
  clock.advance(1_000);
  await end(world, TargetId, PolicyId);
  await expect(effective('BACKUP_POLICY', TargetId)).rejects.toThrow(/EffectivePolicyNotFoundException/);
  await call('AttachPolicy', { PolicyId: await create('BACKUP_POLICY', withErrors, 'Invalid'), TargetId });
  await expect(effective('BACKUP_POLICY', TargetId)).rejects.toThrow(/EffectivePolicyNotFoundException/);
});

test('an effective policy from another OU does not return with an invalid policy', async () => {
  const { call, create, effective, member, unit } = await demo();
  const AccountId = member('Checkout Dev');
  const from = unit('Development');
  const to = unit('Sandbox');
  const move = (SourceParentId: string, DestinationParentId: string) =>
    call('MoveAccount', { AccountId, SourceParentId, DestinationParentId });
  await effective('BACKUP_POLICY', AccountId);
  await move(from, to);
  await expect(effective('BACKUP_POLICY', AccountId)).rejects.toThrow(/EffectivePolicyNotFoundException/);
  await call('AttachPolicy', { PolicyId: await create('BACKUP_POLICY', withErrors), TargetId: to });
  await expect(effective('BACKUP_POLICY', AccountId)).rejects.toThrow(/EffectivePolicyNotFoundException/);
});

test('an effective policy reflects two changes of a policy with the same time and length', async () => {
  const { call, create, effective, member } = await demo();
  const TargetId = member('Sandbox Ada');
  const PolicyId = await create('BACKUP_POLICY', plan('eu-west-1'));
  await call('AttachPolicy', { PolicyId, TargetId });
  await effective('BACKUP_POLICY', TargetId);
  await call('UpdatePolicy', { PolicyId, Content: JSON.stringify(plan('eu-west-2')) });
  expect(await effective('BACKUP_POLICY', TargetId)).toMatchObject({ plans: { Daily: { regions: ['eu-west-2'] } } });
});

test('an account keeps its last valid effective policy across a restart', async () => {
  const { simulator, clock, call, create, effective, member, unit } = await demo();
  const AccountId = member('Checkout');
  const before = await effective('BACKUP_POLICY', AccountId);
  await call('AttachPolicy', { PolicyId: await create('BACKUP_POLICY', withErrors), TargetId: unit('Production') });
  const seed = JSON.parse(JSON.stringify(dumpWorld(simulator.world)));
  const { simulator: copy } = await simulate({ seed, clock });
  const input = { PolicyType: 'BACKUP_POLICY', TargetId: AccountId };
  const { output } = await attempt(copy.url, PAYER, 'DescribeEffectivePolicy', input);
  expect(JSON.parse((output['EffectivePolicy'] as { PolicyContent: string }).PolicyContent)).toEqual(before);
});
