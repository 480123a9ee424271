import { errorReasons } from '../../../src/simulator/model/errors.ts';
import { type OperationModel, operations } from '../../../src/simulator/model/operations.ts';
import { errorCases } from './cases.ts';
import { notProvoked, reasonsNotProvoked } from './not-provoked.ts';

const short = (name: string) => name.replace(/Exception$/, '');

/** Declared exceptions and reasons that have neither a case nor an explanation. */
export function findUnexplained(): string[] {
  const exceptions = Object.entries(operations).flatMap(([operation, { errors }]: [string, OperationModel]) =>
    errors.filter((error) => casesOf(operation, error).length === 0).map((error) => `${operation} ${error}`),
  );
  const reasons = Object.entries(errorReasons).flatMap(([error, all]) =>
    all
      .filter((reason) => !errorCases.some((one) => one.reason === reason && one.error === error))
      .map((reason) => `${error} ${reason}`),
  );
  const known = [...Object.keys(notProvoked), ...Object.keys(reasonsNotProvoked)];
  const open = [...exceptions, ...reasons];
  return [...open.filter((one) => !known.includes(one)), ...known.filter((one) => !open.includes(one))];
}

/** Returns the table of docs/simulator.md. */
export function formatErrorTable(): string {
  const rows = Object.entries(operations).map(([operation, { errors }]: [string, OperationModel]) => {
    const byRule = errors.filter((error) => casesOf(operation, error, 'rule').length > 0);
    const byFault = errors.filter((error) => !byRule.includes(error) && casesOf(operation, error).length > 0);
    const none = errors.filter((error) => casesOf(operation, error).length === 0);
    const explained = none.map((error) => `${short(error)}: ${notProvoked[`${operation} ${error}`]}`);
    return `| ${operation} | ${byRule.map((error) => withReasons(operation, error)).join(', ')} | ${byFault.map(short).join(', ')} | ${explained.join('; ')} |`;
  });
  const reasons = Object.entries(reasonsNotProvoked).map(([key, why]) => {
    const [error = '', reason] = key.split(' ');
    return `| ${short(error)} | ${reason} | ${why} |`;
  });
  return [
    `${errorCases.length} cases; names without their ending "Exception".`,
    '',
    '| operation | provoked by the rules, with reasons | by failure rules only | not provoked |',
    '|---|---|---|---|',
    ...rows,
    '',
    'Reasons that no rule of the simulator leads to:',
    '',
    '| exception | reason | why |',
    '|---|---|---|',
    ...reasons,
  ].join('\n');
}

function casesOf(operation: string, error: string, by?: 'rule') {
  return errorCases.filter(
    (one) => one.operation === operation && one.error === error && (by === undefined || one.by === by),
  );
}

function withReasons(operation: string, error: string): string {
  const reasons = new Set(casesOf(operation, error, 'rule').flatMap(({ reason }) => reason ?? []));
  return reasons.size === 0 ? short(error) : `${short(error)} (${[...reasons].sort().join(', ')})`;
}
