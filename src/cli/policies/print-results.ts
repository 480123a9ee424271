import type { ControlPolicyDecision, LevelDecision, MatchedStatement } from '../../control-policies/index.ts';
import type { VectorResult } from './run-vectors.ts';

/** Formats the vectors that fail, each with what differs, and the numbers of both in the last line. */
export function formatResults(results: readonly VectorResult[]): string {
  const failed = results.filter(({ differences }) => differences.length > 0);
  return [
    ...failed.map(formatFailure),
    ...(failed.length > 0 ? ['- expected, + actual\n'] : []),
    `${results.length - failed.length} passed, ${failed.length} failed\n`,
  ].join('\n');
}

function formatFailure({ file, vector, result, differences }: VectorResult): string {
  return `FAIL ${file}: ${vector.name}\n${formatDifferences({ vector, result, differences })}`;
}

/** Formats the request, what differs, and the levels that lead to the decision. */
export function formatDifferences({
  vector: { request },
  result,
  differences,
}: Pick<VectorResult, 'vector' | 'result' | 'differences'>): string {
  const { account, action, resource, principal } = request;
  const caller = principal ? ` by ${[principal.kind ?? 'ROLE', principal.account].filter(Boolean).join(' ')}` : '';
  const lines = [
    `${action}${resource === undefined ? '' : ` on ${resource}`}, account ${account}${caller}`,
    ...differences.flatMap(({ member, expected, actual }) => [`  ${member}`, `    - ${expected}`, `    + ${actual}`]),
    ...(result ? formatLevels(result).map((line) => `  ${line}`) : []),
  ];
  return `${lines.map((line) => `  ${line}`).join('\n')}\n`;
}

const shortTypes = { SERVICE_CONTROL_POLICY: 'SCP', RESOURCE_CONTROL_POLICY: 'RCP' } as const;

/** Statements without a Sid are counted from 1. */
export function nameStatement({ policy, sid, index }: MatchedStatement): string {
  return `${sid === null ? `statement ${index + 1}` : `Sid ${sid}`} of ${policy}`;
}

/** RCPs deny only by statements, so that levels without any say nothing. */
function isTelling({ type, statements }: LevelDecision): boolean {
  return type === 'SERVICE_CONTROL_POLICY' || statements.some(({ effect }) => effect !== 'Allow');
}

/** Formats the levels from the root down, with the statements that match or may match. */
export function formatLevels(
  { levels, unresolved = [] }: ControlPolicyDecision,
  nameOf: (id: string) => string = (id) => id,
): string[] {
  return [
    ...levels.filter(isTelling).flatMap(({ level, type, decision, statements }) => [
      `${shortTypes[type]} ${nameOf(level)}: ${decision}`,
      ...statements.map((statement) => {
        const { effect, matches } = statement;
        return `  ${effect ?? 'No effect'} by ${nameStatement(statement)}${matches === 'UNKNOWN' ? ', perhaps' : ''}`;
      }),
      ...(statements.length === 0 ? ['  No statement matches'] : []),
    ]),
    ...unresolved.map(
      ({ level, policy, path, message }) => `Not evaluated: ${policy} at ${nameOf(level)}, ${path}: ${message}`,
    ),
  ];
}
