import {
  EffectivePolicyType as SdkEffectivePolicyType,
  PolicyType as SdkPolicyType,
} from '@aws-sdk/client-organizations';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/control-policies/json.ts';
import {
  type EffectivePolicyType,
  EffectivePolicyType as effectivePolicyTypes,
  PolicyType as policyTypes,
} from '../../../src/simulator/model/enums.ts';
import {
  attachmentRules,
  checkPolicyDocument,
  policyLimits,
  policySize,
} from '../../../src/simulator/policy-documents/index.ts';
import { tagDocument } from './arbitraries.ts';

const paths = (type: EffectivePolicyType, document: JsonObject): string[] =>
  checkPolicyDocument(type, JSON.stringify(document)).map(({ path }) => path);
const assign = (value: string | number | boolean | readonly string[]): JsonObject => ({ '@@assign': value });

test('has the policy types of the API model', () => {
  expect([...policyTypes].sort()).toEqual(Object.values(SdkPolicyType).sort());
  expect([...effectivePolicyTypes].sort()).toEqual(Object.values(SdkEffectivePolicyType).sort());
});

const regions = {
  enable_in_regions: { '@@append': ['ALL_SUPPORTED'] },
  disable_in_regions: { '@@remove': ['us-gov-west-1'] },
};

/** Shortened examples from the types' syntax pages. */
const examples: Readonly<Record<EffectivePolicyType, JsonObject>> = {
  TAG_POLICY: {
    tags: {
      Color: {
        tag_key: { '@@operators_allowed_for_child_policies': ['@@none'], ...assign('Color') },
        tag_value: { '@@operators_allowed_for_child_policies': ['@@append', '@@remove'], ...assign([]) },
        enforced_for: assign(['dynamodb:table', 'secretsmanager:ALL_SUPPORTED', 'redshift:*']),
        report_required_tag_for: { '@@append': ['ec2:instance'] },
      },
      costcenter: { tag_value: assign(['100', '300*']) },
    },
  },
  BACKUP_POLICY: {
    plans: {
      '@@operators_allowed_for_child_policies': ['@@append'],
      PII_Backup_Plan: {
        regions: { '@@append': ['us-east-1', 'eu-north-1'] },
        rules: {
          Hourly: {
            schedule_expression: assign('cron(0 5/1 ? * * *)'),
            start_backup_window_minutes: assign('480'),
            target_backup_vault_name: assign('FortKnox'),
            lifecycle: { delete_after_days: assign(270), opt_in_to_archive_for_supported_resources: assign(false) },
            index_actions: { resource_types: assign(['EBS', 'S3']) },
            copy_actions: {
              'arn:aws:backup:us-east-1:$account:backup-vault:x': { target_backup_vault_arn: assign('arn:x') },
            },
            scan_actions: { GUARDDUTY: { scan_mode: assign('FULL_SCAN') } },
          },
        },
        selections: {
          tags: {
            datatype: {
              iam_role_arn: assign('arn:aws:iam::$account:role/R'),
              tag_key: assign('t'),
              tag_value: assign(['PII']),
            },
          },
          resources: {
            all: {
              iam_role_arn: assign('arn:aws:iam::$account:role/R'),
              resource_types: assign(['*']),
              conditions: {
                string_equals: { one: { condition_key: assign('aws:ResourceTag/a'), condition_value: assign('b') } },
              },
            },
          },
        },
        advanced_backup_settings: { ec2: { windows_vss: assign('enabled') }, s3: { backup_acls: assign('disabled') } },
        scan_settings: {
          GUARDDUTY: { resource_types: assign(['EBS']), scanner_role_arn: assign('arn:aws:iam::$account:role/S') },
        },
      },
    },
  },
  AISERVICES_OPT_OUT_POLICY: {
    services: {
      '@@operators_allowed_for_child_policies': ['@@none'],
      default: { '@@operators_allowed_for_child_policies': ['@@assign'], opt_out_policy: assign('optOut') },
      'connecthealth::training': { opt_out_policy: assign('optIn') },
    },
  },
  CHATBOT_POLICY: {
    chatbot: {
      platforms: {
        slack: {
          client: assign('enabled'),
          workspaces: assign(['W1']),
          default: { supported_channel_types: assign(['private']), supported_role_settings: assign(['user_role']) },
          overrides: { W2: { supported_channel_types: assign(['public']) } },
        },
        microsoft_teams: {
          client: assign('disabled'),
          tenants: { tenant: assign(['*']) },
          overrides: { tenant: { team: { supported_role_settings: assign(['channel_role']) } } },
        },
        chime: { client: assign('disabled') },
      },
      default: { client: assign('disabled') },
    },
  },
  DECLARATIVE_POLICY_EC2: {
    ec2_attributes: {
      exception_message: assign('Ask the platform team.'),
      allowed_images_settings: {
        state: assign('enabled'),
        image_criteria: {
          criteria_1: {
            allowed_image_providers: { '@@append': ['amazon'] },
            creation_date_condition: { maximum_days_since_created: assign(300) },
          },
        },
      },
    },
  },
  SECURITYHUB_POLICY: { securityhub: { ...regions, features: { network_scanning: regions } } },
  INSPECTOR_POLICY: {
    inspector: {
      enablement: { ec2_scanning: regions, lambda_standard_scanning: { ...regions, lambda_code_scanning: regions } },
    },
  },
  UPGRADE_ROLLOUT_POLICY: {
    upgrade_rollout: {
      default: { patch_order: assign('last') },
      tags: { env: { tag_values: { dev: { patch_order: 'first' } } } },
    },
  },
  BEDROCK_POLICY: {
    bedrock: {
      guardrail_inference: {
        'us-east-1': {
          config_1: {
            identifier: assign('arn:aws:bedrock:us-east-1:123456789012:guardrail/hu1dlsv9wy1d:1'),
            selective_content_guarding: { system: assign('selective') },
            model_enforcement: { included_models: assign(['ALL']), excluded_models: assign([]) },
          },
        },
      },
    },
  },
  S3_POLICY: { s3_attributes: { public_access_block_configuration: assign('all') } },
  SECURITYHUB_CSPM_POLICY: { securityhub_cspm: { cspm_enablement: regions, other: { setting: assign('x') } } },
  NETWORK_SECURITY_DIRECTOR_POLICY: { network_security_director: { enablement: { network_security_scan: regions } } },
  GUARDDUTY_POLICY: {
    guardduty: {
      enablement: {
        default: { foundational: { status: assign('enabled') } },
        'us-east-1': {
          foundational: { status: assign('enabled') },
          runtime_monitoring: {
            status: assign('enabled'),
            additional_configuration: { ec2_agent_management: { status: assign('disabled') } },
          },
        },
      },
    },
  },
};

