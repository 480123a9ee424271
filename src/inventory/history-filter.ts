import type { HistoryEntry } from '../watcher/history/history-types.ts';
import { containsText } from './text.ts';
import type { HistoryFilter } from './types.ts';

type Condition = (entry: HistoryEntry) => boolean;

const oneOf = (values: readonly string[], read: (entry: HistoryEntry) => string | undefined): Condition => {
  const wanted = new Set(values);
  return (entry) => {
    const value = read(entry);
    return value !== undefined && wanted.has(value);
  };
};

const textOf = (value: unknown): string | undefined =>
  value == null ? undefined : typeof value === 'string' ? value : JSON.stringify(value);

const hasText = (text: string): Condition => {
  const contains = containsText(text);
  return ({ objectName, objectId, relatedIds = [], members }) =>
    contains(objectName) ||
    contains(objectId) ||
    relatedIds.some(contains) ||
    members.some(({ before, after }) => contains(textOf(before)) || contains(textOf(after)));
};

/** The conditions that the store does not apply itself; undefined if there are none. All of them must hold. */
export function historyMatches({ types, kinds, sources, callers, text }: HistoryFilter): Condition | undefined {
  const conditions: Condition[] = [];
  if (types != null) conditions.push(oneOf(types, ({ type }) => type));
  if (kinds != null) conditions.push(oneOf(kinds, ({ kind }) => kind));
  if (sources != null) conditions.push(oneOf(sources, ({ source }) => source));
  if (callers != null) conditions.push(oneOf(callers, ({ caller }) => caller));
  if (text != null) conditions.push(hasText(text));
  return conditions.length === 0 ? undefined : (entry) => conditions.every((holds) => holds(entry));
}
