import { evaluateCondition } from '../../control-policies/evaluate-condition.ts';
import { type JsonObject, parseJsonObject } from '../../control-policies/json.ts';
import { parsePolicyDocument, parseStringList } from '../../control-policies/policy-document.ts';
import { createRequestContext } from '../../control-policies/request-context.ts';
import { matchesPattern, matchesPatternIgnoringCase } from '../../control-policies/wildcards.ts';
import { delegableActions, principalAccounts } from './resource-policy-elements.ts';

export interface DelegatedRequest {
  readonly accountId: string;
  /** Name of the operation, e.g. `AttachPolicy`. */
  readonly action: string;
  /** ARNs of the resources, for AttachPolicy the policy and the target. The policy must allow each of them. */
  readonly resourceArns?: readonly string[];
  /** Condition keys and values, e.g. `{ 'organizations:PolicyType': 'BACKUP_POLICY' }`. */
  readonly conditionKeys?: Readonly<Record<string, string | readonly string[]>>;
}

/** Keys that every request to AWS has, in lower case. The simulator does not know their values. */
const unknownKeys: ReadonlySet<string> = new Set(['aws:currenttime', 'aws:epochtime', 'aws:sourceip']);

/**
 * Whether a delegation policy allows a member account's request: for each resource a statement allows it and none
 * denies it. If a condition cannot be evaluated, an Allow does not apply and a Deny does.
 *
 * A request without resources needs any statement for its action: AWS's own examples list ARNs beside ListAccounts.
 */
export function isDelegated(text: string, request: DelegatedRequest): boolean {
  const { accountId, action, resourceArns = [], conditionKeys = {} } = request;
  if (!delegableActions.some((name) => name === action)) return false;
  const context = createRequestContext(Object.entries(conditionKeys), (key) => !unknownKeys.has(key));
  const statements = statementsFor(text, accountId).filter((one) => matchesAction(one, action));
  const allows = statements.filter(
    (one) => one['Effect'] === 'Allow' && evaluateCondition(one['Condition'], context) === true,
  );
  const denies = statements.filter(
    (one) => one['Effect'] === 'Deny' && evaluateCondition(one['Condition'], context) !== false,
  );
  if (resourceArns.length === 0) return allows.length > 0 && !denies.some(coversEverything);
  return resourceArns.every(
    (arn) => allows.some((one) => matchesResource(one, arn)) && !denies.some((one) => matchesResource(one, arn)),
  );
}

function statementsFor(text: string, accountId: string): readonly JsonObject[] {
  const parsed = parseJsonObject(text);
  if (!parsed.ok) return [];
  return parsePolicyDocument(parsed.value)
    .statements.map(({ elements }) => elements)
    .filter((one) => principalAccounts(one['Principal'])?.includes(accountId) === true);
}

function matchesAction(statement: JsonObject, action: string): boolean {
  return (
    parseStringList(statement['Action'])?.some((pattern) =>
      matchesPatternIgnoringCase(pattern, `organizations:${action}`),
    ) === true
  );
}

function matchesResource(statement: JsonObject, arn: string): boolean {
  return parseStringList(statement['Resource'])?.some((pattern) => matchesPattern(pattern, arn)) === true;
}

function coversEverything(statement: JsonObject): boolean {
  return parseStringList(statement['Resource'])?.includes('*') === true;
}
