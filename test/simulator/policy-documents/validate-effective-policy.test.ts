import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/control-policies/json.ts';
import type { EffectivePolicyType } from '../../../src/simulator/model/enums.ts';
import {
  type EffectivePolicyValidationError,
  mergeEffectivePolicy,
  validateEffectivePolicy,
} from '../../../src/simulator/policy-documents/index.ts';

/** Merges policies p-1, p-2, …, one per level from the root down, and returns the errors. */
function errorsOf(
  type: EffectivePolicyType,
  ...documents: readonly JsonObject[]
): readonly EffectivePolicyValidationError[] {
  const merged = mergeEffectivePolicy(
    type,
    documents.map((document, index) => [{ policyId: `p-${index + 1}`, document }]),
  );
  return validateEffectivePolicy(type, merged ?? expect.fail('no policy'));
}

const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
const named = (count: number, prefix: string, value: JsonObject): JsonObject =>
  Object.fromEntries(many(count, (index) => [`${prefix}${index}`, value]));
const assign = (value: string | readonly string[]): JsonObject => ({ '@@assign': value });

describe('backup policies', () => {
  const rule = { schedule_expression: assign('cron(0 5 ? * * *)'), target_backup_vault_name: assign('Default') };
  const selection = {
    iam_role_arn: assign('arn:aws:iam::$account:role/Backup'),
    tag_key: assign('env'),
    tag_value: assign(['prod']),
  };
  const plan = (rules: JsonObject): JsonObject => ({
    regions: assign(['us-east-1']),
    rules,
    selections: { tags: { all: selection } },
  });

  test('a complete plan with ten rules is valid', () => {
    expect(errorsOf('BACKUP_POLICY', { plans: { Nightly: plan(named(10, 'rule', rule)) } })).toEqual([]);
  });

  test("nine rules at the root and two at the account exceed the limit, caused by both policies (AWS's example)", () => {
    const below = { plans: { nightly: { rules: named(2, 'extra', rule) } } };
    expect(
      errorsOf('BACKUP_POLICY', { plans: { Nightly: plan(named(9, 'rule', rule)) } }, { plans: {} }, below),
    ).toEqual([
      {
        ErrorCode: 'ELEMENTS_TOO_MANY',
        ErrorMessage: "'rules' exceeds the allowed maximum limit 10",
        PathToError: 'plans/Nightly/rules',
        ContributingPolicies: ['p-1', 'p-3'],
      },
    ]);
  });

  test('a plan whose last Region is removed has too few Regions', () => {
    const below = { plans: { Nightly: { regions: { '@@remove': ['us-east-1'] } } } };
    expect(errorsOf('BACKUP_POLICY', { plans: { Nightly: plan({ daily: rule }) } }, below)).toEqual([
      {
        ErrorCode: 'ELEMENTS_TOO_FEW',
        ErrorMessage: "'regions' is below the allowed minimum limit 1",
        PathToError: 'plans/Nightly/regions',
        ContributingPolicies: ['p-1', 'p-2'],
      },
    ]);
  });

  test('a plan without rules misses a required key', () => {
    expect(errorsOf('BACKUP_POLICY', { plans: { Nightly: plan({}) } })).toEqual([
      {
        ErrorCode: 'KEY_REQUIRED',
        ErrorMessage: "'rules' is required but missing",
        PathToError: 'plans/Nightly',
        ContributingPolicies: ['p-1'],
      },
    ]);
  });

  test('reports each missing key with its path', () => {
    const document = {
      plans: {
        a: { ...plan({ daily: {}, weekly: rule }), selections: { other: { x: assign('y') } } },
        b: { regions: assign([]) },
      },
    };
    expect(
      errorsOf('BACKUP_POLICY', document).map(
        (error) => `${error.ErrorCode} ${error.PathToError} ${error.ErrorMessage}`,
      ),
    ).toEqual([
      "KEY_REQUIRED plans/b 'rules' is required but missing",
      "KEY_REQUIRED plans/b 'selections' is required but missing",
      "ELEMENTS_TOO_FEW plans/b/regions 'regions' is below the allowed minimum limit 1",
      "KEY_REQUIRED plans/a/selections 'tags' or 'resources' is required but missing",
    ]);
  });

  test('a selection has at most 30 conditions, over all operators', () => {
    const condition = { condition_key: assign('aws:ResourceTag/a'), condition_value: assign('b') };
    const withConditions = (count: number): JsonObject => ({
      plans: {
        Nightly: {
          ...plan({ daily: rule }),
          selections: {
            tags: {
              all: {
                ...selection,
                conditions: { string_equals: named(15, 'c', condition), string_like: named(count, 'c', condition) },
              },
            },
          },
        },
      },
    });
    expect(errorsOf('BACKUP_POLICY', withConditions(15))).toEqual([]);
    expect(errorsOf('BACKUP_POLICY', withConditions(16))).toMatchObject([
      { ErrorCode: 'ELEMENTS_TOO_MANY', PathToError: 'plans/Nightly/selections/tags/all/conditions' },
    ]);
  });
});

