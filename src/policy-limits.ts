import { maxPolicyCharacters } from './control-policies/check-control-policy.ts';

export interface PolicyLimits {
  /** Largest document. A larger one fails with ConstraintViolationException POLICY_CONTENT_LIMIT_EXCEEDED. */
  readonly maxSize: number;
  readonly sizeUnit: 'characters' | 'bytes';
  /** Policies of the type in one organization. More fail with POLICY_NUMBER_LIMIT_EXCEEDED. */
  readonly maxPerOrganization: number;
  /** Policies of the type attached directly to one target. More fail with MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED. */
  readonly maxPerTarget: number;
}

/** Assumed for types that AWS's quota tables omit, because most other types have these limits. */
const unlisted: PolicyLimits = { maxSize: 10_000, sizeUnit: 'characters', maxPerOrganization: 1_000, maxPerTarget: 10 };

/**
 * Quotas per policy type. White space counts: SDKs and the CLI save the text as given, only the console strips it.
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html, for UPGRADE_ROLLOUT_POLICY's
 * size
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_upgrade_syntax.html ("5,120 bytes").
 * The SCP figure was 5,120 until 2025, and is still in older copies of the page.
 */
export const policyLimits = {
  SERVICE_CONTROL_POLICY: {
    maxSize: maxPolicyCharacters.SERVICE_CONTROL_POLICY,
    sizeUnit: 'characters',
    maxPerOrganization: 10_000,
    maxPerTarget: 10,
  },
  RESOURCE_CONTROL_POLICY: {
    maxSize: maxPolicyCharacters.RESOURCE_CONTROL_POLICY,
    sizeUnit: 'characters',
    maxPerOrganization: 2_000,
    maxPerTarget: 5,
  },
  TAG_POLICY: { maxSize: 10_000, sizeUnit: 'characters', maxPerOrganization: 1_000, maxPerTarget: 10 },
  BACKUP_POLICY: { maxSize: 10_000, sizeUnit: 'characters', maxPerOrganization: 1_000, maxPerTarget: 10 },
  AISERVICES_OPT_OUT_POLICY: { maxSize: 2_500, sizeUnit: 'characters', maxPerOrganization: 1_000, maxPerTarget: 5 },
  CHATBOT_POLICY: { maxSize: 10_000, sizeUnit: 'characters', maxPerOrganization: 1_000, maxPerTarget: 5 },
  DECLARATIVE_POLICY_EC2: { maxSize: 10_000, sizeUnit: 'characters', maxPerOrganization: 1_000, maxPerTarget: 10 },
  SECURITYHUB_POLICY: { maxSize: 10_000, sizeUnit: 'characters', maxPerOrganization: 1_000, maxPerTarget: 10 },
  SECURITYHUB_CSPM_POLICY: unlisted,
  INSPECTOR_POLICY: unlisted,
  UPGRADE_ROLLOUT_POLICY: { ...unlisted, maxSize: 5_120, sizeUnit: 'bytes' },
  BEDROCK_POLICY: unlisted,
  S3_POLICY: unlisted,
  NETWORK_SECURITY_DIRECTOR_POLICY: unlisted,
  GUARDDUTY_POLICY: unlisted,
} as const satisfies Readonly<Record<string, PolicyLimits>>;

/** The types of policies of AWS Organizations. */
export type PolicyType = keyof typeof policyLimits;

export const isPolicyType = (name: string | undefined): name is PolicyType =>
  name !== undefined && Object.hasOwn(policyLimits, name);

/** Size of a document in the unit of its type's limit: characters (code points) or bytes of UTF-8. */
export function policySize(type: PolicyType, text: string): number {
  return policyLimits[type].sizeUnit === 'bytes' ? Buffer.byteLength(text) : [...text].length;
}

export interface AttachmentRules {
  /** While the type is enabled, detaching below this fails with MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED. */
  readonly minPerTarget: number;
  /**
   * The AWS managed policy that AWS attaches to every target when the type is enabled. It counts toward `maxPerTarget`.
   */
  readonly defaultPolicyId?: string;
  /** If false, detaching the default policy fails with InvalidInputException NON_DETACHABLE_POLICY. */
  readonly defaultIsDetachable?: boolean;
}

const noRules: AttachmentRules = { minPerTarget: 0 };

/**
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html#min-max-policies and the RCP
 * and SCP pages.
 */
export const attachmentRules: Readonly<Record<PolicyType, AttachmentRules>> = {
  SERVICE_CONTROL_POLICY: { minPerTarget: 1, defaultPolicyId: 'p-FullAWSAccess', defaultIsDetachable: true },
  RESOURCE_CONTROL_POLICY: { minPerTarget: 1, defaultPolicyId: 'p-RCPFullAWSAccess', defaultIsDetachable: false },
  TAG_POLICY: noRules,
  BACKUP_POLICY: noRules,
  AISERVICES_OPT_OUT_POLICY: noRules,
  CHATBOT_POLICY: noRules,
  DECLARATIVE_POLICY_EC2: noRules,
  SECURITYHUB_POLICY: noRules,
  SECURITYHUB_CSPM_POLICY: noRules,
  INSPECTOR_POLICY: noRules,
  UPGRADE_ROLLOUT_POLICY: noRules,
  BEDROCK_POLICY: noRules,
  S3_POLICY: noRules,
  NETWORK_SECURITY_DIRECTOR_POLICY: noRules,
  GUARDDUTY_POLICY: noRules,
};
