import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/control-policies/json.ts';
import type { EffectivePolicyType } from '../../../src/simulator/model/enums.ts';
import {
  contributingPolicies,
  type MergedPolicy,
  type MergeOptions,
  mergeEffectivePolicy,
} from '../../../src/simulator/policy-documents/index.ts';

/** Merges levels of documents; policies are named p-1, p-2, … from the root down. */
function merge(
  type: EffectivePolicyType,
  levels: readonly (readonly JsonObject[])[],
  options?: MergeOptions,
): MergedPolicy {
  let count = 0;
  const policies = levels.map((level) =>
    level.map((document) => {
      count += 1;
      return { policyId: `p-${count}`, document };
    }),
  );
  return mergeEffectivePolicy(type, policies, options) ?? expect.fail('no policy');
}

const tag = (settings: JsonObject): JsonObject => ({ tags: { project: settings } });
const none = { '@@operators_allowed_for_child_policies': ['@@none'] };

test('without a policy on the path there is no effective policy', () => {
  expect(mergeEffectivePolicy('TAG_POLICY', [[], [], []])).toBeUndefined();
});

test('a policy that sets nothing leaves the top key', () => {
  expect(merge('TAG_POLICY', [[{ tags: { project: none } }]]).document).toEqual({ tags: {} });
});

describe('policies of one entity', () => {
  test('the first attached sets a list that two assign, as it does a single value', () => {
    const levels = [[tag({ tag_value: { '@@assign': ['a'] } }), tag({ tag_value: { '@@assign': ['b'] } })]];
    expect(merge('TAG_POLICY', levels).document).toEqual({ tags: { project: { tag_value: ['a'] } } });
  });

  test('the next level assigns anew', () => {
    const levels = [[tag({ tag_value: { '@@assign': ['a'] } })], [tag({ tag_value: { '@@assign': ['b'] } })]];
    expect(merge('TAG_POLICY', levels).document).toEqual({ tags: { project: { tag_value: ['b'] } } });
  });

  test('appends join the assigned list in whichever order they are attached', () => {
    const [assign, append] = [
      tag({ tag_value: { '@@assign': ['a'] } }),
      tag({ tag_value: { '@@append': ['b', 'a'] } }),
    ];
    const expected = { tags: { project: { tag_value: ['a', 'b'] } } };
    expect(merge('TAG_POLICY', [[assign, append]]).document).toEqual(expected);
    expect(merge('TAG_POLICY', [[append, assign]]).document).toEqual(expected);
  });

  test('a removal takes from what was inherited, not from what another adds', () => {
    const root = tag({ tag_value: { '@@assign': ['a', 'b'] } });
    const level = [tag({ tag_value: { '@@append': ['c'] } }), tag({ tag_value: { '@@remove': ['a', 'c'] } })];
    expect(merge('TAG_POLICY', [[root], level]).document).toEqual({ tags: { project: { tag_value: ['b', 'c'] } } });
  });

  test('their controls bind the policies below, not each other', () => {
    const locked = tag({ tag_value: { '@@assign': ['a'], ...none } });
    const append = tag({ tag_value: { '@@append': ['b'] } });
    expect(merge('TAG_POLICY', [[locked, append], [append]]).document).toEqual({
      tags: { project: { tag_value: ['a', 'b'] } },
    });
    expect(merge('TAG_POLICY', [[locked], [append]]).document).toEqual({ tags: { project: { tag_value: ['a'] } } });
  });
});

describe('child control', () => {
  test('a limit cannot be lifted further down', () => {
    const all = tag({ tag_value: { '@@operators_allowed_for_child_policies': ['@@all'] } });
    const levels = [
      [tag({ tag_value: { '@@assign': ['a'], ...none } })],
      [all],
      [tag({ tag_value: { '@@append': ['b'] } })],
    ];
    expect(merge('TAG_POLICY', levels).document).toEqual({ tags: { project: { tag_value: ['a'] } } });
  });

  test('@@append on a map lets policies below add keys, while a locked one beside stays closed (backup example 4)', () => {
    const plan = (vault: string): JsonObject => ({
      rules: { daily: { target_backup_vault_name: { '@@assign': vault } } },
    });
    const root = {
      plans: {
        '@@operators_allowed_for_child_policies': ['@@append'],
        locked: {
          ...none,
          rules: { ...none, daily: { ...none, target_backup_vault_name: { '@@assign': 'Fort', ...none } } },
        },
      },
    };
    const child = {
      plans: { monthly: plan('Default'), LOCKED: { ...plan('Other'), regions: { '@@assign': ['us-east-1'] } } },
    };
    expect(merge('BACKUP_POLICY', [[root], [child]]).document).toEqual({
      plans: {
        locked: { rules: { daily: { target_backup_vault_name: 'Fort' } } },
        monthly: { rules: { daily: { target_backup_vault_name: 'Default' } } },
      },
    });
  });

  test('@@remove alone on a map does not let policies below add keys', () => {
    const root = { tags: { '@@operators_allowed_for_child_policies': ['@@remove'] } };
    expect(merge('TAG_POLICY', [[root], [tag({ tag_value: { '@@assign': ['a'] } })]]).document).toEqual({ tags: {} });
  });

  test('a lock on a map does not reach the settings that are in it', () => {
    const root = { tags: { ...none, project: { ...none, tag_value: { '@@assign': ['a'] } } } };
    const child = tag({ tag_value: { '@@assign': ['b'] }, enforced_for: { '@@assign': ['ec2:instance'] } });
    expect(merge('TAG_POLICY', [[root], [child]]).document).toEqual({ tags: { project: { tag_value: ['b'] } } });
  });
});

