import type { RequestContext } from './request-context.ts';
import { type Issue, isUnknown, mergeUnknown, type Truth, type Unknown, unknownBecause, unknownKeys } from './truth.ts';
import { literalPattern, type Pattern, parsePattern } from './wildcards.ts';

/** A part of a text: as written, a plain character (`${*}`), or a variable with an optional default. */
type TemplatePart =
  | { readonly text: string }
  | { readonly character: string }
  | { readonly key: string; readonly defaultValue: string | undefined };

export interface Template {
  readonly parts: readonly TemplatePart[];
  readonly hasVariables: boolean;
  /** Whether a `${` begins no valid variable. */
  readonly isMalformed: boolean;
}

// Stops at the next brace, so that a text with many `${` is read in linear time.
const variable = /\$\{(?:([*?$])|([^'{},]*[^'{},\s])\s*(?:,\s*'([^']*)'\s*)?)\}/y;

/**
 * Parses policy variables: `${aws:username}`, `${aws:PrincipalTag/team, 'none'}`, `${*}`.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 *
 * @param isEnabled false in documents of Version 2008-10-17, in which `${` is plain text
 */
export function parseTemplate(text: string, isEnabled: boolean): Template {
  const parts: TemplatePart[] = [];
  let isMalformed = false;
  let start = 0;
  for (let at = isEnabled ? text.indexOf('${') : -1; at >= 0; at = text.indexOf('${', start)) {
    if (at > start) parts.push({ text: text.slice(start, at) });
    variable.lastIndex = at;
    const match = variable.exec(text);
    const [whole = '${', character, key, defaultValue] = match ?? [];
    if (character !== undefined) parts.push({ character });
    else if (key !== undefined) parts.push({ key, defaultValue });
    else {
      isMalformed = true;
      parts.push({ text: whole });
    }
    start = at + whole.length;
  }
  if (start < text.length) parts.push({ text: text.slice(start) });
  return { parts, hasVariables: parts.some((part) => 'key' in part), isMalformed };
}

export function malformedTemplate(path: string): Issue {
  return { reason: 'INVALID_VALUE', path, message: 'the text has a ${ that begins no policy variable' };
}

/** Options of {@link compileTemplate}. */
export interface TemplateUse {
  /** Where in the document, for issues. */
  readonly path: string;
  /** Whether `*` and `?` are wildcards. */
  readonly hasWildcards: boolean;
  readonly ignoresCase: boolean;
}

/**
 * Compiles a text with policy variables. The result is evaluated per request and value: false if a variable has
 * neither a value nor a default, unknown if a variable's key is unknown.
 *
 * @param compile compiles the text's pattern; once, unless the text has variables
 */
export function compileTemplate(
  template: Template,
  use: TemplateUse,
  compile: (pattern: Pattern) => (actual: string) => Truth,
): (actual: string, context: RequestContext) => Truth {
  if (template.isMalformed) {
    const malformed = unknownBecause(malformedTemplate(use.path));
    return () => malformed;
  }
  const toActual = (text: string): string => (use.ignoresCase ? text.toLowerCase() : text);
  if (!template.hasVariables) {
    const test = compile(toPattern(template, new Map(), use, false));
    return (actual) => test(toActual(actual));
  }
  return (actual, context) => {
    const values = readVariables(template, use, context);
    if (values === undefined) return false;
    if ('missingKeys' in values) return values;
    const literal = compile(toPattern(template, values, use, false))(toActual(actual));
    if (!use.hasWildcards || ![...values.values()].some((value) => /[*?]/.test(value))) return literal;
    const asWildcards = compile(toPattern(template, values, use, true))(toActual(actual));
    const message = "a variable's value has a wildcard, and AWS does not say whether it is one in the pattern";
    return agreed(literal, asWildcards, { path: use.path, message });
  };
}

/** Returns the result of two readings of an undocumented rule if it is the same, otherwise unknown. */
export function agreed(one: Truth, other: Truth, { path, message }: { path: string; message: string }): Truth {
  if (one === other || isUnknown(one)) return one;
  return isUnknown(other) ? other : unknownBecause({ reason: 'UNDOCUMENTED_RULE', path, message });
}

/** Returns the unknown keys of a template's variables, if its value depends on them. */
export function missingVariables(template: Template, context: RequestContext): readonly string[] {
  const values = template.hasVariables
    ? readVariables(template, { path: '', hasWildcards: false, ignoresCase: false }, context)
    : undefined;
  return values !== undefined && 'missingKeys' in values ? values.missingKeys : [];
}

/** Returns the variables' values by key, or undefined if one has neither value nor default. */
function readVariables(
  template: Template,
  { path }: TemplateUse,
  context: RequestContext,
): ReadonlyMap<TemplatePart, string> | Unknown | undefined {
  const values = new Map<TemplatePart, string>();
  const unknown: Unknown[] = [];
  for (const part of template.parts) {
    if (!('key' in part)) continue;
    const actual = context.get(part.key);
    if (actual === undefined) {
      unknown.push(unknownKeys([part.key]));
    } else if (actual !== null && actual.length > 1) {
      const message = `the variable \${${part.key}} has several values, and AWS supports single-valued keys only`;
      unknown.push(unknownBecause({ reason: 'UNDOCUMENTED_RULE', path, message }));
    } else {
      const value = actual?.[0] ?? part.defaultValue;
      if (value === undefined) return undefined;
      values.set(part, value);
    }
  }
  return unknown.length > 0 ? mergeUnknown(unknown) : values;
}

function toPattern(
  { parts }: Template,
  values: ReadonlyMap<TemplatePart, string>,
  { hasWildcards, ignoresCase }: TemplateUse,
  valuesHaveWildcards: boolean,
): Pattern {
  const inCase = (text: string): string => (ignoresCase ? text.toLowerCase() : text);
  return parts.flatMap((part) => {
    if ('character' in part) return literalPattern(part.character);
    if ('key' in part) {
      const value = inCase(values.get(part) ?? '');
      return valuesHaveWildcards ? parsePattern(value) : literalPattern(value);
    }
    return hasWildcards ? parsePattern(inCase(part.text)) : literalPattern(inCase(part.text));
  });
}
