import { policyTypes } from './policy-types.ts';
import { matchesPattern } from './wildcards.ts';

const organizationsArn = /^arn:(?:aws[a-z-]*|\*):organizations:\*?:(?:\d{12}|aws|\*):(.+)$/;
/** Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsorganizations.html#awsorganizations-resources-for-iam-policies */
const resourceKinds = ['organization', 'root', 'ou', 'account', 'policy', 'handshake', 'resourcepolicy'];

/** Whether a Resource element's text is "*" or the (pattern of the) ARN of something in AWS Organizations. */
export function isOrganizationsResource(text: string): boolean {
  if (text === '*') return true;
  const resource = organizationsArn.exec(text)?.[1];
  const kind = resource?.split('/', 1)[0];
  return kind !== undefined && resourceKinds.some((known) => matchesPattern(kind, known));
}

/**
 * The policy type segment of a policy's ARN, as it is written there: `backup_policy`, perhaps with wildcards. A customer managed policy has
 * it behind the organization's id (`policy/o-…/backup_policy/p-…`), AWS's own first (`policy/service_control_policy/p-FullAWSAccess`).
 */
export function policyTypeSegment(arn: string): string | undefined {
  const [kind, first, second] = organizationsArn.exec(arn)?.[1]?.split('/') ?? [];
  if (kind !== 'policy' || first === undefined) return undefined;
  return first.startsWith('o-') || first === '*' ? second : first;
}

/** Whether a text, perhaps with wildcards, stands for at least one policy type. */
export function namesPolicyType(text: string): boolean {
  return policyTypes.some((type) => matchesPattern(text.toLowerCase(), type.toLowerCase()));
}
