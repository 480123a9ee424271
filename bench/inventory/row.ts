/** One line of the result. */
export interface Row {
  readonly title: string;
  readonly value: string;
  /** Empty if it has none. */
  readonly goal: string;
  readonly isMet: boolean;
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);

export const printTable = (header: readonly string[], lines: readonly (readonly string[])[]): void => {
  print(`| ${header.join(' | ')} |`);
  print(`|${'---|'.repeat(header.length)}`);
  for (const line of lines) print(`| ${line.join(' | ')} |`);
  print('');
};

export const printRows = (rows: readonly Row[]): void =>
  printTable(
    ['measured', 'value', 'goal', ''],
    rows.map(({ title, value, goal, isMet }) => [title, value, goal, goal === '' ? '' : isMet ? 'met' : '**missed**']),
  );

/** Reports the progress, as the bench takes minutes. */
export const note = (text: string): void => void process.stderr.write(`${text}\n`);

/** A row whose value may be at most a number. */
export const atMost = (title: string, value: number, limit: number, unit: string, digits = 2, remark = ''): Row => ({
  title,
  value: `${value.toFixed(digits)}${unit}${remark}`,
  goal: `at most ${limit}${unit}`,
  isMet: value <= limit,
});
