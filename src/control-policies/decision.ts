import type { PolicyBindings } from './binding.ts';
import type { Decision, LevelDecision, LevelEvaluation, StatementMatch } from './level.ts';
import { type Issue, isUnknown } from './truth.ts';

/** The statement or level that denies a request. */
export type DenialReason =
  | {
      readonly reason: 'EXPLICIT_DENY';
      /** Id of the root, organizational unit or account to which the policy is attached. */
      readonly level: string;
      readonly policy: string;
      readonly sid: string | null;
    }
  | { readonly reason: 'NO_ALLOW'; readonly level: string; readonly policy: null; readonly sid: null };

/** A part of a policy that the evaluator cannot interpret. */
export interface UnresolvedIssue extends Issue {
  readonly level: string;
  readonly policy: string;
  readonly sid: string | null;
}

export interface ControlPolicyDecision {
  readonly decision: Decision;
  /** For DENIED, if exactly one statement or level denies. `levels` has all of them. */
  readonly because?: DenialReason;
  /** For DEPENDS: the unknown condition keys that can change the decision, sorted. */
  readonly missingContextKeys?: readonly string[];
  /** For DEPENDS: what the evaluator cannot interpret and can change the decision, if there is any. */
  readonly unresolved?: readonly UnresolvedIssue[];
  /** Whether SCPs and RCPs restrict the request. */
  readonly bindings: PolicyBindings;
  /** From the root down, for the types that restrict the request: SCPs of the principal, then RCPs of the owner. */
  readonly levels: readonly LevelDecision[];
}

/** Combines the levels: a Deny anywhere denies, and each level of SCPs needs an Allow. */
export function decide(levels: readonly LevelEvaluation[], bindings: PolicyBindings): ControlPolicyDecision {
  const shared = { bindings, levels: levels.map(({ decision }) => decision) };
  const denies = levels.flatMap(({ certainDenies, level }) => certainDenies.map((match) => ({ level, match })));
  const [deny] = denies;
  if (deny !== undefined) {
    const { policy, sid } = deny.match;
    const because = { reason: 'EXPLICIT_DENY' as const, level: deny.level, policy, sid };
    return { decision: 'DENIED', ...(denies.length === 1 && { because }), ...shared };
  }
  const omitting = levels.filter(({ allows }) => allows === false);
  const [omittingLevel] = omitting;
  if (omittingLevel !== undefined) {
    const because = { reason: 'NO_ALLOW' as const, level: omittingLevel.level, policy: null, sid: null };
    return { decision: 'DENIED', ...(omitting.length === 1 && { because }), ...shared };
  }
  const unknown = levels.flatMap(({ unknownStatements, level }) =>
    unknownStatements.map((match) => ({ level, match })),
  );
  if (unknown.length === 0) return { decision: 'ALLOWED', ...shared };
  const unresolved = unknown.flatMap(({ level, match }) => issuesOf(level, match));
  return {
    decision: 'DEPENDS',
    missingContextKeys: uniqueKeys(unknown.map(({ match }) => match)),
    ...(unresolved.length > 0 && { unresolved }),
    ...shared,
  };
}

function issuesOf(level: string, { policy, sid, truth }: StatementMatch): readonly UnresolvedIssue[] {
  return isUnknown(truth) ? truth.issues.map((issue) => ({ level, policy, sid, ...issue })) : [];
}

/** Keys ignore case: of several spellings, the first in the alphabet stands for all. */
function uniqueKeys(matches: readonly StatementMatch[]): readonly string[] {
  const keys = new Map<string, string>();
  for (const { truth } of matches) {
    for (const key of isUnknown(truth) ? truth.missingKeys : []) {
      const known = keys.get(key.toLowerCase());
      if (known === undefined || key < known) keys.set(key.toLowerCase(), key);
    }
  }
  return [...keys].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, key]) => key);
}
