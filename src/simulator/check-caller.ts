import type { Call } from './call.ts';
import { getCallerOrganization, isManagementAccount } from './call.ts';
import type { Callers } from './model/rules.ts';
import { callerRules } from './model/rules.ts';
import { isAllowedByResourcePolicy } from './operations/resource-policy-access.ts';
import { throwConstraintViolation, throwException } from './service-error.ts';

/**
 * Checks that the partition has the operation, and that the account is open.
 *
 * @throws {ServiceError} UnsupportedAPIEndpointException, AccessDeniedException
 */
export function checkEndpoint({ account, operation, partition }: Call): void {
  if (callerRules[operation].commercialOnly && partition !== 'aws') {
    throwException('UnsupportedAPIEndpointException', `${operation} is not available in the partition ${partition}.`);
  }
  if (account.state === 'SUSPENDED' || account.state === 'CLOSED') {
    throwException('AccessDeniedException', `Account ${account.id} is ${account.state}.`);
  }
}

/**
 * Checks that the service's own rules let the account call the operation, before the operation looks at its input.
 *
 * @throws {ServiceError} AWSOrganizationsNotInUseException, AccessDeniedException, AlreadyInOrganizationException, or
 * the exception in the operation's rule if the organization lacks all features
 */
export function checkCaller(call: Call, input: unknown): void {
  const rule = callerRules[call.operation];
  const { account, operation, world } = call;
  if (rule.callers === 'anyone') return;
  if (rule.callers === 'standalone') {
    const present = world.organizationOf(account);
    if (!present) return;
    throwException(
      'AlreadyInOrganizationException',
      `Account ${account.id} already belongs to organization ${present.id}.`,
    );
  }
  const organization = getCallerOrganization(call);
  if (!isAllowed(rule.callers, call, input)) {
    throwException(
      'AccessDeniedException',
      `Account ${account.id} may not call ${operation}: ${allowedCallers[rule.callers]}, and the management account of ${organization.id} is ${organization.managementAccountId}.`,
    );
  }
  if (!rule.allFeatures || organization.featureSet === 'ALL') return;
  const message = `${operation} needs all features: organization ${organization.id} has consolidated billing only.`;
  if (rule.allFeatures === 'ConstraintViolationException')
    throwConstraintViolation('ORGANIZATION_NOT_IN_ALL_FEATURES_MODE', message);
  throwException(rule.allFeatures, message);
}

type RestrictedCallers = Exclude<Callers, 'anyone' | 'standalone'>;

const allowedCallers: Readonly<Record<RestrictedCallers, string>> = {
  members: 'any account of the organization may',
  member: 'any account of the organization may',
  management: 'only the management account may',
  administrators: 'only the management account and delegated administrators may',
  'policy administrators': 'only the management account, and accounts that its resource policy delegates it to, may',
};

function isAllowed(callers: RestrictedCallers, call: Call, input: unknown): boolean {
  const organization = getCallerOrganization(call);
  if (callers === 'members' || callers === 'member') return true;
  if (isManagementAccount(call.account, organization)) return true;
  if (callers === 'management') return false;
  if (callers === 'administrators' && organization.delegations.has(call.account.id)) return true;
  return isAllowedByResourcePolicy(call, organization, input);
}
