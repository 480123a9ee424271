import {
  describeJson,
  isJsonObject,
  type JsonObject,
  type Problem,
  parseJsonObject,
} from '../../control-policies/json.ts';
import {
  checkStatement,
  parsePolicyDocument,
  parseStringList,
  type Statement,
  type StatementRules,
} from '../../control-policies/policy-document.ts';
import { matchesPatternIgnoringCase } from '../../control-policies/wildcards.ts';
import {
  delegableActions,
  isOrganizationsResource,
  matchesPolicyType,
  policyTypeSegment,
  principalAccounts,
} from './resource-policy-elements.ts';

/** Members of `InvalidInputExceptionReason` that PutResourcePolicy returns for a document. */
export type ResourcePolicyReason =
  | 'INVALID_RESOURCE_POLICY_JSON'
  | 'INVALID_PRINCIPAL'
  | 'UNSUPPORTED_ACTION_IN_RESOURCE_POLICY'
  | 'UNSUPPORTED_RESOURCE_IN_RESOURCE_POLICY'
  | 'UNSUPPORTED_POLICY_TYPE_IN_RESOURCE_POLICY';

export interface ResourcePolicyProblem extends Problem {
  readonly reason: ResourcePolicyReason;
}

const rules: StatementRules = {
  // NotPrincipal, NotAction and NotResource are checked below, with reasons of their own.
  elements: [
    'Sid',
    'Effect',
    'Principal',
    'NotPrincipal',
    'Action',
    'NotAction',
    'Resource',
    'NotResource',
    'Condition',
  ],
  effects: ['Allow', 'Deny'],
  // Wider than in SCPs: one of AWS's examples has "Fully_manage_backup_policies".
  // https://docs.aws.amazon.com/organizations/latest/userguide/orgs_delegate_policies.html
  sid: { pattern: /^[\w -]*$/, description: 'letters, digits, spaces, _ and - only' },
};

/**
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsorganizations.html#awsorganizations-policy-keys
 */
const organizationsKeys = ['policytype', 'serviceprincipal', 'transferdirection', 'transfertype'].map(
  (name) => `organizations:${name}`,
);
/**
 * Key prefixes of principals from federation or assumed roles.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
 */
const federationProviders = ['aws', 'saml', 'sts'];

/**
 * Returns the problems of a resource-based delegation policy, in document order. PutResourcePolicy fails with
 * InvalidInputException and the first problem's reason; the size is checked elsewhere.
 *
 * AWS documents the reasons, but not their causes. NotAction and NotResource, rejected since June 30, 2026, get the
 * reasons of Action and Resource.
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs-policy-delegate.html
 */
export function checkResourcePolicy(text: string): readonly ResourcePolicyProblem[] {
  const parsed = parseJsonObject(text);
  if (!parsed.ok) return [toMalformedProblem(parsed.problem)];
  const { statements, problems } = parsePolicyDocument(parsed.value);
  return [...problems.map(toMalformedProblem), ...statements.flatMap(checkDelegation)];
}

function toMalformedProblem(problem: Problem): ResourcePolicyProblem {
  return { ...problem, reason: 'INVALID_RESOURCE_POLICY_JSON' };
}

function checkDelegation(statement: Statement): readonly ResourcePolicyProblem[] {
  const { path, elements } = statement;
  return [
    ...checkStatement(statement, rules).map(toMalformedProblem),
    ...checkPrincipal(path, elements),
    ...checkActions(path, elements),
    ...checkResources(path, elements),
    ...checkConditionKeys(path, elements),
  ];
}

function checkPrincipal(
  path: string,
  { Principal: principal, NotPrincipal: notPrincipal }: JsonObject,
): readonly ResourcePolicyProblem[] {
  const reason = 'INVALID_PRINCIPAL';
  if (notPrincipal !== undefined)
    return [{ reason, path: `${path}.NotPrincipal`, expected: 'expected Principal instead of NotPrincipal' }];
  if (principalAccounts(principal) !== undefined) return [];
  const expected = `expected {"AWS": …} with ids or ARNs of member accounts, found ${describeJson(principal)}`;
  return [{ reason, path: `${path}.Principal`, expected }];
}

