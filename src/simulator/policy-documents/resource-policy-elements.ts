import { isJsonObject, type JsonValue } from '../../control-policies/json.ts';
import { parseStringList } from '../../control-policies/policy-document.ts';
import { matchesPattern } from '../../control-policies/wildcards.ts';
import { PolicyType } from '../model/enums.ts';

/**
 * Operations that a resource-based delegation policy may grant.
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs-policy-delegate.html, "Supported delegation policy
 * actions".
 */
export const delegableActions = [
  'AttachPolicy',
  'CreatePolicy',
  'DeletePolicy',
  'DescribeAccount',
  'DescribeCreateAccountStatus',
  'DescribeEffectivePolicy',
  'DescribeHandshake',
  'DescribeOrganization',
  'DescribeOrganizationalUnit',
  'DescribePolicy',
  'DescribeResourcePolicy',
  'DetachPolicy',
  'DisablePolicyType',
  'EnablePolicyType',
  'ListAccounts',
  'ListAccountsForParent',
  'ListAWSServiceAccessForOrganization',
  'ListChildren',
  'ListCreateAccountStatus',
  'ListDelegatedAdministrators',
  'ListDelegatedServicesForAccount',
  'ListHandshakesForAccount',
  'ListHandshakesForOrganization',
  'ListOrganizationalUnitsForParent',
  'ListParents',
  'ListPolicies',
  'ListPoliciesForTarget',
  'ListRoots',
  'ListTagsForResource',
  'ListTargetsForPolicy',
  'TagResource',
  'UntagResource',
  'UpdatePolicy',
] as const;

const accountId = /^\d{12}$/;
const principalArn =
  /^arn:aws[a-z-]*:(?:iam|sts)::(\d{12}):(?:root$|user\/.|role\/.|assumed-role\/.|federated-user\/.)/;

/**
 * Returns the accounts in a Principal element, given by id or by the ARN of the account or of an identity in it.
 * Returns
 * undefined for other principals: AWS documents only "the member accounts to which you want to delegate", not "*".
 *
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs-policy-delegate.html
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function principalAccounts(principal: JsonValue | undefined): readonly string[] | undefined {
  if (!isJsonObject(principal) || Object.keys(principal).length !== 1) return undefined;
  const accounts = parseStringList(principal['AWS'])?.map((text) =>
    accountId.test(text) ? text : principalArn.exec(text)?.[1],
  );
  const known = accounts?.filter((account) => account !== undefined);
  return known !== undefined && known.length === accounts?.length ? known : undefined;
}

/**
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsorganizations.html#awsorganizations-resources-for-iam-policies
 */
const resourceKinds = ['organization', 'root', 'ou', 'account', 'policy', 'handshake', 'resourcepolicy', 'transfer'];
/** https://github.com/aws/aws-sdk-js-v3/blob/main/packages/util-endpoints/src/lib/aws/partitions.json */
const partitions = ['aws', 'aws-cn', 'aws-us-gov', 'aws-iso', 'aws-iso-b', 'aws-iso-e', 'aws-iso-f', 'aws-eusc'];

/**
 * Returns the resource part of an ARN, or ARN pattern, of AWS Organizations. Policy variables such as
 * `${aws:PrincipalAccount}` may replace the account.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
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

/** Accepts "*", ARNs of AWS Organizations and patterns of them. */
export function isOrganizationsResource(text: string): boolean {
  if (text === '*') return true;
  const kind = organizationsResource(text)?.split('/', 1)[0];
  return kind !== undefined && resourceKinds.some((known) => matchesPattern(kind, known));
}

/**
 * Returns the policy type segment of a policy's ARN, e.g. `backup_policy` or a pattern. It follows the organization's
 * id in
 * ARNs of customer managed policies (`policy/o-…/backup_policy/p-…`), and `policy/` in those of AWS managed policies.
 */
export function policyTypeSegment(arn: string): string | undefined {
  const [kind, first, second] = organizationsResource(arn)?.split('/') ?? [];
  if (kind !== 'policy' || first === undefined) return undefined;
  return first.startsWith('o-') || first === '*' || first.includes('${') ? second : first;
}

/** Whether a text or pattern matches at least one policy type. */
export function matchesPolicyType(text: string): boolean {
  return PolicyType.some((type) => matchesPattern(text.toLowerCase(), type.toLowerCase()));
}
