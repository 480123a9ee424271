import { EffectivePolicyType } from '../model/enums.ts';

/** Policy types that are merged along the path from the root to an account: all but SCPs and RCPs. */
export function isEffectivePolicyType(type: string): type is EffectivePolicyType {
  return EffectivePolicyType.some((known) => known === type);
}

/**
 * The only top-level key of a document, from each type's syntax page in the Organizations User Guide. Undefined accepts
 * any one key, where no page documents it.
 */
export const topLevelKeys: Readonly<Record<EffectivePolicyType, string | undefined>> = {
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

/** The content that a declarative policy may have at one path. */
export type Shape = Setting | Keys | 'unchecked';

export interface Setting {
  readonly setting: 'single' | 'list';
  /** Rule for each value. Without it any text, number or boolean is valid. */
  readonly value?: ValueForm;
}

interface ValueForm {
  readonly pattern: RegExp;
  /** Describes the pattern in messages, after "expected". */
  readonly description: string;
}

export interface Keys {
  readonly keys: Readonly<Record<string, Shape>>;
  /** Shape of keys that the author names: tag keys, plans, Regions. Without it, only `keys` are valid. */
  readonly others?: Shape;
}

const one: Setting = { setting: 'single' };
const list: Setting = { setting: 'list' };
const keys = (known: Readonly<Record<string, Shape>>): Keys => ({ keys: known });
const named = (others: Shape, known: Readonly<Record<string, Shape>> = {}): Keys => ({ keys: known, others });
const choice = (...values: readonly string[]): ValueForm => ({
  pattern: new RegExp(`^(?:${values.join('|')})$`),
  description: values.length === 1 ? `"${values[0]}"` : `one of ${values.map((value) => `"${value}"`).join(', ')}`,
});
const oneOf = (...values: readonly string[]): Setting => ({ setting: 'single', value: choice(...values) });
const listOf = (...values: readonly string[]): Setting => ({ setting: 'list', value: choice(...values) });

const regionList: Setting = {
  setting: 'list',
  value: {
    // A Region of any partition, such as eusc-de-east-1.
    // https://docs.aws.amazon.com/general/latest/gr/rande.html
    pattern: /^(?:ALL_SUPPORTED|[a-z]{2,}(?:-[a-z]+)+-\d+)$/,
    description: 'ALL_SUPPORTED or a Region such as us-east-1',
  },
};
const regionLists = { enable_in_regions: regionList, disable_in_regions: regionList };

const resourceTypes: Setting = {
  setting: 'list',
  // "You can't use a wildcard to specify all services".
  // https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_example-tag-policies.html
  value: {
    pattern: /^[a-z0-9-]+:[\w*./-]+$/,
    description: 'service:resource-type, such as ec2:instance or ec2:ALL_SUPPORTED',
  },
};
const tag = keys({
  tag_key: one,
  // "You can use only one wildcard per tag value."
  tag_value: { setting: 'list', value: { pattern: /^[^*]*\*?[^*]*$/, description: 'a tag value with at most one *' } },
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
 * Shape of each type's document, below its top-level key, from the types' syntax pages:
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_<name>_syntax.html (tag policies:
 * …_example-tag-policies). Not checked by name: EC2 attributes, because AWS keeps adding some, and parts that no page
 * documents (Security Hub CSPM beside its Region lists, some of a backup plan).
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
  // Each block is named `default` or after a Region.
  GUARDDUTY_POLICY: keys({ enablement: named(guardDutyFeatures) }),
};

/**
 * Returns the shape at `key`, or undefined if the key is not valid there. Fixed keys match without case, as in the
 * merge.
 */
export function shapeOfKey(shape: Shape, key: string): Shape | undefined {
  if (shape === 'unchecked') return shape;
  if (!('keys' in shape)) return undefined;
  return Object.hasOwn(shape.keys, key.toLowerCase()) ? shape.keys[key.toLowerCase()] : shape.others;
}
