import { readIamDocument } from './iam-document.ts';
import { checkEither, checkStatementFrame, type StatementRules } from './iam-statement.ts';
import { describeJson, type JsonObject } from './json.ts';
import type { Problem } from './problem.ts';

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html */
const sid = { pattern: /^[A-Za-z0-9]*$/, says: 'letters and digits only' };

/** Principal and NotPrincipal are not supported. */
const serviceControlStatement: StatementRules = {
  elements: ['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'],
  effects: ['Allow', 'Deny'],
  sid,
};

/** NotPrincipal and NotAction are not supported; Allow is for AWS's own RCPFullAWSAccess only. */
const resourceControlStatement: StatementRules = {
  elements: ['Sid', 'Effect', 'Principal', 'Action', 'Resource', 'NotResource', 'Condition'],
  effects: ['Deny'],
  sid,
};

/**
 * A service's prefix and an action, either case, wildcards in the action only; `*:*` is `*`.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
 */
const serviceAction = /^[A-Za-z0-9-]+:[\w*?-]+$/;
const isAction = (text: string): boolean => text === '*' || text === '*:*' || serviceAction.test(text);
/**
 * An ARN, wildcards in any part; one with a wildcard may have fewer parts, as `*` stands for colons too.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
const isResource = (text: string): boolean =>
  text === '*' || /^arn:[^:]*:[^:]*:[^:]*:[^:]*:./.test(text) || /^arn:.*\*/.test(text);
const resourceForm = '"*" or an ARN pattern such as arn:aws:s3:::bucket/*';

/**
 * Problems of a service control policy's document.
 *
 * The page contradicts itself on Allow: its table has NotAction, Resource, NotResource and Condition "supported" with it, its older text
 * allows only `"Resource": "*"`. We follow the table, which is what AWS announced with the full IAM language for SCPs in September 2025.
 *
 * Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html
 */
export function checkServiceControlPolicy(document: JsonObject): readonly Problem[] {
  const { statements, problems } = readIamDocument(document);
  return [
    ...problems,
    ...statements.flatMap((placed) => [
      ...checkStatementFrame(placed, serviceControlStatement),
      ...checkEither(placed, ['Action', 'NotAction'], isAction, '"*" or service:Action, such as ec2:Describe*'),
      ...checkEither(placed, ['Resource', 'NotResource'], isResource, resourceForm),
    ]),
  ];
}

/**
 * Problems of a customer managed resource control policy's document.
 * Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html
 */
export function checkResourceControlPolicy(document: JsonObject): readonly Problem[] {
  const { statements, problems } = readIamDocument(document);
  return [
    ...problems,
    ...statements.flatMap((placed) => {
      const { path, statement } = placed;
      const principal = statement['Principal'];
      return [
        ...checkStatementFrame(placed, resourceControlStatement),
        ...(principal === '*'
          ? []
          : [
              {
                path: `${path}.Principal`,
                expected: `expected "*" (restrict principals by Condition), found ${describeJson(principal)}`,
              },
            ]),
        // "*" alone "matches all actions in all services, which is not permitted".
        ...checkEither(placed, ['Action'], (text) => serviceAction.test(text), 'service:Action, such as s3:*'),
        ...checkEither(placed, ['Resource', 'NotResource'], isResource, resourceForm),
      ];
    }),
  ];
}
