import type { PolicyType } from '../model/enums.ts';

export interface DemoPolicy {
  readonly type: PolicyType;
  readonly name: string;
  readonly description: string;
  readonly document: object;
  /** Paths of OUs; '' is the root. */
  readonly attachedTo: readonly string[];
}

const deny = (name: string, actions: readonly string[], attachedTo: readonly string[] = []): DemoPolicy => ({
  type: 'SERVICE_CONTROL_POLICY',
  name,
  description: `Denies ${actions.join(', ')}`,
  document: {
    Version: '2012-10-17',
    Statement: [{ Sid: name.replace(/\W/g, ''), Effect: 'Deny', Action: actions, Resource: '*' }],
  },
  attachedTo,
});

export const demoPolicies: readonly DemoPolicy[] = [
  deny('Deny leaving the organization', ['organizations:LeaveOrganization'], ['']),
  deny('Protect CloudTrail', ['cloudtrail:StopLogging', 'cloudtrail:DeleteTrail'], ['', 'Security']),
  deny('Protect GuardDuty', ['guardduty:DeleteDetector', 'guardduty:DisassociateFromMasterAccount'], ['Workloads']),
  deny('Protect Config', ['config:DeleteConfigurationRecorder', 'config:StopConfigurationRecorder'], ['Workloads']),
  deny('No root user keys', ['iam:CreateAccessKey'], ['Workloads/Production']),
  deny(
    'No public buckets',
    ['s3:PutBucketPublicAccessBlock', 's3:PutAccountPublicAccessBlock'],
    ['Workloads/Production'],
  ),
  deny('No large instances', ['ec2:RunInstances'], ['Sandbox']),
  deny('No reserved capacity', ['ec2:PurchaseReservedInstancesOffering', 'savingsplans:*'], ['Sandbox']),
  deny('No domains', ['route53domains:*'], ['Sandbox', 'Policy Staging']),
  deny('No marketplace', ['aws-marketplace:Subscribe'], ['Sandbox', 'Workloads/Development']),
  deny('No Direct Connect', ['directconnect:*'], ['Sandbox']),
  deny('No VPC peering', ['ec2:CreateVpcPeeringConnection', 'ec2:AcceptVpcPeeringConnection'], ['Sandbox']),
  deny('No internet gateways', ['ec2:AttachInternetGateway'], ['Infrastructure/Shared Services']),
  deny('No key deletion', ['kms:ScheduleKeyDeletion', 'kms:DeleteAlias'], ['Workloads/Production', 'Security']),
  deny('No backup deletion', ['backup:DeleteBackupVault', 'backup:DeleteRecoveryPoint'], ['Infrastructure']),
  deny('No flow log deletion', ['ec2:DeleteFlowLogs', 'logs:DeleteLogStream'], ['Infrastructure/Network']),
  deny('No password policy change', ['iam:UpdateAccountPasswordPolicy'], ['Managed Customers']),
  deny('No billing change', ['aws-portal:ModifyBilling', 'billing:UpdateBillingPreferences'], ['Managed Customers']),
  deny('No support plan change', ['supportplans:*'], ['Managed Customers']),
  deny('Quarantine', ['*'], ['Suspended']),
  deny('No AI services', ['bedrock:*', 'sagemaker:*']),
  deny('No Lightsail', ['lightsail:*']),
  deny('No IoT', ['iot:*', 'greengrass:*']),
  {
    type: 'RESOURCE_CONTROL_POLICY',
    name: 'Organization perimeter',
    description: 'Buckets and queues answer principals of this organization only',
    document: {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'Perimeter',
          Effect: 'Deny',
          Principal: '*',
          Action: ['s3:*', 'sqs:*'],
          Resource: '*',
          Condition: { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-exampleorgid' } },
        },
      ],
    },
    attachedTo: ['Workloads'],
  },
  {
    type: 'TAG_POLICY',
    name: 'Cost center',
    description: 'Spelling and values of the cost center tag',
    document: {
      tags: {
        costcenter: {
          tag_key: { '@@assign': 'CostCenter' },
          tag_value: { '@@assign': ['Retail', 'Platform', 'Security', 'Sandbox'] },
        },
      },
    },
    attachedTo: [''],
  },
  {
    type: 'TAG_POLICY',
    name: 'Cost center of production',
    description: 'Production adds a value',
    document: { tags: { costcenter: { tag_value: { '@@append': ['Payments'] } } } },
    attachedTo: ['Workloads/Production'],
  },
  {
    type: 'BACKUP_POLICY',
    name: 'Daily backups',
    description: 'Everything tagged backup=daily, kept 35 days',
    document: {
      plans: {
        Daily: {
          regions: { '@@assign': ['eu-west-1', 'us-east-1'] },
          rules: {
            daily: {
              schedule_expression: { '@@assign': 'cron(0 3 ? * * *)' },
              target_backup_vault_name: { '@@assign': 'Default' },
              lifecycle: { delete_after_days: { '@@assign': '35' } },
            },
          },
          selections: {
            tags: {
              tagged: {
                iam_role_arn: { '@@assign': 'arn:aws:iam::$account:role/BackupRole' },
                tag_key: { '@@assign': 'backup' },
                tag_value: { '@@assign': ['daily'] },
              },
            },
          },
        },
      },
    },
    attachedTo: ['Workloads'],
  },
  {
    type: 'BACKUP_POLICY',
    name: 'Hourly backups, unfinished',
    description: 'Lacks its selections: the effective policy of the canary account is invalid',
    document: {
      plans: {
        Hourly: {
          regions: { '@@assign': ['eu-west-1'] },
          rules: {
            hourly: {
              schedule_expression: { '@@assign': 'cron(0 * ? * * *)' },
              target_backup_vault_name: { '@@assign': 'Default' },
            },
          },
        },
      },
    },
    attachedTo: ['Policy Staging'],
  },
  {
    type: 'AISERVICES_OPT_OUT_POLICY',
    name: 'Opt out of AI services',
    description: 'No content is used to improve AI services',
    document: { services: { default: { opt_out_policy: { '@@assign': 'optOut' } } } },
    attachedTo: [''],
  },
];
