import type { PolicyType } from './enums.ts';

export interface Service {
  /** False if the service does not use trusted access, so that EnableAWSServiceAccess rejects its principal. */
  readonly trustedAccess: boolean;
  /** Maximum number of delegated administrators; 0 if the service does not support any. */
  readonly delegatedAdministrators: number;
}

const withoutTrustedAccess: ReadonlySet<string> = new Set(['events.amazonaws.com']);

/**
 * AWS's list of services as of November 29, 2026, with its columns "Supports trusted access" and "Supports delegated
 * administrator": https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_services_list.html
 *
 * Service principals are on each service's page there, limits of delegated administrators in the service's own
 * documentation. Other services are accepted, as AWS adds some every month.
 */
export const services: ReadonlyMap<string, Service> = new Map(
  Object.entries({
    'access-analyzer.amazonaws.com': 1,
    'account.amazonaws.com': 1,
    'agent-registry.amazonaws.com': Number.POSITIVE_INFINITY,
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
    'ec2.amazonaws.com': 0,
    'ec2.capacitymanager.amazonaws.com': 1,
    'eks.amazonaws.com': Number.POSITIVE_INFINITY,
    'events.amazonaws.com': 0,
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
    'mgn.amazonaws.com': Number.POSITIVE_INFINITY,
    'network-security-director.amazonaws.com': 1,
    'networkflowmonitor.amazonaws.com': Number.POSITIVE_INFINITY,
    'networkmanager.amazonaws.com': 10,
    'notifications.amazonaws.com': 5,
    'observabilityadmin.amazonaws.com': 1,
    'private-marketplace.marketplace.amazonaws.com': 1,
    'procurement-insights.marketplace.amazonaws.com': Number.POSITIVE_INFINITY,
    'q.amazonaws.com': 0,
    'ram.amazonaws.com': 0,
    'reachabilityanalyzer.networkinsights.amazonaws.com': 5,
    'reporting.trustedadvisor.amazonaws.com': 5,
    'resiliencehub.amazonaws.com': Number.POSITIVE_INFINITY,
    'resource-explorer-2.amazonaws.com': 1,
    's3.amazonaws.com': 5,
    'securityhub.amazonaws.com': 1,
    'security-ir.amazonaws.com': 1,
    'securitylake.amazonaws.com': 1,
    'selfservicereporting.managedservices.amazonaws.com': Number.POSITIVE_INFINITY,
    'servicecatalog.amazonaws.com': 50,
    'servicequotas.amazonaws.com': 0,
    'ssm.amazonaws.com': 1,
    'ssm-quicksetup.amazonaws.com': 1,
    'sso.amazonaws.com': 1,
    'stacksets.cloudformation.amazonaws.com': 5,
    'storage-lens.s3.amazonaws.com': 5,
    'tagpolicies.tag.amazonaws.com': 0,
    'topology.networkflowmonitor.amazonaws.com': Number.POSITIVE_INFINITY,
    'user-subscriptions.amazonaws.com': 1,
    'wellarchitected.amazonaws.com': 0,
  }).map(([principal, delegatedAdministrators]) => [
    principal,
    { trustedAccess: !withoutTrustedAccess.has(principal), delegatedAdministrators },
  ]),
);

/** Policy types that require trusted access for their service, before and while the type is enabled. */
export const serviceOfPolicyType: { readonly [Type in PolicyType]?: string } = {
  SECURITYHUB_POLICY: 'securityhub.amazonaws.com',
  SECURITYHUB_CSPM_POLICY: 'securityhub.amazonaws.com',
  INSPECTOR_POLICY: 'inspector2.amazonaws.com',
  GUARDDUTY_POLICY: 'guardduty.amazonaws.com',
  NETWORK_SECURITY_DIRECTOR_POLICY: 'network-security-director.amazonaws.com',
};
