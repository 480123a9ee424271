import { cpus } from 'node:os';
import { type Contender, orgql } from './contender.ts';
import type { Measurement } from './measure.ts';
import type { Options } from './options.ts';
import type { Results } from './results.ts';
import type { Row } from './rows.ts';

/** Share of a core from which on the load is the bottleneck. */
export const LOAD_BOUND = 0.95;

export function heading({ rounds, seconds, connections }: Options): string {
  const [cpu] = cpus();
  return [
    `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${cpus().length} cores, ${cpu?.model.trim()}`,
    `${connections} connections, ${rounds} rounds of ${seconds} s, medians`,
  ].join('\n');
}

/** Formats a row as a Markdown table. */
export function table(row: Row, others: readonly Contender[], results: Results): string {
  const line = (
    title: string,
    of: (figure: keyof Measurement) => number,
    ratio: (figure: keyof Measurement) => string,
  ) => {
    const bound = of('loadShare') >= LOAD_BOUND ? ' *' : '';
    const cells = [
      ...[`${Math.round(of('perSecond'))}${bound}`, ratio('perSecond')],
      ...[ms(of('p50')), ms(of('p99')), ratio('p99')],
      ...[of('cpuPerRequest').toFixed(1), ratio('cpuPerRequest')],
    ];
    return `| ${title} | ${cells.join(' | ')} |`;
  };
  const lines = [
    line(
      orgql.title,
      (figure) => results.ownMedian(row.name, figure),
      () => '',
    ),
    ...measured(row, others, results).map(({ name, title }) =>
      line(
        title,
        (figure) => results.median(row.name, name, figure),
        (figure) => results.ratio(row.name, name, figure).toFixed(2),
      ),
    ),
  ];
  return [
    `### ${row.title}`,
    '',
    '| server | requests/s | orgql ÷ it | p50, ms | p99, ms | orgql ÷ it | CPU, µs/request | orgql ÷ it |',
    '|---|--:|--:|--:|--:|--:|--:|--:|',
    ...lines,
    ...(lines.some((text) => text.includes(' *'))
      ? ['', '\\* The load was at its limit, not the server: see the CPU.']
      : []),
    '',
  ].join('\n');
}

const measured = (row: Row, others: readonly Contender[], results: Results) =>
  others.filter(({ name }) => results.has(row.name, name));

const ms = (value: number) => (value < 10 ? value.toFixed(2) : value.toFixed(1));

/** Formats an overview: the ratio of orgql's requests per second to each other server's, for all rows. */
export function summary(rows: readonly Row[], others: readonly Contender[], results: Results): string {
  const servers = others.filter(({ kind }) => kind !== 'orgql');
  const cell = (row: Row, { name }: Contender) =>
    results.has(row.name, name) ? results.ratio(row.name, name, 'perSecond').toFixed(2) : '';
  return [
    `| requests/s of orgql ÷ those of | ${rows.map(({ short }) => short).join(' | ')} |`,
    `|---|${rows.map(() => '--:').join('|')}|`,
    ...servers.map((other) => `| ${other.title} | ${rows.map((row) => cell(row, other)).join(' | ')} |`),
    '',
  ].join('\n');
}
