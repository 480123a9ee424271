/** Operators of IAM as a reader says them, without prefixes and suffixes. */
const WORDS: Readonly<Record<string, string>> = {
  StringEquals: 'is',
  StringNotEquals: 'is not',
  StringEqualsIgnoreCase: 'is',
  StringNotEqualsIgnoreCase: 'is not',
  StringLike: 'matches',
  StringNotLike: 'does not match',
  ArnEquals: 'matches',
  ArnLike: 'matches',
  ArnNotEquals: 'does not match',
  ArnNotLike: 'does not match',
  NumericEquals: 'is',
  NumericNotEquals: 'is not',
  NumericLessThan: 'is less than',
  NumericLessThanEquals: 'is at most',
  NumericGreaterThan: 'is more than',
  NumericGreaterThanEquals: 'is at least',
  DateEquals: 'is',
  DateNotEquals: 'is not',
  DateLessThan: 'is before',
  DateLessThanEquals: 'is at the latest',
  DateGreaterThan: 'is after',
  DateGreaterThanEquals: 'is at the earliest',
  Bool: 'is',
  BinaryEquals: 'is',
  IpAddress: 'is in',
  NotIpAddress: 'is not in',
};

/** "aws:RequestedRegion is not eu-west-1 or eu-central-1": all conditions of a statement, which must all hold. */
export function conditionWords(condition: unknown): string {
  if (!isObject(condition)) return '';
  return Object.entries(condition)
    .flatMap(([operator, keys]) =>
      isObject(keys) ? Object.entries(keys).map(([key, values]) => phrase(operator, key, values)) : [],
    )
    .join(' and ');
}

function phrase(operator: string, key: string, values: unknown): string {
  const list = (Array.isArray(values) ? values : [values]).map(String);
  const base = operator.replace(/^For(?:Any|All)Values?:/i, '').replace(/IfExists$/i, '');
  if (base === 'Null') return `${key} is ${list[0] === 'true' ? 'missing' : 'present'}`;
  const every = /^ForAllValues/i.test(operator) ? 'every ' : '';
  const missing = /IfExists$/i.test(operator) ? ', or is missing' : '';
  return `${every}${key} ${WORDS[base] ?? base} ${list.join(' or ')}${missing}`;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The conditions of the first marked statement that has some, in words and as JSON. */
export function conditionOf(
  content: string | null | undefined,
  marked: ReadonlySet<number> | undefined,
): { readonly words: string; readonly json: string } | undefined {
  if (!content || marked === undefined) return undefined;
  let statements: unknown[];
  try {
    statements = [JSON.parse(content)?.Statement].flat();
  } catch {
    return undefined;
  }
  for (const index of marked) {
    const statement = statements[index];
    if (!isObject(statement) || !isObject(statement['Condition'])) continue;
    const { Condition: condition } = statement;
    return { words: conditionWords(condition), json: JSON.stringify(condition, undefined, 2) };
  }
  return undefined;
}
