import type { aws } from '../upstream/index.ts';
import { awsEnum, awsEnumFields } from './aws-enum.ts';
import { builder } from './builder.ts';

/** The management policies: those that are merged along the tree into one effective policy per account. */
const effectivePolicyTypes = {
  TAG_POLICY: { description: 'Standard tag keys and values.' },
  BACKUP_POLICY: { description: 'Backup plans.' },
  AISERVICES_OPT_OUT_POLICY: { description: "Whether AWS's AI services may use content to improve themselves." },
  CHATBOT_POLICY: { description: 'Access to accounts from chat applications.' },
  DECLARATIVE_POLICY_EC2: { description: 'Settings of EC2, EBS and VPC that accounts cannot change.' },
  SECURITYHUB_POLICY: { description: 'Where Security Hub is enabled.' },
  SECURITYHUB_CSPM_POLICY: { description: 'Where and how Security Hub CSPM is enabled.' },
  GUARDDUTY_POLICY: { description: 'Where and how GuardDuty is enabled.' },
  INSPECTOR_POLICY: { description: 'Where and how Amazon Inspector scans.' },
  UPGRADE_ROLLOUT_POLICY: { description: 'The order of automatic upgrades.' },
  BEDROCK_POLICY: { description: 'Settings of Amazon Bedrock.' },
  S3_POLICY: { description: 'Settings of Amazon S3, such as Block Public Access.' },
  NETWORK_SECURITY_DIRECTOR_POLICY: { description: 'Where Network Security Director is enabled.' },
} satisfies Record<aws.EffectivePolicyType, object>;

export const EffectivePolicyType = awsEnum('EffectivePolicyType', {
  description: 'A policy type that is merged along the tree into one effective policy per account.',
  values: effectivePolicyTypes,
});

export const PolicyType = awsEnum('PolicyType', {
  description: 'The types of policies. All but the first two are merged into an effective policy per account.',
  values: {
    SERVICE_CONTROL_POLICY: { description: 'The maximum permissions of principals in the accounts.' },
    RESOURCE_CONTROL_POLICY: { description: 'The maximum permissions on resources in the accounts.' },
    ...effectivePolicyTypes,
  } satisfies Record<aws.PolicyType, object>,
});

const PolicyTypeStatus = awsEnum('PolicyTypeStatus', {
  description: 'Whether a policy type is in effect in a root.',
  values: {
    ENABLED: { description: 'In effect.' },
    PENDING_ENABLE: { description: 'Being enabled.' },
    PENDING_DISABLE: { description: 'Being disabled.' },
  } satisfies Record<aws.PolicyTypeStatus, object>,
});

export const PolicyTypeSummaryRef = builder.objectRef<aws.PolicyTypeSummary>('PolicyTypeSummary').implement({
  description: 'A policy type, and whether it is in effect.',
  fields: (t) => ({
    ...awsEnumFields(t, 'type', PolicyType, { description: 'The policy type.' }, (summary) => summary.Type),
    ...awsEnumFields(
      t,
      'status',
      PolicyTypeStatus,
      { description: 'Whether it is in effect.' },
      (summary) => summary.Status,
    ),
  }),
});