describe.each(effectivePolicyTypes)('%s', (type) => {
  const [top = expect.fail('an empty example')] = Object.keys(examples[type]);

  test("accepts the examples on AWS's pages", () => {
    expect(checkPolicyDocument(type, JSON.stringify(examples[type]))).toEqual([]);
  });

  test('requires its own top-level key with an object', () => {
    expect(paths(type, {})).toEqual(['']);
    expect(paths(type, { ...examples[type], Version: '2012-10-17' })).toEqual(['Version']);
    expect(checkPolicyDocument(type, JSON.stringify({ [top]: [] }))).toMatchObject([{ path: top }]);
    // AWS does not document the top-level key of Security Hub CSPM.
    if (type === 'SECURITYHUB_CSPM_POLICY') return;
    expect(paths(type, { [top.toUpperCase()]: {} })).toEqual([top.toUpperCase()]);
    for (const other of effectivePolicyTypes) {
      if (other !== type) expect(checkPolicyDocument(type, JSON.stringify(examples[other]))).not.toEqual([]);
    }
  });

  test('rejects unknown operators', () => {
    expect(paths(type, { [top]: { '@@enforced_for': ['x'] } })).toEqual([`${top}/@@enforced_for`]);
  });

  test('rejects unknown values of child control', () => {
    const control = (list: JsonObject[string]): JsonObject => ({
      [top]: { '@@operators_allowed_for_child_policies': list },
    });
    const path = `${top}/@@operators_allowed_for_child_policies`;
    expect(paths(type, control(['@@none']))).toEqual([]);
    for (const wrong of [[], ['assign'], '@@none', [null]]) expect(paths(type, control(wrong))).toEqual([path]);
  });
});

