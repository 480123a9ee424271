import type { PolicyType } from './enums.ts';

/**
 * Services that work with AWS Organizations by trusted access, and how many delegated administrators each may have; 0 is
 * a service without any. The service principals are those of
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_services_list.html. The numbers are each
 * service's own; where its documentation names none there is none here.
 */
export const services: ReadonlyMap<string, { readonly delegatedAdministrators: number }> = new Map(
  Object.entries({
    'access-analyzer.amazonaws.com': 1,
    'account.amazonaws.com': 1,
    'application-signals.cloudwatch.amazonaws.com': 1,
    'auditmanager.amazonaws.com': 1,
    'aws-artifact-account-sync.amazonaws.com': 0,
    'backup.amazonaws.com': Number.POSITIVE_INFINITY,
    'bedrock.amazonaws.com': Number.POSITIVE_INFINITY,
    'billing-cost-management.amazonaws.com': 0,
    'cloudtrail.amazonaws.com': 3,
    'compute-optimizer.amazonaws.com': 1,
    'config-multiaccountsetup.amazonaws.com': 3,
    'config.amazonaws.com': 3,
    'controltower.amazonaws.com': 0,
    'cost-optimization-hub.bcm.amazonaws.com': 1,
    'detective.amazonaws.com': 1,
    'devops-guru.amazonaws.com': 1,
    'ds.amazonaws.com': 0,
    'ec2.amazonaws.com': 1,
    'ec2.capacitymanager.amazonaws.com': 1,
    'fms.amazonaws.com': 10,
    'guardduty.amazonaws.com': 1,
    'health.amazonaws.com': 5,
    'iam.amazonaws.com': Number.POSITIVE_INFINITY,
    'inspector2.amazonaws.com': 1,
    'ipam.amazonaws.com': 1,
    'license-management.marketplace.amazonaws.com': 0,
    'license-manager.amazonaws.com': 1,
    'license-manager.member-account.amazonaws.com': 0,
    'license-manager-linux-subscriptions.amazonaws.com': 1,
    'macie.amazonaws.com': 1,
    'malware-protection.guardduty.amazonaws.com': 0,
    'member.org.stacksets.cloudformation.amazonaws.com': 5,
    'network-security-director.amazonaws.com': 1,
    'networkmanager.amazonaws.com': 10,
    'notifications.amazonaws.com': 5,
    'observabilityadmin.amazonaws.com': 1,
    'private-marketplace.marketplace.amazonaws.com': 1,
    'ram.amazonaws.com': 0,
    'reachabilityanalyzer.networkinsights.amazonaws.com': 5,
    'reporting.trustedadvisor.amazonaws.com': 5,
    'resource-explorer-2.amazonaws.com': 1,
    's3.amazonaws.com': 5,
    'securityhub.amazonaws.com': 1,
    'security-ir.amazonaws.com': 1,
    'securitylake.amazonaws.com': 1,
    'servicecatalog.amazonaws.com': 50,
    'servicequotas.amazonaws.com': 0,
    'ssm.amazonaws.com': 1,
    'ssm-quicksetup.amazonaws.com': 1,
    'sso.amazonaws.com': 1,
    'stacksets.cloudformation.amazonaws.com': 5,
    'storage-lens.s3.amazonaws.com': 5,
    'tagpolicies.tag.amazonaws.com': 0,
    'user-subscriptions.amazonaws.com': 1,
    'wellarchitected.amazonaws.com': 0,
  }).map(([principal, delegatedAdministrators]) => [principal, { delegatedAdministrators }]),
);

/** Policy types whose service must have trusted access before the type can be enabled, and while it is. */
export const serviceOfPolicyType: { readonly [Type in PolicyType]?: string } = {
  SECURITYHUB_POLICY: 'securityhub.amazonaws.com',
  SECURITYHUB_CSPM_POLICY: 'securityhub.amazonaws.com',
  INSPECTOR_POLICY: 'inspector2.amazonaws.com',
  GUARDDUTY_POLICY: 'guardduty.amazonaws.com',
  NETWORK_SECURITY_DIRECTOR_POLICY: 'network-security-director.amazonaws.com',
};
