import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type OperationModel, type OperationName, operations } from '../../../src/simulator/model/operations.ts';
import { DAY_MS } from '../../../src/simulator/world/durations.ts';
import { runs } from '../../support/runs.ts';
import { verdict, withWorld } from './driver.ts';
import { findBrokenInvariants } from './invariants.ts';

const payer = '100000000001';
const policyText = {
  SERVICE_CONTROL_POLICY: '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:*","Resource":"*"}]}',
  TAG_POLICY: '{"tags":{"team":{"tag_key":{"@@assign":"team"}}}}',
} as const;
const services = ['config.amazonaws.com', 'guardduty.amazonaws.com'];

/** The entities of a step, drawn from the existing ones. */
interface Drawn {
  readonly account: string;
  readonly parent: string;
  readonly other: string;
  readonly unit: string;
  readonly policy: string;
  readonly target: string;
  readonly root: string;
  readonly type: keyof typeof policyText;
  readonly service: string;
  readonly number: number;
}

const steps: Readonly<Partial<Record<OperationName, (drawn: Drawn) => object>>> = {
  CreateAccount: ({ number }) => ({ Email: `account-${number}@example.com`, AccountName: `Account ${number}` }),
  CreateOrganizationalUnit: ({ parent, number }) => ({ ParentId: parent, Name: `Unit ${number % 7}` }),
  UpdateOrganizationalUnit: ({ unit, number }) => ({ OrganizationalUnitId: unit, Name: `Unit ${number % 7}` }),
  DeleteOrganizationalUnit: ({ unit }) => ({ OrganizationalUnitId: unit }),
  MoveAccount: ({ account, parent, other }) => ({
    AccountId: account,
    SourceParentId: parent,
    DestinationParentId: other,
  }),
  CloseAccount: ({ account }) => ({ AccountId: account }),
  RemoveAccountFromOrganization: ({ account }) => ({ AccountId: account }),
  CreatePolicy: ({ type, number }) => ({
    Type: type,
    Name: `Policy ${number % 5}`,
    Description: '',
    Content: policyText[type],
  }),
  DeletePolicy: ({ policy }) => ({ PolicyId: policy }),
  AttachPolicy: ({ policy, target }) => ({ PolicyId: policy, TargetId: target }),
  DetachPolicy: ({ policy, target }) => ({ PolicyId: policy, TargetId: target }),
  EnablePolicyType: ({ root, type }) => ({ RootId: root, PolicyType: type }),
  DisablePolicyType: ({ root, type }) => ({ RootId: root, PolicyType: type }),
  EnableAWSServiceAccess: ({ service }) => ({ ServicePrincipal: service }),
  DisableAWSServiceAccess: ({ service }) => ({ ServicePrincipal: service }),
  RegisterDelegatedAdministrator: ({ account, service }) => ({ AccountId: account, ServicePrincipal: service }),
  DeregisterDelegatedAdministrator: ({ account, service }) => ({ AccountId: account, ServicePrincipal: service }),
  TagResource: ({ target, number }) => ({ ResourceId: target, Tags: [{ Key: `key-${number % 3}`, Value: 'x' }] }),
  UntagResource: ({ target, number }) => ({ ResourceId: target, TagKeys: [`key-${number % 3}`] }),
  DeleteOrganization: () => ({}),
};

const names = Object.keys(steps) as OperationName[];

test('any steps on an organization succeed or fail as declared, and keep the invariants', async () => {
  const step = fc.record({
    operation: fc.constantFrom(...names),
    picks: fc.tuple(fc.nat(), fc.nat(), fc.nat(), fc.nat(), fc.nat(), fc.nat()),
    days: fc.constantFrom(0, 0, 0, 1, 5, 100),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 120 }), (sequence) =>
      withWorld({ settings: { quotas: { accounts: 30 } }, account: payer }, async (driver) => {
        await driver.call(payer, 'CreateOrganization');
        const { world } = driver.simulator;
        for (const { operation, picks, days } of sequence) {
          const [organization] = world.organizations.values();
          if (!organization) break;
          const { root, units, members, policies } = organization;
          const pick = <T>(values: readonly T[], index: number): T | undefined => values[index % values.length];
          const account = pick(members.values(), picks[0]);
          const parents = [root, ...units.values()];
          const input = steps[operation]?.({
            account: account?.id ?? payer,
            // Half of the moves name the account's actual parent.
            parent: (picks[1] % 2 ? account?.membership?.parentId : pick(parents, picks[1])?.id) ?? root.id,
            other: pick(parents, picks[2])?.id ?? root.id,
            unit: pick(units.values(), picks[2])?.id ?? `ou-${root.id.slice(2)}-00000000`,
            policy: pick(policies.values(), picks[3])?.id ?? 'p-FullAWSAccess',
            target: pick([...parents, ...members.values()], picks[4])?.id ?? root.id,
            root: root.id,
            type: picks[5] % 2 ? 'SERVICE_CONTROL_POLICY' : 'TAG_POLICY',
            service: pick(services, picks[5]) ?? '',
            number: picks[5] % 1_000,
          });
          const outcome = await driver.call(payer, operation, input);
          const declared: OperationModel = operations[operation];
          if (outcome.error)
            expect([verdict(outcome), declared.errors]).toEqual([
              expect.anything(),
              expect.arrayContaining([outcome.error]),
            ]);
          driver.advance(days * DAY_MS);
          expect(findBrokenInvariants(world)).toEqual([]);
        }
      }),
    ),
    { numRuns: runs(60) },
  );
});
