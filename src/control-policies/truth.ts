import type { Problem } from './json.ts';

/** Reasons why the evaluator cannot settle a part of a policy, other than an unknown context key. */
export type IssueReason =
  /** A condition operator that IAM does not have. */
  | 'UNKNOWN_OPERATOR'
  /** An element that the policy type does not have, such as Principal in an SCP. */
  | 'UNKNOWN_ELEMENT'
  /** An element that is missing or has another form than the policy language requires. */
  | 'INVALID_ELEMENT'
  /** A value that its operator cannot compare, such as text for NumericEquals. */
  | 'INVALID_VALUE'
  /** AWS's pages do not say what applies, or contradict each other. */
  | 'UNDOCUMENTED_RULE';

export interface Issue {
  readonly reason: IssueReason;
  /** Where in the document, e.g. `Statement[0].Condition.StringIs`; empty for the whole document. */
  readonly path: string;
  /** One sentence without a full stop. */
  readonly message: string;
}

export function toIssue({ path, expected, unevaluable = 'INVALID_ELEMENT' }: Problem): Issue {
  return { reason: unevaluable, path, message: expected };
}

/** A part of a policy that may match or not: it depends on context keys, or the evaluator cannot interpret it. */
export interface Unknown {
  /** Context keys that the request does not list, as the policy spells them. May contain a key several times. */
  readonly missingKeys: readonly string[];
  readonly issues: readonly Issue[];
}

/** Three-valued truth. */
export type Truth = boolean | Unknown;

export function isUnknown(truth: Truth): truth is Unknown {
  return typeof truth === 'object';
}

export function unknownBecause(...issues: readonly Issue[]): Unknown {
  return { missingKeys: [], issues };
}

export function unknownKeys(missingKeys: readonly string[]): Unknown {
  return { missingKeys, issues: [] };
}

export function not(truth: Truth): Truth {
  return isUnknown(truth) ? truth : !truth;
}

/** False as soon as one part is false. Otherwise unknown if a part is unknown, for the reasons of the unknown parts. */
export function allOf<Part>(parts: readonly Part[], evaluate: (part: Part) => Truth): Truth {
  return combine(parts, evaluate, false);
}

/** True as soon as one part is true. Otherwise unknown if a part is unknown, for the reasons of the unknown parts. */
export function anyOf<Part>(parts: readonly Part[], evaluate: (part: Part) => Truth): Truth {
  return combine(parts, evaluate, true);
}

function combine<Part>(parts: readonly Part[], evaluate: (part: Part) => Truth, decisive: boolean): Truth {
  let unknown: Unknown[] | undefined;
  for (const part of parts) {
    const truth = evaluate(part);
    if (truth === decisive) return decisive;
    if (isUnknown(truth)) {
      unknown ??= [];
      unknown.push(truth);
    }
  }
  return unknown === undefined ? !decisive : mergeUnknown(unknown);
}

export function mergeUnknown(parts: readonly Unknown[]): Unknown {
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return first;
  return {
    missingKeys: parts.flatMap(({ missingKeys }) => missingKeys),
    issues: parts.flatMap(({ issues }) => issues),
  };
}
