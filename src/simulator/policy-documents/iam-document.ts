import { describeJson, isJsonArray, isJsonObject, type JsonObject, type JsonValue } from './json.ts';
import type { Problem } from './problem.ts';

/** A statement of an IAM-like document and where it stands: `Statement`, or `Statement[2]`. */
export interface PlacedStatement {
  readonly path: string;
  readonly statement: JsonObject;
}

export interface IamDocument {
  readonly statements: readonly PlacedStatement[];
  readonly problems: readonly Problem[];
}

const versions: readonly JsonValue[] = ['2012-10-17', '2008-10-17'];
const documentElements = ['Version', 'Id', 'Statement'];

/**
 * Takes an IAM-like document apart: Version, Id, and one or more statements.
 * AWS's pages ask for Version "2012-10-17"; the older version of IAM's language is taken too.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function readIamDocument(document: JsonObject): IamDocument {
  const problems: Problem[] = Object.keys(document)
    .filter((key) => !documentElements.includes(key))
    .map((key) => ({ path: key, expected: `expected ${documentElements.join(', ')} as the elements of a policy` }));
  const { Version: version, Id: id, Statement: statement } = document;
  if (version === undefined || !versions.includes(version)) {
    problems.push({ path: 'Version', expected: `expected "2012-10-17", found ${describeJson(version)}` });
  }
  if (id !== undefined && typeof id !== 'string') {
    problems.push({ path: 'Id', expected: `expected text, found ${describeJson(id)}` });
  }
  const placed = isJsonArray(statement)
    ? statement.map((value, index) => ({ path: `Statement[${index}]`, value }))
    : [{ path: 'Statement', value: statement }];
  if (placed.length === 0)
    problems.push({ path: 'Statement', expected: 'expected at least one statement, found an empty list' });
  const statements: PlacedStatement[] = [];
  for (const { path, value } of placed) {
    if (isJsonObject(value)) statements.push({ path, statement: value });
    else problems.push({ path, expected: `expected a statement, found ${describeJson(value)}` });
  }
  return { statements, problems: [...problems, ...checkSids(statements)] };
}

/**
 * Statement ids are unique within a policy; an empty one is as good as none: tools such as Terraform's
 * aws_iam_policy_document have written `"Sid": ""` into each statement.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html
 */
function checkSids(statements: readonly PlacedStatement[]): readonly Problem[] {
  const seen = new Set<JsonValue>();
  return statements.flatMap(({ path, statement: { Sid: sid } }) => {
    if (sid === undefined || sid === '') return [];
    if (seen.has(sid))
      return [{ path: `${path}.Sid`, expected: `expected each Sid once, found ${describeJson(sid)} again` }];
    seen.add(sid);
    return [];
  });
}

/** One text, or a list of at least one, as `Action`, `Resource` and `Principal.AWS` have it; undefined when it is neither. */
export function textList(value: JsonValue | undefined): readonly string[] | undefined {
  const list = isJsonArray(value) ? value : [value];
  const texts = list.filter((item) => typeof item === 'string');
  return texts.length === list.length && texts.length > 0 ? texts : undefined;
}