/** A pattern must match an action that can be delegated. "organizations:*" is rejected, as most actions cannot be. */
function isDelegable(action: string): boolean {
  const pattern = /^organizations:(.+)$/i.exec(action)?.[1];
  if (pattern === undefined || /^[*?]+$/.test(pattern)) return false;
  return delegableActions.some((name) => matchesPatternIgnoringCase(pattern, name));
}

function checkActions(
  path: string,
  { Action: action, NotAction: notAction }: JsonObject,
): readonly ResourcePolicyProblem[] {
  const reason = 'UNSUPPORTED_ACTION_IN_RESOURCE_POLICY';
  if (notAction !== undefined)
    return [{ reason, path: `${path}.NotAction`, expected: 'expected an explicit Action list instead of NotAction' }];
  const actions = parseStringList(action);
  if (actions === undefined) {
    return [
      toMalformedProblem({ path: `${path}.Action`, expected: `expected actions, found ${describeJson(action)}` }),
    ];
  }
  return actions
    .filter((text) => !isDelegable(text))
    .map((text) => ({
      reason,
      path: `${path}.Action`,
      expected: `expected an action that can be delegated, such as organizations:AttachPolicy, found ${describeJson(text)}`,
    }));
}

function checkResources(
  path: string,
  { Resource: resource, NotResource: notResource }: JsonObject,
): readonly ResourcePolicyProblem[] {
  const reason = 'UNSUPPORTED_RESOURCE_IN_RESOURCE_POLICY';
  if (notResource !== undefined) {
    return [
      { reason, path: `${path}.NotResource`, expected: 'expected an explicit Resource list instead of NotResource' },
    ];
  }
  const resources = parseStringList(resource);
  if (resources === undefined) {
    return [
      toMalformedProblem({ path: `${path}.Resource`, expected: `expected resources, found ${describeJson(resource)}` }),
    ];
  }
  return resources.flatMap((text): readonly ResourcePolicyProblem[] => {
    if (!isOrganizationsResource(text)) {
      return [
        {
          reason,
          path: `${path}.Resource`,
          expected: `expected "*" or ARNs of AWS Organizations, found ${describeJson(text)}`,
        },
      ];
    }
    const type = policyTypeSegment(text);
    return type === undefined || matchesPolicyType(type) ? [] : [unknownPolicyType(`${path}.Resource`, type)];
  });
}

function checkConditionKeys(path: string, { Condition: condition }: JsonObject): readonly ResourcePolicyProblem[] {
  if (!isJsonObject(condition)) return [];
  return Object.entries(condition).flatMap(([operator, keys]) => {
    if (!isJsonObject(keys)) return [];
    return Object.entries(keys).flatMap(([key, value]): readonly ResourcePolicyProblem[] => {
      const where = `${path}.Condition.${operator}.${key}`;
      if (!isSupportedKey(key)) {
        return [
          toMalformedProblem({
            path: where,
            expected: 'expected a condition key that AWS Organizations supports, such as organizations:PolicyType',
          }),
        ];
      }
      if (key.toLowerCase() !== 'organizations:policytype' || operator.toLowerCase() === 'null') return [];
      return (parseStringList(value) ?? [])
        .filter((type) => !matchesPolicyType(type))
        .map((type) => unknownPolicyType(where, type));
    });
  });
}

/** Accepts global keys, keys of AWS Organizations, and keys of identity providers, which contain an address. */
function isSupportedKey(key: string): boolean {
  const provider = key.slice(0, key.indexOf(':')).toLowerCase();
  const isAddress = /[./]/.test(key.slice(0, key.lastIndexOf(':')));
  return federationProviders.includes(provider) || isAddress || organizationsKeys.includes(key.toLowerCase());
}

function unknownPolicyType(path: string, type: string): ResourcePolicyProblem {
  const expected = `expected a policy type such as BACKUP_POLICY (in ARNs: backup_policy), found ${describeJson(type)}`;
  return { reason: 'UNSUPPORTED_POLICY_TYPE_IN_RESOURCE_POLICY', path, expected };
}
