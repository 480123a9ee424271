/**
 * Policies that are merged along the path from the root to an account. AWS calls them declarative policies, formerly management policies.
 * Names: `EffectivePolicyType` of the API.
 */
export const effectivePolicyTypes = [
  'TAG_POLICY',
  'BACKUP_POLICY',
  'AISERVICES_OPT_OUT_POLICY',
  'CHATBOT_POLICY',
  'DECLARATIVE_POLICY_EC2',
  'SECURITYHUB_POLICY',
  'SECURITYHUB_CSPM_POLICY',
  'INSPECTOR_POLICY',
  'UPGRADE_ROLLOUT_POLICY',
  'BEDROCK_POLICY',
  'S3_POLICY',
  'NETWORK_SECURITY_DIRECTOR_POLICY',
  'GUARDDUTY_POLICY',
] as const;

export const policyTypes = ['SERVICE_CONTROL_POLICY', 'RESOURCE_CONTROL_POLICY', ...effectivePolicyTypes] as const;

export type PolicyType = (typeof policyTypes)[number];
export type EffectivePolicyType = (typeof effectivePolicyTypes)[number];

export function isEffectivePolicyType(type: string): type is EffectivePolicyType {
  return effectivePolicyTypes.some((known) => known === type);
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
