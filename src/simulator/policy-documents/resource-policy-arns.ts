import { policyTypes } from './policy-types.ts';
import { matchesPattern } from './wildcards.ts';

/** Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsorganizations.html#awsorganizations-resources-for-iam-policies */
const resourceKinds = ['organization', 'root', 'ou', 'account', 'policy', 'handshake', 'resourcepolicy', 'transfer'];
/** Source: https://github.com/aws/aws-sdk-js-v3/blob/main/packages/util-endpoints/src/lib/aws/partitions.json */
const partitions = ['aws', 'aws-cn', 'aws-us-gov', 'aws-iso', 'aws-iso-b', 'aws-iso-e', 'aws-iso-f', 'aws-eusc'];

/**
 * The resource part of a (pattern of an) ARN of AWS Organizations. Each part may have wildcards, and policy variables
 * such as `${aws:PrincipalAccount}` may stand for the account.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
function organizationsResource(text: string): string | undefined {
  const parts = /^arn:([^:]*):([^:]*):([^:]*):((?:\$\{[^}]*\}|[^:])*):(.+)$/.exec(text);
  if (parts === null) return undefined;
  const [, partition = '', service = '', region = '', account = '', resource] = parts;
  const known =
    partitions.some((name) => matchesPattern(partition, name)) &&
    matchesPattern(service, 'organizations') &&
    matchesPattern(region, '') &&
    (/^(?:\d{12}|aws)$/.test(account) || /^[\d*?]*[*?][\d*?]*$/.test(account) || account.includes('${'));
  return known ? resource : undefined;
}

/** Whether a Resource element's text is "*" or the (pattern of the) ARN of something in AWS Organizations. */
export function isOrganizationsResource(text: string): boolean {
  if (text === '*') return true;
  const kind = organizationsResource(text)?.split('/', 1)[0];
  return kind !== undefined && resourceKinds.some((known) => matchesPattern(kind, known));
}

/**
 * The policy type segment of a policy's ARN, as it is written there: `backup_policy`, perhaps with wildcards. A customer managed policy has
 * it behind the organization's id (`policy/o-…/backup_policy/p-…`), AWS's own first (`policy/service_control_policy/p-FullAWSAccess`).
 */
export function policyTypeSegment(arn: string): string | undefined {
  const [kind, first, second] = organizationsResource(arn)?.split('/') ?? [];
  if (kind !== 'policy' || first === undefined) return undefined;
  return first.startsWith('o-') || first === '*' || first.includes('${') ? second : first;
}

/** Whether a text, perhaps with wildcards, stands for at least one policy type. */
export function namesPolicyType(text: string): boolean {
  return policyTypes.some((type) => matchesPattern(text.toLowerCase(), type.toLowerCase()));
}
