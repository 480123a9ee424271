import { checkCondition } from './iam-condition.ts';
import { type PlacedStatement, textList } from './iam-document.ts';
import { describeJson, type JsonValue } from './json.ts';
import type { Problem } from './problem.ts';

export interface StatementRules {
  /** Elements that a statement may have. */
  readonly elements: readonly string[];
  readonly effects: readonly string[];
  readonly sid: { readonly pattern: RegExp; readonly says: string };
}

/** Problems with what all statements have in common: known elements, Sid, Effect, Condition. */
export function checkStatementFrame({ path, statement }: PlacedStatement, rules: StatementRules): readonly Problem[] {
  const problems: Problem[] = Object.keys(statement)
    .filter((key) => !rules.elements.includes(key))
    .map((key) => ({
      path: `${path}.${key}`,
      expected: `expected ${rules.elements.join(', ')} as the elements of a statement`,
    }));
  const { Sid: sid, Effect: effect, Condition: condition } = statement;
  if (sid !== undefined && (typeof sid !== 'string' || !rules.sid.pattern.test(sid))) {
    problems.push({ path: `${path}.Sid`, expected: `expected ${rules.sid.says}, found ${describeJson(sid)}` });
  }
  if (typeof effect !== 'string' || !rules.effects.includes(effect)) {
    const effects = rules.effects.map((name) => `"${name}"`).join(' or ');
    problems.push({ path: `${path}.Effect`, expected: `expected ${effects}, found ${describeJson(effect)}` });
  }
  return condition === undefined ? problems : [...problems, ...checkCondition(`${path}.Condition`, condition)];
}

/**
 * Problems with a pair of which a statement has exactly one, such as Action and NotAction.
 * @param says what each text of the list must be, when `test` refuses it.
 */
export function checkEither(
  { path, statement }: PlacedStatement,
  names: readonly [string, ...string[]],
  test: (text: string) => boolean,
  says: string,
): readonly Problem[] {
  const present = names.filter((name) => statement[name] !== undefined);
  const [name] = present;
  if (name === undefined || present.length > 1) {
    return [{ path, expected: `expected ${names.join(' or ')}, found ${present.length > 1 ? 'both' : 'none'}` }];
  }
  const value: JsonValue | undefined = statement[name];
  const texts = textList(value);
  if (texts === undefined)
    return [{ path: `${path}.${name}`, expected: `expected ${says}, or a list of such, found ${describeJson(value)}` }];
  return texts
    .filter((text) => !test(text))
    .map((text) => ({ path: `${path}.${name}`, expected: `expected ${says}, found ${describeJson(text)}` }));
}
