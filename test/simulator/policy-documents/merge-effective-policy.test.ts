import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/control-policies/json.ts';
import type { EffectivePolicyType } from '../../../src/simulator/model/enums.ts';
import {
  contributingPolicies,
  type MergedPolicy,
  type MergeOptions,
  mergeEffectivePolicy,
} from '../../../src/simulator/policy-documents/index.ts';

/** Merges levels of documents. Policies are named p-1, p-2, … from the root down. */
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

test('there is no effective policy without a policy on the path', () => {
  expect(mergeEffectivePolicy('TAG_POLICY', [[], [], []])).toBeUndefined();
});

test('a policy without settings results in the top-level key', () => {
  expect(merge('TAG_POLICY', [[{ tags: { project: none } }]]).document).toEqual({ tags: {} });
});

describe('policies of one entity', () => {
  test('the first attached one wins if two assign a list or a single value', () => {
    const levels = [[tag({ tag_value: { '@@assign': ['a'] } }), tag({ tag_value: { '@@assign': ['b'] } })]];
    expect(merge('TAG_POLICY', levels).document).toEqual({ tags: { project: { tag_value: ['a'] } } });
  });

  test('the next level can assign again', () => {
    const levels = [[tag({ tag_value: { '@@assign': ['a'] } })], [tag({ tag_value: { '@@assign': ['b'] } })]];
    expect(merge('TAG_POLICY', levels).document).toEqual({ tags: { project: { tag_value: ['b'] } } });
  });

  test('@@append adds to the assigned list in any order of attachment', () => {
    const [assign, append] = [
      tag({ tag_value: { '@@assign': ['a'] } }),
      tag({ tag_value: { '@@append': ['b', 'a'] } }),
    ];
    const expected = { tags: { project: { tag_value: ['a', 'b'] } } };
    expect(merge('TAG_POLICY', [[assign, append]]).document).toEqual(expected);
    expect(merge('TAG_POLICY', [[append, assign]]).document).toEqual(expected);
  });

  test('@@remove removes inherited values, not values that another policy adds', () => {
    const root = tag({ tag_value: { '@@assign': ['a', 'b'] } });
    const level = [tag({ tag_value: { '@@append': ['c'] } }), tag({ tag_value: { '@@remove': ['a', 'c'] } })];
    expect(merge('TAG_POLICY', [[root], level]).document).toEqual({ tags: { project: { tag_value: ['b', 'c'] } } });
  });

  test('their child control limits child policies, not each other', () => {
    const locked = tag({ tag_value: { '@@assign': ['a'], ...none } });
    const append = tag({ tag_value: { '@@append': ['b'] } });
    expect(merge('TAG_POLICY', [[locked, append], [append]]).document).toEqual({
      tags: { project: { tag_value: ['a', 'b'] } },
    });
    expect(merge('TAG_POLICY', [[locked], [append]]).document).toEqual({ tags: { project: { tag_value: ['a'] } } });
  });
});