describe('tag policies', () => {
  const requiring = (count: number, prefix: string, type: string): JsonObject => ({
    tags: named(count, prefix, { report_required_tag_for: assign([type]) }),
  });

  test("30 and 25 required tag keys for one resource type exceed the limit, caused by both policies (AWS's example)", () => {
    expect(errorsOf('TAG_POLICY', requiring(30, 'a', 'ec2:instance'), requiring(25, 'b', 'ec2:instance'))).toEqual([
      {
        ErrorCode: 'ELEMENTS_TOO_MANY',
        ErrorMessage: "'report_required_tag_for' ec2:instance exceeds the allowed maximum limit 50",
        PathToError: 'tags',
        ContributingPolicies: ['p-1', 'p-2'],
      },
    ]);
  });

  test('50 required tag keys are valid, and 55 over two types; a key for a whole service counts for each type', () => {
    expect(errorsOf('TAG_POLICY', requiring(25, 'a', 'ec2:instance'), requiring(25, 'b', 'ec2:instance'))).toEqual([]);
    expect(errorsOf('TAG_POLICY', requiring(30, 'a', 'ec2:instance'), requiring(25, 'b', 'ec2:volume'))).toEqual([]);
    expect(
      errorsOf('TAG_POLICY', requiring(30, 'a', 'ec2:instance'), requiring(25, 'b', 'ec2:ALL_SUPPORTED')),
    ).toHaveLength(1);
  });

  test('395,000 characters are valid, more are not', () => {
    const document = (length: number): JsonObject => ({
      tags: { project: { tag_value: assign(['x'.repeat(length)]) } },
    });
    const frame = '{"tags":{"project":{"tag_value":[""]}}}'.length;
    expect(errorsOf('TAG_POLICY', document(395_000 - frame))).toEqual([]);
    expect(errorsOf('TAG_POLICY', document(395_001 - frame))).toMatchObject([
      { ErrorCode: 'ELEMENTS_TOO_MANY', PathToError: 'tags' },
    ]);
  });
});

const regions = { enable_in_regions: assign(['us-east-1']), disable_in_regions: assign([]) };
const enabled = { status: assign('enabled') };
const disabled = { status: assign('disabled') };
const half = { enable_in_regions: assign(['us-east-1']) };
const workspaces = (count: number): JsonObject => ({
  chatbot: { platforms: { slack: { workspaces: assign(many(count, (index) => `W${index}`)) } } },
});
const criterion = (key: string, count: number): JsonObject => ({
  ec2_attributes: {
    allowed_images_settings: {
      state: assign('enabled'),
      image_criteria: { criteria_1: { [key]: assign(many(count, (index) => `v${index}`)) } },
    },
  },
});
const guardrail = (settings: JsonObject): JsonObject => ({
  bedrock: { guardrail_inference: { 'us-east-1': { config_1: settings } } },
});

