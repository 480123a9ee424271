import { describeJson, type JsonObject, type Problem } from './json.ts';
import {
  checkExactlyOne,
  checkStatement,
  parsePolicyDocument,
  type Statement,
  type StatementRules,
} from './policy-document.ts';

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html */
const sid = { pattern: /^[A-Za-z0-9]*$/, description: 'letters and digits only' };

/** SCPs do not support Principal and NotPrincipal. */
const serviceControlStatement: StatementRules = {
  elements: ['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'],
  effects: ['Allow', 'Deny'],
  sid,
};

/** RCPs do not support NotPrincipal and NotAction. Only AWS's own RCPFullAWSAccess may use Allow. */
const resourceControlStatement: StatementRules = {
  elements: ['Sid', 'Effect', 'Principal', 'Action', 'Resource', 'NotResource', 'Condition'],
  effects: ['Deny'],
  sid,
};

/**
 * A service prefix and an action, in any case, with wildcards in the action only. `*:*` means `*`.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
 */
const serviceAction = /^[A-Za-z0-9-]+:[\w*?-]+$/;
const isAction = (text: string): boolean => text === '*' || text === '*:*' || serviceAction.test(text);
/**
 * An ARN with wildcards in any part. `*` also matches colons, so a pattern may have fewer parts.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
const isResource = (text: string): boolean =>
  text === '*' || /^arn:[^:]*:[^:]*:[^:]*:[^:]*:./.test(text) || /^arn:.*\*/.test(text);
const resourceForm = '"*" or an ARN pattern such as arn:aws:s3:::bucket/*';

export const controlPolicyTypes = ['SERVICE_CONTROL_POLICY', 'RESOURCE_CONTROL_POLICY'] as const;
export type ControlPolicyType = (typeof controlPolicyTypes)[number];

export const isControlPolicyType = (type: string | undefined): type is ControlPolicyType =>
  controlPolicyTypes.some((one) => one === type);

/**
 * Maximum number of characters (code points) of a document, white space included.
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
 */
export const maxPolicyCharacters: Readonly<Record<ControlPolicyType, number>> = {
  SERVICE_CONTROL_POLICY: 10_240,
  RESOURCE_CONTROL_POLICY: 5_120,
};

/** Returns the problems with which CreatePolicy rejects the document of a customer managed policy. */
export function checkControlPolicy(type: ControlPolicyType, document: JsonObject): readonly Problem[] {
  const { statements, problems } = parsePolicyDocument(document);
  return [...problems, ...statements.flatMap((statement) => checkControlStatement(type, statement))];
}

export function checkControlStatement(type: ControlPolicyType, statement: Statement): readonly Problem[] {
  return type === 'SERVICE_CONTROL_POLICY' ? checkScpStatement(statement) : checkRcpStatement(statement);
}

/**
 * AWS's page contradicts itself on Allow: its table supports NotAction, Resource, NotResource and Condition, its older
 * text only `"Resource": "*"`. The table matches AWS's announcement of the full IAM language for SCPs in September
 * 2025.
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html
 */
function checkScpStatement(statement: Statement): readonly Problem[] {
  return [
    ...checkStatement(statement, serviceControlStatement),
    ...checkExactlyOne(statement, ['Action', 'NotAction'], isAction, '"*" or service:Action, such as ec2:Describe*'),
    ...checkExactlyOne(statement, ['Resource', 'NotResource'], isResource, resourceForm),
  ];
}

/** https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html */
function checkRcpStatement(statement: Statement): readonly Problem[] {
  const principal = statement.elements['Principal'];
  const expected = `expected "*" (restrict principals by Condition), found ${describeJson(principal)}`;
  return [
    ...checkStatement(statement, resourceControlStatement),
    ...(principal === '*'
      ? []
      : [{ path: `${statement.path}.Principal`, expected, unevaluable: 'INVALID_ELEMENT' as const }]),
    // "*" alone "matches all actions in all services, which is not permitted".
    ...checkExactlyOne(statement, ['Action'], (text) => serviceAction.test(text), 'service:Action, such as s3:*'),
    ...checkExactlyOne(statement, ['Resource', 'NotResource'], isResource, resourceForm),
  ];
}