describe('child control', () => {
  test('a child policy cannot lift a limit', () => {
    const all = tag({ tag_value: { '@@operators_allowed_for_child_policies': ['@@all'] } });
    const levels = [
      [tag({ tag_value: { '@@assign': ['a'], ...none } })],
      [all],
      [tag({ tag_value: { '@@append': ['b'] } })],
    ];
    expect(merge('TAG_POLICY', levels).document).toEqual({ tags: { project: { tag_value: ['a'] } } });
  });

  test('@@append on a map allows child policies to add keys, but not to a locked sibling (backup example 4)', () => {
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

  test('@@remove alone on a map does not allow child policies to add keys', () => {
    const root = { tags: { '@@operators_allowed_for_child_policies': ['@@remove'] } };
    expect(merge('TAG_POLICY', [[root], [tag({ tag_value: { '@@assign': ['a'] } })]]).document).toEqual({ tags: {} });
  });

  test('a lock on a map does not lock the settings in it', () => {
    const root = { tags: { ...none, project: { ...none, tag_value: { '@@assign': ['a'] } } } };
    const child = tag({ tag_value: { '@@assign': ['b'] }, enforced_for: { '@@assign': ['ec2:instance'] } });
    expect(merge('TAG_POLICY', [[root], [child]]).document).toEqual({ tags: { project: { tag_value: ['b'] } } });
  });
});

test("keys match without case, and keep the first policy's spelling", () => {
  const levels = [
    [{ tags: { CostCenter: { tag_key: { '@@assign': 'CostCenter' } } } }],
    [{ tags: { costcenter: { tag_value: { '@@assign': ['1'] } } } }],
  ];
  expect(merge('TAG_POLICY', levels).document).toEqual({
    tags: { CostCenter: { tag_key: 'CostCenter', tag_value: ['1'] } },
  });
});

test('__proto__ is an ordinary key', () => {
  const document: JsonObject = JSON.parse('{"tags":{"__proto__":{"tag_key":{"@@assign":"__proto__"}}}}');
  expect(JSON.stringify(merge('TAG_POLICY', [[document]]).document)).toBe(
    '{"tags":{"__proto__":{"tag_key":"__proto__"}}}',
  );
});

describe('a list whose last value is removed', () => {
  test('is omitted where an empty list has no meaning', () => {
    const levels = [
      [tag({ enforced_for: { '@@assign': ['ec2:instance'] } })],
      [tag({ enforced_for: { '@@remove': ['ec2:instance'] } })],
    ];
    expect(merge('TAG_POLICY', levels).document).toEqual({ tags: {} });
  });

  test('stays as an empty list where the list is required', () => {
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

test('an assigned empty list stays empty', () => {
  expect(merge('TAG_POLICY', [[tag({ tag_value: { '@@assign': [] } })]]).document).toEqual({
    tags: { project: { tag_value: [] } },
  });
});

test("an upgrade rollout setting without an operator, as in AWS's samples, is an assignment", () => {
  const levels = [
    [{ upgrade_rollout: { default: { patch_order: 'last' } } }],
    [{ upgrade_rollout: { default: { patch_order: 'first' } } }],
  ];
  expect(merge('UPGRADE_ROLLOUT_POLICY', levels).document).toEqual({
    upgrade_rollout: { default: { patch_order: 'first' } },
  });
});

test("replaces $account in a backup policy's values, but not in keys, and not beside $region", () => {
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

  test('of a list set, added or removed a value, from the root down', () => {
    expect(merged.document).toEqual({ tags: { project: { tag_key: 'PROJECT', tag_value: ['a', 'c'] } } });
    expect(contributingPolicies(merged, ['tags', 'project', 'tag_value'])).toEqual(['p-1', 'p-2', 'p-4']);
  });

  test('do not include one that removes a missing value, or uses an operator that is not allowed', () => {
    const locked = { '@@assign': ['a'], '@@operators_allowed_for_child_policies': ['@@remove'] };
    const below = [tag({ tag_value: { '@@remove': ['z'] } }), tag({ tag_value: { '@@append': ['y'] } })];
    const unchanged = merge('TAG_POLICY', [[tag({ tag_value: locked })], below]);
    expect(unchanged.document).toEqual({ tags: { project: { tag_value: ['a'] } } });
    expect(contributingPolicies(unchanged, ['tags'])).toEqual(['p-1']);
  });

  test('of a replaced value is the policy that replaced it', () => {
    expect(contributingPolicies(merged, ['tags', 'project', 'tag_key'])).toEqual(['p-4']);
  });

  test('of a map include those of its children; a missing path has none', () => {
    expect(contributingPolicies(merged, ['tags'])).toEqual(['p-1', 'p-2', 'p-4']);
    expect(contributingPolicies(merged, ['tags', 'other'])).toEqual([]);
  });

  test('include a policy once that is attached to several entities', () => {
    const policy = { policyId: 'p-twice', document: tag({ tag_value: { '@@append': ['a'] } }) };
    const twice = mergeEffectivePolicy('TAG_POLICY', [[policy], [policy]]);
    expect(twice?.policyIds).toEqual(['p-twice']);
    expect(twice && contributingPolicies(twice, ['tags'])).toEqual(['p-twice']);
  });
});
