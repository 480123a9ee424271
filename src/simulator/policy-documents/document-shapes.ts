import { EffectivePolicyType } from '../model/enums.ts';

/** Policies that are merged along the path from the root to an account: all but SCPs and RCPs. */
export function isEffectivePolicyType(type: string): type is EffectivePolicyType {
  return EffectivePolicyType.some((known) => known === type);
}

/**
 * The one key that a document of the type has at its top. Source: the syntax page of each type in the Organizations User Guide.
 * Undefined where it is not known here: any one key is taken.
 */
export const topKeys: Readonly<Record<EffectivePolicyType, string | undefined>> = {
  TAG_POLICY: 'tags',
  BACKUP_POLICY: 'plans',
  AISERVICES_OPT_OUT_POLICY: 'services',
  CHATBOT_POLICY: 'chatbot',
  DECLARATIVE_POLICY_EC2: 'ec2_attributes',
  SECURITYHUB_POLICY: 'securityhub',
  SECURITYHUB_CSPM_POLICY: undefined,
  INSPECTOR_POLICY: 'inspector',
  UPGRADE_ROLLOUT_POLICY: 'upgrade_rollout',
  BEDROCK_POLICY: 'bedrock',
  S3_POLICY: 's3_attributes',
  NETWORK_SECURITY_DIRECTOR_POLICY: 'network_security_director',
  GUARDDUTY_POLICY: 'guardduty',
};

/** What a declarative policy of a type may say at a place. */
export type Shape = Setting | Keys | 'unchecked';

export interface Setting {
  readonly setting: 'single' | 'list';
  /** What each value must look like; without it any text, number or boolean will do. */
  readonly value?: ValueForm;
}

interface ValueForm {
  readonly pattern: RegExp;
  /** What the pattern asks for, after "expected". */
  readonly says: string;
}

export interface Keys {
  readonly keys: Readonly<Record<string, Shape>>;
  /** Keys that the author names: tag keys, plans, Regions. Without it, only `keys` are known. */
  readonly others?: Shape;
}

const one: Setting = { setting: 'single' };
const list: Setting = { setting: 'list' };
const keys = (known: Readonly<Record<string, Shape>>): Keys => ({ keys: known });
const named = (others: Shape, known: Readonly<Record<string, Shape>> = {}): Keys => ({ keys: known, others });
const choice = (...values: readonly string[]): ValueForm => ({
  pattern: new RegExp(`^(?:${values.join('|')})$`),
  says: values.length === 1 ? `"${values[0]}"` : `one of ${values.map((value) => `"${value}"`).join(', ')}`,
});
const oneOf = (...values: readonly string[]): Setting => ({ setting: 'single', value: choice(...values) });
const listOf = (...values: readonly string[]): Setting => ({ setting: 'list', value: choice(...values) });

const regionList: Setting = {
  setting: 'list',
  value: {
    // A Region of any partition, eusc-de-east-1 too.
    // Source: https://docs.aws.amazon.com/general/latest/gr/rande.html
    pattern: /^(?:ALL_SUPPORTED|[a-z]{2,}(?:-[a-z]+)+-\d+)$/,
    says: 'ALL_SUPPORTED or a Region such as us-east-1',
  },
};
const regionLists = { enable_in_regions: regionList, disable_in_regions: regionList };

const resourceTypes: Setting = {
  setting: 'list',
  // "You can't use a wildcard to specify all services".
  // Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_example-tag-policies.html
  value: {
    pattern: /^[a-z0-9-]+:[\w*./-]+$/,
    says: 'service:resource-type, such as ec2:instance or ec2:ALL_SUPPORTED',
  },
};
const tag = keys({
  tag_key: one,
  // "You can use only one wildcard per tag value."
  tag_value: { setting: 'list', value: { pattern: /^[^*]*\*?[^*]*$/, says: 'a tag value with at most one *' } },
  enforced_for: resourceTypes,
  report_required_tag_for: resourceTypes,
});

