import { type OperationName, operations } from '../../src/simulator/model/operations.ts';
import type { OperationRecord, Results } from './recorder.ts';

export interface Run {
  /** Name and version. */
  readonly client: string;
  readonly results: Results;
}

export const operationNames = Object.keys(operations).filter((name): name is OperationName => name in operations);

/** Formats a Markdown row per operation with each client's result. */
export function compatTable(runs: readonly Run[]): string {
  const header = `| operation | ${runs.map(({ client }) => client).join(' | ')} |`;
  const line = `|---|${runs.map(() => '---|').join('')}`;
  const rows = operationNames.map(
    (name) => `| ${name} | ${runs.map((run) => cell(run.results.get(name))).join(' | ')} |`,
  );
  return [summary(runs), '', header, line, ...rows].join('\n');
}

/** Returns one line per failure of an operation that a client has. */
export function faultsOf({ client, results }: Run): readonly string[] {
  return operationNames.flatMap((name) => {
    const record = results.get(name);
    if (!record) return [`${client}: ${name} was not called`];
    return record.faults.map((fault) => `${client}: ${name}: ${fault}`);
  });
}

function summary(runs: readonly Run[]): string {
  const parts = runs.map(({ client, results }) => {
    const known = operationNames.filter((name) => results.get(name)?.isKnown);
    const right = known.filter((name) => results.get(name)?.faults.length === 0);
    const all = operationNames.length;
    return `${client} knows ${known.length} of the ${all} operations, and ${right.length} of them are right`;
  });
  return `${parts.join('; ')}.`;
}

function cell(record: OperationRecord | undefined): string {
  if (!record) return 'not called';
  if (!record.isKnown) return 'not known';
  if (record.faults.length > 0) return `**wrong**: ${record.faults.join('; ').replaceAll('|', '\\|')}`;
  const exceptions = [...record.exceptions].map((name) => name.replace(/Exception$/, '')).join(', ');
  if (record.succeeded === 0) return `exception: ${exceptions}`;
  return exceptions === '' ? 'ok' : `ok; exception: ${exceptions}`;
}
