import { isDeepStrictEqual } from 'node:util';
import type { Comparison } from './comparisons.ts';
import type { BenchQuery } from './queries.ts';
import { atMost, note, printTable, type Row } from './row.ts';
import { medianOf } from './statistics.ts';
import { fromCopy, type Gateway, post } from './subject.ts';

export interface AnswerOptions {
  readonly queries: readonly BenchQuery[];
  readonly rounds: number;
  /** Whether to measure the answers that AWS's lists give, too. */
  readonly isLive: boolean;
}

/** Answers that take longer are repeated fewer times, in ms. */
const LONG_MS = 50;

interface Measured extends Comparison {
  readonly query: BenchQuery;
  readonly nodes: number;
  readonly copyMs: number;
  readonly plainMs: number;
  readonly live: string;
}

/** Compares answers of the copy with those of the same executor over plain arrays, of SQLite and of AWS. */
export async function measureAnswers(gateway: Gateway, options: AnswerOptions): Promise<readonly Row[]> {
  const plainUrl = String(await gateway.part.ask('startPlain'));
  const measured: Measured[] = [];
  for (const query of options.queries) {
    note(query.title);
    measured.push(await measureAnswer(gateway, plainUrl, query, options));
  }
  printTable(
    [
      'answer of the copy',
      'objects',
      'server, ms',
      'plain arrays, ms',
      'ratio',
      'SQLite, ms',
      'JSON.stringify, ms',
      'live',
    ],
    measured.map(({ query, nodes, copyMs, plainMs, sqliteMs, stringifyMs, live }) => [
      query.title,
      String(nodes),
      copyMs.toFixed(2),
      plainMs.toFixed(2),
      (copyMs / plainMs).toFixed(2),
      sqliteMs?.toFixed(2) ?? 'not installed',
      stringifyMs.toFixed(2),
      live,
    ]),
  );
  const ratios = measured.map(({ query, copyMs, plainMs }) => ({ title: query.title, ratio: copyMs / plainMs }));
  const [tree] = ratios;
  const worst = ratios.slice(1).toSorted((a, b) => b.ratio - a.ratio)[0];
  return [
    atMost('answer, whole tree with policies: server time ÷ plain arrays', tree?.ratio ?? Number.NaN, 2, ''),
    atMost(
      'answer, the slowest of the others: server time ÷ plain arrays',
      worst?.ratio ?? Number.NaN,
      2,
      '',
      2,
      ` (${worst?.title})`,
    ),
  ];
}

async function measureAnswer(
  gateway: Gateway,
  plainUrl: string,
  query: BenchQuery,
  { rounds, isLive }: AnswerOptions,
): Promise<Measured> {
  const { document } = query;
  const own = () => gateway.query(document);
  const plain = () => post(plainUrl, document, fromCopy);
  const [answer, expected] = [await own(), await plain()];
  if (!isDeepStrictEqual(answer.data, expected.data))
    throw new Error(`${query.title}: the copy's answer is not that of the plain arrays.`);
  if (answer.calls > 0) throw new Error(`${query.title}: the copy's answer took ${answer.calls} calls to AWS.`);
  const count = answer.ms > LONG_MS ? Math.ceil(rounds / 5) : rounds;
  const times = { own: [] as number[], plain: [] as number[] };
  for (const isWarm of [false, true]) {
    for (let round = 0; round < count; round += 1) {
      await gateway.serverMs();
      await own();
      const ownMs = await gateway.serverMs();
      await plain();
      const plainMs = await gateway.serverMs();
      if (isWarm) times.own.push(...ownMs);
      if (isWarm) times.plain.push(...plainMs);
    }
  }
  const comparison = (await gateway.part.ask('compare', { query, body: answer.text, rounds: count })) as Comparison;
  return {
    ...comparison,
    query,
    nodes: answer.text.split('"id":').length - 1,
    copyMs: medianOf(times.own),
    plainMs: medianOf(times.plain),
    live: isLive ? await measureLive(gateway, query) : '',
  };
}

/** What the same query takes without the copy, once. */
async function measureLive(gateway: Gateway, { document, isLive }: BenchQuery): Promise<string> {
  if (!isLive) return 'refused';
  const { ms, calls } = await gateway.query(document, { orgql: { noCache: true } });
  return `${(ms / 1000).toFixed(1)} s, ${calls} calls`;
}