test('keys meet without case, and are spelled as the first policy did', () => {
  const levels = [
    [{ tags: { CostCenter: { tag_key: { '@@assign': 'CostCenter' } } } }],
    [{ tags: { costcenter: { tag_value: { '@@assign': ['1'] } } } }],
  ];
  expect(merge('TAG_POLICY', levels).document).toEqual({
    tags: { CostCenter: { tag_key: 'CostCenter', tag_value: ['1'] } },
  });
});

test('a key named __proto__ is a key', () => {
  const document: JsonObject = JSON.parse('{"tags":{"__proto__":{"tag_key":{"@@assign":"__proto__"}}}}');
  expect(JSON.stringify(merge('TAG_POLICY', [[document]]).document)).toBe(
    '{"tags":{"__proto__":{"tag_key":"__proto__"}}}',
  );
});

describe('a list whose last value is removed', () => {
  test('vanishes where an empty list says nothing', () => {
    const levels = [
      [tag({ enforced_for: { '@@assign': ['ec2:instance'] } })],
      [tag({ enforced_for: { '@@remove': ['ec2:instance'] } })],
    ];
    expect(merge('TAG_POLICY', levels).document).toEqual({ tags: {} });
  });

  test('stays, empty, where the list is required', () => {
    const levels = [
      [
        {
          securityhub: {
            enable_in_regions: { '@@assign': ['us-east-1'] },
            disable_in_regions: { '@@assign': ['us-west-2'] },
          },
        },
      ],
      [{ securityhub: { disable_in_regions: { '@@remove': ['us-west-2'] } } }],
    ];
    expect(merge('SECURITYHUB_POLICY', levels).document).toEqual({
      securityhub: { enable_in_regions: ['us-east-1'], disable_in_regions: [] },
    });
  });
});

test('a list that is assigned empty is printed empty', () => {
  expect(merge('TAG_POLICY', [[tag({ tag_value: { '@@assign': [] } })]]).document).toEqual({
    tags: { project: { tag_value: [] } },
  });
});

test('an upgrade rollout setting without operator, as in samples of AWS, is an assignment', () => {
  const levels = [
    [{ upgrade_rollout: { default: { patch_order: 'last' } } }],
    [{ upgrade_rollout: { default: { patch_order: 'first' } } }],
  ];
  expect(merge('UPGRADE_ROLLOUT_POLICY', levels).document).toEqual({
    upgrade_rollout: { default: { patch_order: 'first' } },
  });
});

test("$account becomes the account in a backup policy's values, not in keys, and not beside $region", () => {
  const vault = 'arn:aws:backup:us-east-1:$account:backup-vault:second';
  const gapped = 'arn:aws:backup:$region:$account:backup-vault:AirGapped';
  const rule = {
    target_logically_air_gapped_backup_vault_arn: { '@@assign': gapped },
    copy_actions: { [vault]: { target_backup_vault_arn: { '@@assign': vault } } },
  };
  const document = { plans: { pii: { rules: { hourly: rule } } } };
  const merged = merge('BACKUP_POLICY', [[document]], { accountId: '123456789012' });
  expect(merged.document).toEqual({
    plans: {
      pii: {
        rules: {
          hourly: {
            target_logically_air_gapped_backup_vault_arn: gapped,
            copy_actions: {
              [vault]: { target_backup_vault_arn: 'arn:aws:backup:us-east-1:123456789012:backup-vault:second' },
            },
          },
        },
      },
    },
  });
});

describe('contributing policies', () => {
  const merged = merge('TAG_POLICY', [
    [tag({ tag_key: { '@@assign': 'Project' }, tag_value: { '@@assign': ['a', 'b'] } })],
    [tag({ tag_value: { '@@append': ['c'] } }), tag({ tag_value: { '@@append': ['a'] } })],
    [tag({ tag_value: { '@@remove': ['b'] }, tag_key: { '@@assign': 'PROJECT' } })],
  ]);

  test('of a list are those that set, added or removed something, from the root down', () => {
    expect(merged.document).toEqual({ tags: { project: { tag_key: 'PROJECT', tag_value: ['a', 'c'] } } });
    expect(contributingPolicies(merged, ['tags', 'project', 'tag_value'])).toEqual(['p-1', 'p-2', 'p-4']);
  });

  test('do not include one that removes what is not there, nor one whose operator is refused', () => {
    const locked = { '@@assign': ['a'], '@@operators_allowed_for_child_policies': ['@@remove'] };
    const below = [tag({ tag_value: { '@@remove': ['z'] } }), tag({ tag_value: { '@@append': ['y'] } })];
    const unchanged = merge('TAG_POLICY', [[tag({ tag_value: locked })], below]);
    expect(unchanged.document).toEqual({ tags: { project: { tag_value: ['a'] } } });
    expect(contributingPolicies(unchanged, ['tags'])).toEqual(['p-1']);
  });

  test('of a value that was replaced is the one that replaced it', () => {
    expect(contributingPolicies(merged, ['tags', 'project', 'tag_key'])).toEqual(['p-4']);
  });

  test('of a map are those of everything in it, and of a path that is not there nobody', () => {
    expect(contributingPolicies(merged, ['tags'])).toEqual(['p-1', 'p-2', 'p-4']);
    expect(contributingPolicies(merged, ['tags', 'other'])).toEqual([]);
  });

  test('name a policy once that is attached to several entities', () => {
    const policy = { policyId: 'p-twice', document: tag({ tag_value: { '@@append': ['a'] } }) };
    const twice = mergeEffectivePolicy('TAG_POLICY', [[policy], [policy]]);
    expect(twice?.policyIds).toEqual(['p-twice']);
    expect(twice && contributingPolicies(twice, ['tags'])).toEqual(['p-twice']);
  });
});
