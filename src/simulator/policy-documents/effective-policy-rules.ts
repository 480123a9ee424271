import type { EffectivePolicyType } from '../model/enums.ts';

/**
 * A rule on effective policies. `path` leads from the document's top to the node that the rule checks, where `*`
 * matches every key of a map; the rule does not apply to policies without that node.
 */
export type EffectivePolicyRule = {
  readonly path: readonly string[];
} & (
  | { readonly rule: 'required'; readonly keys: readonly string[] }
  /** The node must have at least one of the keys. */
  | { readonly rule: 'one-of'; readonly keys: readonly string[] }
  /** If another key has the status `enabled`, `key` must have it too. */
  | { readonly rule: 'enabled-first'; readonly key: string }
  /** Limits the values of a list, or the keys of a map `depth` levels down (1, the default, is its own keys). */
  | { readonly rule: 'count'; readonly min?: number; readonly max?: number; readonly depth?: number }
);

const required = (path: string, ...keys: string[]): EffectivePolicyRule => ({
  path: path.split('/'),
  rule: 'required',
  keys,
});
const oneOf = (path: string, ...keys: string[]): EffectivePolicyRule => ({
  path: path.split('/'),
  rule: 'one-of',
  keys,
});
const atLeast = (min: number, path: string): EffectivePolicyRule => ({ path: path.split('/'), rule: 'count', min });
const atMost = (max: number, path: string, depth = 1): EffectivePolicyRule => ({
  path: path.split('/'),
  rule: 'count',
  max,
  depth,
});
const bothRegionLists = (path: string): EffectivePolicyRule =>
  required(path, 'enable_in_regions', 'disable_in_regions');

/**
 * Rules per type. TAG_POLICY has rules of another kind (`tag-policy.ts`); for Network Security Director AWS has one
 * example only, so that its required lists are taken from similar types.
 *
 * Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_<name>_syntax.html with
 * <name> backup, ai-opt-out, chatbot, ec2, security_hub, security_hub_cspm, inspector, bedrock,
 * network_security_director, guardduty; the backup limits also on
 * https://docs.aws.amazon.com/organizations/latest/userguide/invalid-policy-alerts.html.
 */
export const effectivePolicyRules: Readonly<Partial<Record<EffectivePolicyType, readonly EffectivePolicyRule[]>>> = {
  BACKUP_POLICY: [
    required('plans/*', 'rules', 'regions', 'selections'),
    atLeast(1, 'plans/*/regions'),
    atMost(10, 'plans/*/rules'),
    required('plans/*/rules/*', 'schedule_expression', 'target_backup_vault_name'),
    required('plans/*/rules/*/copy_actions/*', 'target_backup_vault_arn'),
    required('plans/*/rules/*/recovery_point_tags/*', 'tag_key', 'tag_value'),
    oneOf('plans/*/selections', 'tags', 'resources'),
    required('plans/*/selections/tags/*', 'iam_role_arn', 'tag_key', 'tag_value'),
    required('plans/*/selections/resources/*', 'iam_role_arn', 'resource_types'),
    // A condition is a key below its operator: conditions/string_equals/<name>.
    atMost(30, 'plans/*/selections/tags/*/conditions', 2),
    atMost(30, 'plans/*/selections/resources/*/conditions', 2),
    required('plans/*/backup_plan_tags/*', 'tag_key', 'tag_value'),
    required('plans/*/scan_settings/*', 'resource_types', 'scanner_role_arn'),
  ],
  AISERVICES_OPT_OUT_POLICY: [required('services/*', 'opt_out_policy')],
  CHATBOT_POLICY: [
    atMost(255, 'chatbot/platforms/slack/workspaces'),
    atMost(255, 'chatbot/platforms/slack/overrides'),
    atMost(36, 'chatbot/platforms/microsoft_teams/tenants'),
    atMost(36, 'chatbot/platforms/microsoft_teams/tenants/*'),
    atMost(36, 'chatbot/platforms/microsoft_teams/overrides'),
    atMost(36, 'chatbot/platforms/microsoft_teams/overrides/*'),
  ],
  DECLARATIVE_POLICY_EC2: [
    required('ec2_attributes/allowed_images_settings', 'state'),
    atMost(10, 'ec2_attributes/allowed_images_settings/image_criteria'),
    atMost(200, 'ec2_attributes/allowed_images_settings/image_criteria/*/allowed_image_providers'),
    atMost(50, 'ec2_attributes/allowed_images_settings/image_criteria/*/image_names'),
    atMost(50, 'ec2_attributes/allowed_images_settings/image_criteria/*/marketplace_product_codes'),
    atMost(50, 'ec2_attributes/allowed_images_settings/image_criteria/*/image_watermarks'),
    required('ec2_attributes/allowed_images_settings/image_criteria/*/image_watermarks/*', 'watermark_key'),
    required('ec2_attributes/vpc_encryption_control', 'mode'),
  ],
  SECURITYHUB_POLICY: [bothRegionLists('securityhub'), bothRegionLists('securityhub/features/*')],
  SECURITYHUB_CSPM_POLICY: [bothRegionLists('*/cspm_enablement')],
  INSPECTOR_POLICY: [
    bothRegionLists('inspector/enablement/*'),
    bothRegionLists('inspector/enablement/lambda_standard_scanning/lambda_code_scanning'),
  ],
  BEDROCK_POLICY: [
    required('bedrock/guardrail_inference/*/*', 'identifier'),
    oneOf('bedrock/guardrail_inference/*/*/selective_content_guarding', 'system', 'messages'),
    required('bedrock/guardrail_inference/*/*/model_enforcement', 'included_models', 'excluded_models'),
  ],
  NETWORK_SECURITY_DIRECTOR_POLICY: [bothRegionLists('network_security_director/enablement/network_security_scan')],
  GUARDDUTY_POLICY: [
    required('guardduty', 'enablement'),
    { path: ['guardduty', 'enablement', '*'], rule: 'enabled-first', key: 'foundational' },
  ],
};