test.each<[string, EffectivePolicyType, JsonObject, string[]]>([
  ['a setting without an operator', 'TAG_POLICY', { tags: { a: { tag_key: 'a' } } }, ['tags/a/tag_key']],
  ['an unknown setting', 'TAG_POLICY', { tags: { a: { tag_colour: assign('red') } } }, ['tags/a/tag_colour']],
  ['a list for a single value', 'TAG_POLICY', { tags: { a: { tag_key: assign(['a']) } } }, ['tags/a/tag_key/@@assign']],
  [
    'a single value for a list',
    'TAG_POLICY',
    { tags: { a: { tag_value: assign('x') } } },
    ['tags/a/tag_value/@@assign'],
  ],
  [
    '@@append of a single value',
    'TAG_POLICY',
    { tags: { a: { tag_value: { '@@append': 'x' } } } },
    ['tags/a/tag_value/@@append'],
  ],
  [
    '@@append to a single value',
    'TAG_POLICY',
    { tags: { a: { tag_key: { '@@append': ['a'] } } } },
    ['tags/a/tag_key/@@append'],
  ],
  [
    'a tag key that is not the policy key',
    'TAG_POLICY',
    { tags: { a: { tag_key: assign('b') } } },
    ['tags/a/tag_key/@@assign'],
  ],
  [
    'two wildcards in a tag value',
    'TAG_POLICY',
    { tags: { a: { tag_value: assign(['*@*.com']) } } },
    ['tags/a/tag_value/@@assign'],
  ],
  [
    'a resource type of all services',
    'TAG_POLICY',
    { tags: { a: { enforced_for: assign(['*:instance']) } } },
    ['tags/a/enforced_for/@@assign'],
  ],
  [
    // AWS prints policy D of inheritance-examples with this mistake in its braces.
    'keys beside a value operator',
    'TAG_POLICY',
    { tags: { a: { tag_value: { '@@remove': ['x'], enforced_for: { '@@remove': ['ec2:*'] } } } } },
    ['tags/a/tag_value'],
  ],
  ['an operator on a map', 'BACKUP_POLICY', { plans: { p: { rules: assign('x') } } }, ['plans/p/rules']],
  [
    'an object as a value',
    'DECLARATIVE_POLICY_EC2',
    { ec2_attributes: { x: { '@@assign': { y: 1 } } } },
    ['ec2_attributes/x/@@assign'],
  ],
  [
    'null as a value',
    'DECLARATIVE_POLICY_EC2',
    { ec2_attributes: { x: { '@@assign': null } } },
    ['ec2_attributes/x/@@assign'],
  ],
  [
    'a list of objects',
    'DECLARATIVE_POLICY_EC2',
    { ec2_attributes: { x: { '@@append': [{}] } } },
    ['ec2_attributes/x/@@append'],
  ],
  [
    'optout',
    'AISERVICES_OPT_OUT_POLICY',
    { services: { lex: { opt_out_policy: assign('optout') } } },
    ['services/lex/opt_out_policy/@@assign'],
  ],
  [
    '@@append in an AI policy',
    'AISERVICES_OPT_OUT_POLICY',
    { services: { lex: { opt_out_policy: { '@@append': ['optIn'] } } } },
    ['services/lex/opt_out_policy/@@append'],
  ],
  [
    '@@append for children in an AI policy',
    'AISERVICES_OPT_OUT_POLICY',
    { services: { '@@operators_allowed_for_child_policies': ['@@append'] } },
    ['services/@@operators_allowed_for_child_policies'],
  ],
  [
    'a third value in an S3 policy',
    'S3_POLICY',
    { s3_attributes: { public_access_block_configuration: assign('some') } },
    ['s3_attributes/public_access_block_configuration/@@assign'],
  ],
  [
    'a value that is not a Region',
    'SECURITYHUB_POLICY',
    { securityhub: { enable_in_regions: assign(['everywhere']) } },
    ['securityhub/enable_in_regions/@@assign'],
  ],
  [
    'an unknown scan',
    'INSPECTOR_POLICY',
    { inspector: { enablement: { s3_scanning: regions } } },
    ['inspector/enablement/s3_scanning'],
  ],
  [
    'a fourth patch order',
    'UPGRADE_ROLLOUT_POLICY',
    { upgrade_rollout: { default: { patch_order: 'third' } } },
    ['upgrade_rollout/default/patch_order'],
  ],
])('rejects %s', (_, type, document, expected) => {
  expect(paths(type, document)).toEqual(expected);
});

