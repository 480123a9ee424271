import { cpus } from 'node:os';
import { type Contender, MERCURIUS_JIT, ORGQL } from './contender.ts';
import type { Options } from './options.ts';
import type { Results } from './results.ts';
import type { Row } from './rows.ts';

/** The share of a core from which on the load itself is what limits the requests. */
export const LOAD_BOUND = 0.95;

export function heading({ rounds, seconds, connections }: Options): string {
  const [cpu] = cpus();
  return [
    `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${cpus().length} cores, ${cpu?.model.trim()}`,
    `${connections} connections, ${rounds} rounds of ${seconds} s, medians`,
  ].join('\n');
}

/** One row as a Markdown table. */
export function table(row: Row, contenders: readonly Contender[], results: Results): string {
  const measured = contenders.filter(({ name }) => results.has(row.name, name));
  const peer = measured.some(({ name }) => name === MERCURIUS_JIT) ? MERCURIUS_JIT : undefined;
  const lines = measured.map(({ name, title }) => {
    const of = (figure: Parameters<Results['median']>[2]) => results.median(row.name, name, figure);
    const ratio = (figure: Parameters<Results['median']>[2]) =>
      peer === undefined ? '' : `${results.ratio(row.name, name, peer, figure).toFixed(2)}`;
    const bound = of('loadShare') >= LOAD_BOUND ? ' *' : '';
    return `| ${title} | ${Math.round(of('perSecond'))}${bound} | ${ratio('perSecond')} | ${ms(of('p50'))} | ${ms(of('p99'))} | ${of('cpuPerRequest').toFixed(1)} | ${ratio('cpuPerRequest')} |`;
  });
  return [
    `### ${row.title}`,
    '',
    '| server | requests/s | × Mercurius JIT | p50, ms | p99, ms | CPU, µs/request | × Mercurius JIT |',
    '|---|--:|--:|--:|--:|--:|--:|',
    ...lines,
    ...(lines.some((line) => line.includes(' *'))
      ? ['', '\\* The load was at its limit, not the server: see the CPU.']
      : []),
    '',
  ].join('\n');
}

const ms = (value: number) => (value < 10 ? value.toFixed(2) : value.toFixed(1));

/** All rows at a glance: how many times the requests per second of each other server orgql answers. */
export function summary(rows: readonly Row[], contenders: readonly Contender[], results: Results): string {
  const others = contenders.filter(({ name, kind }) => name !== ORGQL && kind !== 'orgql');
  const measured = rows.filter(({ name }) => results.has(name, ORGQL));
  const cell = (row: Row, { name }: Contender) =>
    results.has(row.name, name) ? results.ratio(row.name, ORGQL, name, 'perSecond').toFixed(2) : '';
  return [
    `| requests/s of orgql ÷ those of | ${measured.map(({ short }) => short).join(' | ')} |`,
    `|---|${measured.map(() => '--:').join('|')}|`,
    ...others.map((other) => `| ${other.title} | ${measured.map((row) => cell(row, other)).join(' | ')} |`),
    '',
  ].join('\n');
}
