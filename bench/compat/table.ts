import { type OperationName, operations } from '../../src/simulator/model/operations.ts';
import type { OperationRecord, Results } from './recorder.ts';

export interface Run {
  /** With its version. */
  readonly client: string;
  readonly results: Results;
}

export const operationNames = Object.keys(operations).filter((name): name is OperationName => name in operations);

/** A row for each operation, in Markdown: what each client did with it. */
export function compatTable(runs: readonly Run[]): string {
  const header = `| operation | ${runs.map(({ client }) => client).join(' | ')} |`;
  const line = `|---|${runs.map(() => '---|').join('')}`;
  const rows = operationNames.map(
    (name) => `| ${name} | ${runs.map((run) => cell(run.results.get(name))).join(' | ')} |`,
  );
  return [summary(runs), '', header, line, ...rows].join('\n');
}

/** What went wrong, one line each; empty when every operation that a client knows was right. */
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
