import { checkCondition } from './condition.ts';
import { describeJson, isJsonArray, isJsonObject, type JsonObject, type JsonValue, type Problem } from './json.ts';

export interface Statement {
  /** `Statement`, or `Statement[2]` in a list. */
  readonly path: string;
  /** Its place in the list; 0 for a single statement. */
  readonly index: number;
  readonly elements: JsonObject;
}

export interface PolicyDocument {
  readonly statements: readonly Statement[];
  /** Problems of the document and its list of statements, not of the statements' elements. */
  readonly problems: readonly Problem[];
  /** The problems of entries that are no statements. `problems` has them too. */
  readonly unreadableStatements: readonly Problem[];
}

const versions: readonly JsonValue[] = ['2012-10-17', '2008-10-17'];
const documentElements = ['Version', 'Id', 'Statement'];

/**
 * Parses a document in IAM's policy language: Version, Id, and one or more statements. AWS's pages require Version
 * "2012-10-17"; the older version is accepted too.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function parsePolicyDocument(document: JsonObject): PolicyDocument {
  const problems: Problem[] = Object.keys(document)
    .filter((key) => !documentElements.includes(key))
    .map((key) => ({
      path: key,
      expected: `expected ${documentElements.join(', ')} as the elements of a policy`,
      unevaluable: 'UNKNOWN_ELEMENT',
    }));
  const { Version: version, Id: id, Statement: statement } = document;
  if (version === undefined || !versions.includes(version)) {
    problems.push({
      path: 'Version',
      expected: `expected "2012-10-17", found ${describeJson(version)}`,
      // Without a Version, IAM reads a document as one of the older version. Examples on AWS's pages omit it.
      ...(version !== undefined && { unevaluable: 'INVALID_ELEMENT' }),
    });
  }
  if (id !== undefined && typeof id !== 'string') {
    problems.push({ path: 'Id', expected: `expected text, found ${describeJson(id)}` });
  }
  const entries = isJsonArray(statement)
    ? statement.map((value, index) => ({ path: `Statement[${index}]`, value }))
    : [{ path: 'Statement', value: statement }];
  if (entries.length === 0)
    problems.push({ path: 'Statement', expected: 'expected at least one statement, found an empty list' });
  const statements: Statement[] = [];
  const unreadableStatements: Problem[] = [];
  for (const [index, { path, value }] of entries.entries()) {
    if (isJsonObject(value)) statements.push({ path, index, elements: value });
    else {
      const expected = `expected a statement, found ${describeJson(value)}`;
      unreadableStatements.push({ path, expected, unevaluable: 'INVALID_ELEMENT' });
    }
  }
  return {
    statements,
    problems: [...problems, ...unreadableStatements, ...checkSids(statements)],
    unreadableStatements,
  };
}

/**
 * Statement ids must be unique in a policy. Empty ones are ignored, because tools such as Terraform's
 * aws_iam_policy_document have written `"Sid": ""` into each statement.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html
 */
function checkSids(statements: readonly Statement[]): readonly Problem[] {
  const seen = new Set<JsonValue>();
  return statements.flatMap(({ path, elements: { Sid: sid } }) => {
    if (sid === undefined || sid === '') return [];
    if (seen.has(sid))
      return [{ path: `${path}.Sid`, expected: `expected each Sid once, found ${describeJson(sid)} again` }];
    seen.add(sid);
    return [];
  });
}

/**
 * Returns the value of `Action`, `Resource` or `Principal.AWS` as a list. Returns undefined if it is not a string or a
 * non-empty list of strings.
 */
export function parseStringList(value: JsonValue | undefined): readonly string[] | undefined {
  const list = isJsonArray(value) ? value : [value];
  const texts = list.filter((item) => typeof item === 'string');
  return texts.length === list.length && texts.length > 0 ? texts : undefined;
}

export interface StatementRules {
  /** Names of the elements that a statement may have. */
  readonly elements: readonly string[];
  readonly effects: readonly string[];
  readonly sid: { readonly pattern: RegExp; readonly description: string };
}

/** Checks the elements' names, Sid, Effect and Condition. */
export function checkStatement({ path, elements }: Statement, rules: StatementRules): readonly Problem[] {
  const problems: Problem[] = Object.keys(elements)
    .filter((key) => !rules.elements.includes(key))
    .map((key) => ({
      path: `${path}.${key}`,
      expected: `expected ${rules.elements.join(', ')} as the elements of a statement`,
      unevaluable: 'UNKNOWN_ELEMENT',
    }));
  const { Sid: sid, Effect: effect, Condition: condition } = elements;
  if (sid !== undefined && (typeof sid !== 'string' || !rules.sid.pattern.test(sid))) {
    problems.push({ path: `${path}.Sid`, expected: `expected ${rules.sid.description}, found ${describeJson(sid)}` });
  }
  if (typeof effect !== 'string' || !rules.effects.includes(effect)) {
    const effects = rules.effects.map((name) => `"${name}"`).join(' or ');
    problems.push({
      path: `${path}.Effect`,
      expected: `expected ${effects}, found ${describeJson(effect)}`,
      ...(effect !== 'Allow' && effect !== 'Deny' && { unevaluable: 'INVALID_ELEMENT' }),
    });
  }
  return condition === undefined ? problems : [...problems, ...checkCondition(`${path}.Condition`, condition)];
}

/**
 * Checks that a statement has exactly one of the elements, such as Action and NotAction.
 *
 * @param expectedForm describes the values that `isValid` accepts
 */
export function checkExactlyOne(
  { path, elements }: Statement,
  names: readonly [string, ...string[]],
  isValid: (text: string) => boolean,
  expectedForm: string,
): readonly Problem[] {
  const present = names.filter((name) => elements[name] !== undefined);
  const [name] = present;
  if (name === undefined || present.length > 1) {
    const expected = `expected ${names.join(' or ')}, found ${present.length > 1 ? 'both' : 'none'}`;
    return [{ path, expected, unevaluable: 'INVALID_ELEMENT' }];
  }
  const value: JsonValue | undefined = elements[name];
  const texts = parseStringList(value);
  if (texts === undefined)
    return [
      {
        path: `${path}.${name}`,
        expected: `expected ${expectedForm}, or a list of such, found ${describeJson(value)}`,
        unevaluable: 'INVALID_ELEMENT',
      },
    ];
  return texts.flatMap((text, index) => {
    if (isValid(text)) return [];
    const where = isJsonArray(value) ? `${path}.${name}[${index}]` : `${path}.${name}`;
    return [{ path: where, expected: `expected ${expectedForm}, found ${describeJson(text)}` }];
  });
}
