import { counted } from '../../data/text.ts';
import type { ControlPolicyDecisionQuery } from './policies.generated.ts';

export type Decision = NonNullable<ControlPolicyDecisionQuery['account']>['controlPolicyDecision'];
export type DecisionLevel = Decision['levels'][number];

/** The answer to "Can [account] do [action]?". */
export interface Answer {
  readonly tone: 'green' | 'red' | 'amber';
  readonly sentence: string;
  /** Policies of which a statement decides, or may decide, with the statements' places. */
  readonly deciding: ReadonlyMap<string, ReadonlySet<number>>;
}

export function answerOf(decision: Decision): Answer {
  const { decision: outcome } = decision;
  if (outcome === 'ALLOWED') return { tone: 'green', sentence: allowedSentence(decision), deciding: new Map() };
  if (outcome === 'DENIED') {
    return { tone: 'red', sentence: deniedSentence(decision), deciding: statementsOf(decision, 'MATCHES', 'DENIED') };
  }
  return { tone: 'amber', sentence: dependsSentence(decision), deciding: statementsOf(decision, 'DEPENDS', 'DEPENDS') };
}

const EXEMPT: Readonly<Record<string, string>> = {
  MANAGEMENT_ACCOUNT: 'Control policies never limit the management account.',
  TYPE_NOT_ENABLED: 'Service control policies are not enabled.',
};

function allowedSentence({ serviceControlPolicies }: Decision): string {
  return `Yes. ${EXEMPT[serviceControlPolicies] ?? 'Every level allows it, and none denies it.'}`;
}

function deniedSentence({ because, levels }: Decision): string {
  if (because?.reason === 'NO_ALLOW') return `No. Nothing at ${because.target.name} allows it.`;
  if (because?.policy) return `No. “${because.policy.name}” denies it at ${because.target.name}.`;
  const denied = levels.filter(({ outcome }) => outcome === 'DENIED');
  const parts = denied.map((level) => {
    const names = [...new Set(denyingOf(level, 'MATCHES').map(({ policy }) => `“${policy.name}”`))];
    if (names.length === 0) return `nothing at ${level.target.name} allows it`;
    return `${names.join(' and ')} ${names.length === 1 ? 'denies' : 'deny'} it at ${level.target.name}`;
  });
  const sentence = parts.join(', and ');
  return `No. ${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}

function dependsSentence({ missingContextKeys, unresolved }: Decision): string {
  if (missingContextKeys.length > 0) return `It depends on ${missingContextKeys.join(' and ')}.`;
  return `It depends on ${counted(unresolved.length, 'part')} of policies that orgql cannot interpret.`;
}

type Match = DecisionLevel['statements'][number]['match'];

const denyingOf = ({ statements }: DecisionLevel, match: Match) =>
  statements.filter((statement) => statement.effect === 'Deny' && statement.match === match);

function statementsOf(
  { levels }: Decision,
  match: Match,
  outcome: DecisionLevel['outcome'],
): ReadonlyMap<string, ReadonlySet<number>> {
  const found = new Map<string, Set<number>>();
  for (const level of levels.filter((each) => each.outcome === outcome)) {
    const denying = denyingOf(level, match);
    // A level may depend on what it allows.
    const chosen =
      denying.length > 0 ? denying : level.statements.filter((each) => each.match === match && match === 'DEPENDS');
    for (const { policy, statementIndex } of chosen) {
      const indexes = found.get(policy.id) ?? new Set();
      found.set(policy.id, indexes.add(statementIndex));
    }
  }
  return found;
}

export type LevelVerdict = 'allowed' | 'denied' | 'nothing' | 'depends' | 'after';

/** What each level says. Below the level that denies, nothing can change the answer. */
export function verdictsOf(levels: readonly DecisionLevel[]): readonly LevelVerdict[] {
  let isDecided = false;
  return levels.map((level) => {
    if (isDecided && level.outcome !== 'DENIED') return 'after';
    if (level.outcome === 'ALLOWED') return 'allowed';
    if (level.outcome === 'DEPENDS') return 'depends';
    isDecided = true;
    return denyingOf(level, 'MATCHES').length > 0 ? 'denied' : 'nothing';
  });
}
