import { parseArgs } from 'node:util';
import { type Contender, contenders, ORGQL } from './contender.ts';
import { type Row, rows } from './rows.ts';

export interface Options {
  readonly rounds: number;
  /** Duration of one measurement. */
  readonly seconds: number;
  readonly connections: number;
  readonly rows: readonly Row[];
  /** The contenders that orgql is compared with, one at a time. */
  readonly others: readonly Contender[];
}

/** Parses the options of `npm run bench`. Throws an error that names the invalid option. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '1' },
      connections: { type: 'string', default: '20' },
      rows: { type: 'string' },
      servers: { type: 'string' },
    },
  });
  const others = chosen('--servers', contenders, values.servers).filter(({ name }) => name !== ORGQL);
  if (others.length === 0) throw new Error('--servers: name one at least that orgql is to be measured beside');
  return {
    rounds: positive('--rounds', values.rounds),
    seconds: positive('--seconds', values.seconds),
    connections: positive('--connections', values.connections),
    rows: chosen('--rows', rows, values.rows),
    others,
  };
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value))) throw new Error(`${option}: expected a number above 0, got "${text}"`);
  return value;
}

/** In the order of `all`, not of the names. */
function chosen<T extends { readonly name: string }>(
  option: string,
  all: readonly T[],
  text: string | undefined,
): readonly T[] {
  if (text === undefined) return all;
  const names = text.split(',').map((name) => name.trim());
  const known = all.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`${option}: there is no "${unknown}"; known are ${known.join(', ')}`);
  return all.filter(({ name }) => names.includes(name));
}
