/** Names of policy types: in a list, and as short as a chip has room for. */
const NAMES: Readonly<Record<string, readonly [name: string, short: string]>> = {
  SERVICE_CONTROL_POLICY: ['Service control', 'SCP'],
  RESOURCE_CONTROL_POLICY: ['Resource control', 'RCP'],
  TAG_POLICY: ['Tag', 'Tag'],
  BACKUP_POLICY: ['Backup', 'Backup'],
  AISERVICES_OPT_OUT_POLICY: ['AI opt-out', 'AI'],
  CHATBOT_POLICY: ['Chat applications', 'Chat'],
  DECLARATIVE_POLICY_EC2: ['EC2', 'EC2'],
  SECURITYHUB_POLICY: ['Security Hub', 'Security Hub'],
  SECURITYHUB_CSPM_POLICY: ['Security Hub CSPM', 'CSPM'],
  INSPECTOR_POLICY: ['Inspector', 'Inspector'],
  GUARDDUTY_POLICY: ['GuardDuty', 'GuardDuty'],
  UPGRADE_ROLLOUT_POLICY: ['Upgrade rollout', 'Upgrade'],
  BEDROCK_POLICY: ['Bedrock', 'Bedrock'],
  S3_POLICY: ['S3', 'S3'],
  NETWORK_SECURITY_DIRECTOR_POLICY: ['Network Security Director', 'Network'],
};

/** All types, in the order of their tabs. */
export const POLICY_TYPES = Object.keys(NAMES);

/** A type that is newer than this release is shown as AWS spells it. */
export const typeName = (type: string): string => NAMES[type]?.[0] ?? type;
export const shortTypeName = (type: string): string => NAMES[type]?.[1] ?? type;
