import { type ControlPolicyType, checkControlStatement } from './check-control-policy.ts';
import { compileCondition } from './evaluate-condition.ts';
import { isJsonArray, type JsonObject, type Problem, parseJsonObject } from './json.ts';
import { compileAction } from './match-action.ts';
import { compileResourcePattern } from './match-resource.ts';
import { parsePolicyDocument, parseStringList, type Statement } from './policy-document.ts';
import type { RequestContext } from './request-context.ts';
import { allOf, anyOf, not, type Truth, toIssue, unknownBecause } from './truth.ts';

/** What statements are compared with. */
export interface StatementRequest {
  /** `service:Name` in lower case. */
  readonly action: string;
  readonly resource: string | undefined;
  readonly context: RequestContext;
}

export interface CompiledStatement {
  /** Its place in the list of the document's statements. */
  readonly index: number;
  /** Null if the statement has no Sid. */
  readonly sid: string | null;
  /** Undefined if it is not Allow or Deny. */
  readonly effect: 'Allow' | 'Deny' | undefined;
  matches(request: StatementRequest): Truth;
}

type StatementPart = (request: StatementRequest) => Truth;

/**
 * Compiles an SCP or RCP. Problems that change what a statement matches make it unknown instead of being skipped, in a
 * statement that does not match otherwise too. A document without readable statements has one unknown statement.
 *
 * @param document the policy's content: JSON text, or the parsed object
 */
export function compilePolicy(type: ControlPolicyType, document: JsonObject | string): readonly CompiledStatement[] {
  const parsed = typeof document === 'string' ? parseJsonObject(document) : { ok: true as const, value: document };
  if (!parsed.ok) return [unreadable([{ ...parsed.problem, unevaluable: 'INVALID_ELEMENT' }])];
  const { statements, problems, unreadableStatements } = parsePolicyDocument(parsed.value);
  const hasVariables = parsed.value['Version'] === '2012-10-17';
  const shared = problems.filter((problem) => !unreadableStatements.includes(problem));
  return [
    ...statements.map((statement) =>
      compileStatement(statement, hasVariables, [...shared, ...checkControlStatement(type, statement)]),
    ),
    ...(unreadableStatements.length > 0 ? [unreadable(unreadableStatements)] : []),
  ];
}

function unreadable(problems: readonly Problem[]): CompiledStatement {
  const unknown = unknownBecause(...problems.map(toIssue));
  return { index: indexOf(problems), sid: null, effect: undefined, matches: () => unknown };
}

/** The place of the first of these entries that are no statements. */
function indexOf([first]: readonly Problem[]): number {
  return Number(/^Statement\[(\d+)\]/.exec(first?.path ?? '')?.[1] ?? 0);
}

function compileStatement(
  { path, index, elements }: Statement,
  hasVariables: boolean,
  problems: readonly Problem[],
): CompiledStatement {
  const { Sid: sid, Effect: effect, Condition: condition } = elements;
  const blocking = problems.filter(({ unevaluable }) => unevaluable !== undefined);
  const unknown = blocking.length > 0 ? unknownBecause(...blocking.map(toIssue)) : undefined;
  const conditions = compileCondition(condition, { path: `${path}.Condition`, hasVariables });
  const parts: readonly StatementPart[] = [
    ...compileActions(path, elements),
    ...compileResources(path, elements, hasVariables),
    ...conditions.map(
      (test): StatementPart =>
        (request) =>
          test(request.context),
    ),
    ...(unknown === undefined ? [] : [() => unknown]),
  ];
  return {
    index,
    sid: typeof sid === 'string' && sid !== '' ? sid : null,
    effect: effect === 'Allow' || effect === 'Deny' ? effect : undefined,
    matches: (request) => allOf(parts, (part) => part(request)),
  };
}

function compileActions(path: string, elements: JsonObject): readonly StatementPart[] {
  const part = (name: string): StatementPart | undefined => {
    const tests = patterns(path, elements, name)?.map((pattern) => compileAction(pattern.text, pattern.path));
    return tests && (({ action }) => anyOf(tests, (test) => test(action)));
  };
  return withNegation(part('Action'), part('NotAction'));
}

function compileResources(path: string, elements: JsonObject, hasVariables: boolean): readonly StatementPart[] {
  const part = (name: string): StatementPart | undefined => {
    const tests = patterns(path, elements, name)?.map((pattern) =>
      compileResourcePattern(pattern.text, pattern.path, hasVariables),
    );
    return tests && (({ resource, context }) => anyOf(tests, (test) => test(resource, context)));
  };
  return withNegation(part('Resource'), part('NotResource'));
}

function withNegation(positive?: StatementPart, negative?: StatementPart): readonly StatementPart[] {
  const negated: StatementPart | undefined = negative && ((request) => not(negative(request)));
  return [positive, negated].filter((part) => part !== undefined);
}

function patterns(path: string, elements: JsonObject, name: string): { text: string; path: string }[] | undefined {
  const value = elements[name];
  return parseStringList(value)?.map((text, index) => ({
    text,
    path: isJsonArray(value) ? `${path}.${name}[${index}]` : `${path}.${name}`,
  }));
}