test.each<{ type: EffectivePolicyType; valid: JsonObject; invalid: JsonObject; code: string; path: string }>([
  {
    type: 'AISERVICES_OPT_OUT_POLICY',
    valid: { services: { lex: { opt_out_policy: assign('optIn') } } },
    invalid: { services: { lex: { other: assign('optIn') } } },
    code: 'KEY_REQUIRED',
    path: 'services/lex',
  },
  {
    type: 'CHATBOT_POLICY',
    valid: workspaces(255),
    invalid: workspaces(256),
    code: 'ELEMENTS_TOO_MANY',
    path: 'chatbot/platforms/slack/workspaces',
  },
  {
    type: 'CHATBOT_POLICY',
    valid: { chatbot: { platforms: { microsoft_teams: { tenants: named(36, 't', assign(['x'])) } } } },
    invalid: { chatbot: { platforms: { microsoft_teams: { tenants: named(37, 't', assign(['x'])) } } } },
    code: 'ELEMENTS_TOO_MANY',
    path: 'chatbot/platforms/microsoft_teams/tenants',
  },
  {
    type: 'DECLARATIVE_POLICY_EC2',
    valid: criterion('allowed_image_providers', 200),
    invalid: criterion('allowed_image_providers', 201),
    code: 'ELEMENTS_TOO_MANY',
    path: 'ec2_attributes/allowed_images_settings/image_criteria/criteria_1/allowed_image_providers',
  },
  {
    type: 'DECLARATIVE_POLICY_EC2',
    valid: { ec2_attributes: { vpc_encryption_control: { mode: assign('unmanaged') } } },
    invalid: { ec2_attributes: { vpc_encryption_control: { exclusions: assign(['lambda']) } } },
    code: 'KEY_REQUIRED',
    path: 'ec2_attributes/vpc_encryption_control',
  },
  {
    type: 'SECURITYHUB_POLICY',
    valid: { securityhub: regions },
    invalid: { securityhub: half },
    code: 'KEY_REQUIRED',
    path: 'securityhub',
  },
  {
    type: 'SECURITYHUB_POLICY',
    valid: { securityhub: { ...regions, features: { network_scanning: regions } } },
    invalid: { securityhub: { ...regions, features: { network_scanning: half } } },
    code: 'KEY_REQUIRED',
    path: 'securityhub/features/network_scanning',
  },
  {
    type: 'INSPECTOR_POLICY',
    valid: { inspector: { enablement: { lambda_standard_scanning: { ...regions, lambda_code_scanning: regions } } } },
    invalid: { inspector: { enablement: { lambda_standard_scanning: { ...regions, lambda_code_scanning: half } } } },
    code: 'KEY_REQUIRED',
    path: 'inspector/enablement/lambda_standard_scanning/lambda_code_scanning',
  },
  {
    type: 'BEDROCK_POLICY',
    valid: guardrail({
      identifier: assign('arn'),
      model_enforcement: { included_models: assign(['ALL']), excluded_models: assign([]) },
    }),
    invalid: guardrail({ identifier: assign('arn'), model_enforcement: { included_models: assign(['ALL']) } }),
    code: 'KEY_REQUIRED',
    path: 'bedrock/guardrail_inference/us-east-1/config_1/model_enforcement',
  },
  {
    type: 'NETWORK_SECURITY_DIRECTOR_POLICY',
    valid: { network_security_director: { enablement: { network_security_scan: regions } } },
    invalid: { network_security_director: { enablement: { network_security_scan: half } } },
    code: 'KEY_REQUIRED',
    path: 'network_security_director/enablement/network_security_scan',
  },
  {
    type: 'SECURITYHUB_CSPM_POLICY',
    valid: { securityhub_cspm: { cspm_enablement: regions } },
    invalid: { securityhub_cspm: { cspm_enablement: half } },
    code: 'KEY_REQUIRED',
    path: 'securityhub_cspm/cspm_enablement',
  },
  {
    type: 'GUARDDUTY_POLICY',
    valid: {
      guardduty: {
        enablement: {
          default: { foundational: enabled, s3_data_events: enabled },
          'us-east-1': { s3_data_events: disabled },
        },
      },
    },
    invalid: { guardduty: { enablement: { default: { foundational: disabled, s3_data_events: enabled } } } },
    code: 'KEY_REQUIRED',
    path: 'guardduty/enablement/default',
  },
])('$type: $code at $path', ({ type, valid, invalid, code, path }) => {
  expect(errorsOf(type, valid)).toEqual([]);
  expect(errorsOf(type, invalid)).toMatchObject([
    { ErrorCode: code, PathToError: path, ContributingPolicies: ['p-1'] },
  ]);
});
