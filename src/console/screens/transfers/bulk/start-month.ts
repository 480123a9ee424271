import { LONG_MONTHS } from '../../../data/time.ts';

/** The first moment of a month as a file has it; or why that is not clear, and the fix. */
export function startOf(typed: string): { readonly start: Date } | { readonly problem: string } {
  const text = typed.trim();
  const date = dateOf(text);
  if (date === undefined) return { problem: `“${text}” is no month. Write it as 2027-01.` };
  const [year, month, day] = date;
  if (month < 1 || month > 12) return { problem: `“${text}” is no month. Write it as 2027-01.` };
  if (day !== 1) return { problem: `“${text}”: a transfer starts on the first day of a month. Write it as 2027-01.` };
  return { start: new Date(Date.UTC(year, month - 1, 1)) };
}

type Parts = readonly [year: number, month: number, day: number];

function dateOf(text: string): Parts | undefined {
  const iso = /^(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?:[T ]00:00(?::00(?:\.0+)?)?(?:Z|[+-]00:?00)?)?$/.exec(text);
  if (iso) return [Number(iso[1]), Number(iso[2]), Number(iso[3] ?? 1)];
  const dotted = /^(?:(\d{1,2})\.)?(\d{1,2})\.(\d{4})$/.exec(text);
  if (dotted) return [Number(dotted[3]), Number(dotted[2]), Number(dotted[1] ?? 1)];
  const short = /^(\d{1,2})\/(\d{4})$/.exec(text);
  if (short) return [Number(short[2]), Number(short[1]), 1];
  // With slashes, some countries begin with the day and some with the month: only 1/1 is clear.
  const january = /^0?1\/0?1\/(\d{4})$/.exec(text);
  if (january) return [Number(january[1]), 1, 1];
  const words = /^(?:(\d{1,2})\.?[ -])?([a-z]{3,9})\.?(?:[ -](\d{1,2}),)?[ -](\d{4})$/i.exec(text);
  if (words === null) return undefined;
  const [, before, name = '', after, year] = words;
  const at = LONG_MONTHS.findIndex((month) => month.toLowerCase().startsWith(name.toLowerCase()));
  return at === -1 ? undefined : [Number(year), at + 1, Number(before ?? after ?? 1)];
}