test('a tag policy may require 50 tag keys for a resource type, but not 51', () => {
  const requiring = (count: number): JsonObject => ({
    tags: Object.fromEntries(
      Array.from({ length: count }, (_, index) => [
        `key${index}`,
        { report_required_tag_for: { '@@append': ['ec2:instance'] } },
      ]),
    ),
  });
  expect(paths('TAG_POLICY', requiring(50))).toEqual([]);
  expect(checkPolicyDocument('TAG_POLICY', JSON.stringify(requiring(51)))).toEqual([
    { path: 'tags', expected: 'expected at most 50 tag keys required for ec2:instance, found 51' },
  ]);
});

test('checks any operators and keys without an exception, and reports problems at paths of the document', () => {
  fc.assert(
    fc.property(fc.constantFrom(...effectivePolicyTypes), tagDocument, fc.json(), (type, document, json) => {
      for (const problem of checkPolicyDocument(type, JSON.stringify(document))) expect(problem.path).not.toBe('');
      for (const problem of checkPolicyDocument(type, json)) expect(problem.expected).toMatch(/^expected /);
    }),
  );
});

describe('limits', () => {
  test('counts sizes in characters, and in bytes for upgrade rollout policies', () => {
    expect(policySize('TAG_POLICY', 'añ😀')).toBe(3);
    expect(policySize('UPGRADE_ROLLOUT_POLICY', 'añ😀')).toBe(7);
  });

  test("every type's minimum of attachments is within its maximum", () => {
    for (const type of policyTypes)
      expect(attachmentRules[type].minPerTarget).toBeLessThanOrEqual(policyLimits[type].maxPerTarget);
  });

  test("AWS's own RCP cannot be detached, AWS's own SCP can while another is attached", () => {
    expect(attachmentRules.RESOURCE_CONTROL_POLICY).toEqual({
      minPerTarget: 1,
      defaultPolicyId: 'p-RCPFullAWSAccess',
      defaultIsDetachable: false,
    });
    expect(attachmentRules.SERVICE_CONTROL_POLICY).toEqual({
      minPerTarget: 1,
      defaultPolicyId: 'p-FullAWSAccess',
      defaultIsDetachable: true,
    });
  });
});

// https://docs.aws.amazon.com/general/latest/gr/rande.html
test.each(['eusc-de-east-1', 'us-isob-east-1', 'eu-isoe-west-1', 'us-gov-west-1', 'mx-central-1', 'ALL_SUPPORTED'])(
  'a Region list takes %s',
  (region) => {
    const document = { securityhub: { enable_in_regions: { '@@assign': [region] } } };
    expect(checkPolicyDocument('SECURITYHUB_POLICY', JSON.stringify(document))).toEqual([]);
  },
);

test('rejects text that is not a JSON object', () => {
  expect(checkPolicyDocument('SERVICE_CONTROL_POLICY', '{"Version": "2012-10-17"')).toEqual([
    { path: 'line 1, column 25', expected: "expected ',' or '}', found the end of the text" },
  ]);
  expect(checkPolicyDocument('TAG_POLICY', '["tags"]')).toEqual([
    { path: '', expected: 'expected a JSON object, found a list' },
  ]);
  expect(checkPolicyDocument('TAG_POLICY', '{"tags": {}, "tags": {}}')).toMatchObject([{ path: 'line 1, column 14' }]);
});