const lifecycle = keys({
  move_to_cold_storage_after_days: one,
  delete_after_days: one,
  opt_in_to_archive_for_supported_resources: one,
});
const keyAndValue = named(keys({ tag_key: one, tag_value: one }));
const backupRule = keys({
  schedule_expression: one,
  schedule_expression_timezone: one,
  target_backup_vault_name: one,
  target_logically_air_gapped_backup_vault_arn: one,
  start_backup_window_minutes: one,
  complete_backup_window_minutes: one,
  enable_continuous_backup: one,
  lifecycle,
  copy_actions: named(keys({ target_backup_vault_arn: one, lifecycle })),
  recovery_point_tags: keyAndValue,
  index_actions: 'unchecked',
  scan_actions: 'unchecked',
});
const backupPlan = keys({
  regions: list,
  rules: named(backupRule),
  selections: keys({
    tags: named(keys({ iam_role_arn: one, tag_key: one, tag_value: list, conditions: 'unchecked' })),
    resources: named(
      keys({ iam_role_arn: one, resource_types: list, not_resource_types: list, conditions: 'unchecked' }),
    ),
  }),
  advanced_backup_settings: named(named(oneOf('enabled', 'disabled'))),
  backup_plan_tags: keyAndValue,
  scan_settings: named(keys({ resource_types: list, scanner_role_arn: one })),
});

const chatClient = { client: oneOf('enabled', 'disabled') };
const roles = { supported_role_settings: listOf('user_role', 'channel_role') };
const slackSettings = keys({ ...roles, supported_channel_types: listOf('public', 'private') });
const patchOrder = keys({ patch_order: oneOf('first', 'second', 'last') });
const guarding = oneOf('comprehensive', 'selective');

const enabled = { status: oneOf('enabled', 'disabled') };
const guardDutyFeatures = keys({
  foundational: keys(enabled),
  s3_data_events: keys(enabled),
  eks_audit_logs: keys(enabled),
  ebs_malware_protection: keys(enabled),
  rds_login_events: keys(enabled),
  lambda_network_logs: keys(enabled),
  runtime_monitoring: keys({ ...enabled, additional_configuration: named(keys(enabled)) }),
  ai_protection: keys(enabled),
});

/**
 * The document of each type, below its top key. Source: the types' syntax pages,
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_<name>_syntax.html (tag policies: …_example-tag-policies).
 * Not checked by name: EC2 attributes, as AWS keeps adding some; what Security Hub CSPM configures beside its Region lists; the parts of a
 * backup plan whose form no page lays down.
 */
export const documentShapes: Readonly<Record<EffectivePolicyType, Shape>> = {
  TAG_POLICY: named(tag),
  BACKUP_POLICY: named(backupPlan),
  AISERVICES_OPT_OUT_POLICY: named(keys({ opt_out_policy: oneOf('optOut', 'optIn') })),
  CHATBOT_POLICY: keys({
    platforms: keys({
      slack: keys({ ...chatClient, workspaces: list, default: slackSettings, overrides: named(slackSettings) }),
      microsoft_teams: keys({
        ...chatClient,
        tenants: named(list),
        default: keys(roles),
        overrides: named(named(keys(roles))),
      }),
      chime: keys(chatClient),
      // One of AWS's examples has `default` here, the others one level up.
      default: keys(chatClient),
    }),
    default: keys(chatClient),
  }),
  DECLARATIVE_POLICY_EC2: 'unchecked',
  SECURITYHUB_POLICY: keys({ ...regionLists, features: named(keys(regionLists)) }),
  SECURITYHUB_CSPM_POLICY: named('unchecked', { cspm_enablement: keys(regionLists) }),
  INSPECTOR_POLICY: keys({
    enablement: keys({
      lambda_standard_scanning: keys({ ...regionLists, lambda_code_scanning: keys(regionLists) }),
      ec2_scanning: keys(regionLists),
      ecr_scanning: keys(regionLists),
      code_repository_scanning: keys(regionLists),
    }),
  }),
  UPGRADE_ROLLOUT_POLICY: keys({ default: patchOrder, tags: named(keys({ tag_values: named(patchOrder) })) }),
  BEDROCK_POLICY: keys({
    guardrail_inference: named(
      named(
        keys({
          identifier: one,
          selective_content_guarding: keys({ system: guarding, messages: guarding }),
          model_enforcement: keys({ included_models: list, excluded_models: list }),
        }),
      ),
    ),
  }),
  S3_POLICY: keys({ public_access_block_configuration: oneOf('all', 'none') }),
  NETWORK_SECURITY_DIRECTOR_POLICY: keys({ enablement: keys({ network_security_scan: keys(regionLists) }) }),
  // A block is `default`, or a Region's.
  GUARDDUTY_POLICY: keys({ enablement: named(guardDutyFeatures) }),
};

/** What stands at `key` in a place of the given shape; undefined when nothing may. Fixed names are matched without case, as in the merge. */
export function shapeOfKey(shape: Shape, key: string): Shape | undefined {
  if (shape === 'unchecked') return shape;
  if (!('keys' in shape)) return undefined;
  return Object.hasOwn(shape.keys, key.toLowerCase()) ? shape.keys[key.toLowerCase()] : shape.others;
}
