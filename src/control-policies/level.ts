import type { ControlPolicyType } from './check-control-policy.ts';
import type { CompiledStatement, StatementRequest } from './compile-policy.ts';
import type { PreparedNode, PreparedPolicy } from './organization.ts';
import { isUnknown, type Truth } from './truth.ts';

export type Decision = 'ALLOWED' | 'DENIED' | 'DEPENDS';

/** A statement that matches the request, or may match it. */
export interface MatchedStatement {
  readonly policy: string;
  /** Its place in the list of the document's statements; 0 for a single one. */
  readonly index: number;
  readonly sid: string | null;
  /** Null if the statement's Effect is not Allow or Deny. */
  readonly effect: 'Allow' | 'Deny' | null;
  readonly matches: 'YES' | 'UNKNOWN';
}

/** What the policies of a type at a root, organizational unit or account say. */
export interface LevelDecision {
  readonly level: string;
  readonly type: ControlPolicyType;
  readonly decision: Decision;
  readonly statements: readonly MatchedStatement[];
}

/** A statement that matches a request, or may match it. */
export interface StatementMatch {
  readonly policy: string;
  readonly index: number;
  readonly sid: string | null;
  readonly effect: CompiledStatement['effect'];
  readonly truth: Truth;
}

/** The policies of one type at one root, organizational unit or account, compared with a request. */
export interface LevelEvaluation {
  readonly level: string;
  readonly certainDenies: readonly StatementMatch[];
  /** Whether an Allow matches; `undefined` if it depends. Always true for RCPs, as AWS attaches RCPFullAWSAccess. */
  readonly allows: boolean | undefined;
  /** Unknown Deny statements, and unknown Allow statements if no other Allow matches. */
  readonly unknownStatements: readonly StatementMatch[];
  readonly decision: LevelDecision;
}

/** Returns the statements of a policy that match, or may match. */
export function matchStatements(policy: PreparedPolicy, request: StatementRequest): readonly StatementMatch[] {
  return findMatches(policy, (statement) => statement.matches(request));
}

/** @param compare says whether a statement matches */
export function findMatches(
  { name, statements }: PreparedPolicy,
  compare: (statement: CompiledStatement) => Truth,
): readonly StatementMatch[] {
  return statements.flatMap((statement) => {
    const truth = compare(statement);
    const { index, sid, effect } = statement;
    return truth === false ? [] : [{ policy: name, index, sid, effect, truth }];
  });
}

/** @param match returns the statements of a policy that match, or may match */
export function evaluateLevel(
  { id: level, policies }: PreparedNode,
  type: ControlPolicyType,
  match: (policy: PreparedPolicy) => readonly StatementMatch[],
): LevelEvaluation {
  const needsAllow = type === 'SERVICE_CONTROL_POLICY';
  const matches = policies.filter((policy) => policy.type === type).flatMap(match);
  const relevant = needsAllow ? matches : matches.filter(({ effect }) => effect !== 'Allow');
  const certainDenies = relevant.filter(({ effect, truth }) => effect === 'Deny' && truth === true);
  const isCertain = !needsAllow || relevant.some(({ effect, truth }) => effect === 'Allow' && truth === true);
  const mayAllow = relevant.some(({ effect, truth }) => effect !== 'Deny' && isUnknown(truth));
  const unknownStatements = relevant.filter(
    ({ effect, truth }) => isUnknown(truth) && (effect !== 'Allow' || !isCertain),
  );
  const allows = isCertain || (mayAllow ? undefined : false);
  const denied = certainDenies.length > 0 || allows === false;
  return {
    level,
    certainDenies,
    allows,
    unknownStatements,
    decision: {
      level,
      type,
      decision: denied ? 'DENIED' : unknownStatements.length > 0 ? 'DEPENDS' : 'ALLOWED',
      statements: matches.map(({ policy, index, sid, effect = null, truth }) => ({
        policy,
        index,
        sid,
        effect,
        matches: truth === true ? 'YES' : 'UNKNOWN',
      })),
    },
  };
}
