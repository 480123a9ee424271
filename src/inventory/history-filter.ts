import type { HistoryEntry } from '../watcher/history/history-types.ts';
import { all, type Condition, oneOf, when } from './filters.ts';
import { containsText } from './text.ts';
import type { HistoryFilter } from './types.ts';

const textOf = (value: unknown): string | undefined =>
  value == null ? undefined : typeof value === 'string' ? value : JSON.stringify(value);

const hasText = (text: string): Condition<HistoryEntry> => {
  const contains = containsText(text);
  return ({ objectName, objectId, relatedIds = [], members }) =>
    contains(objectName) ||
    contains(objectId) ||
    relatedIds.some(contains) ||
    members.some(({ before, after }) => contains(textOf(before)) || contains(textOf(after)));
};

/** The conditions that the store does not apply itself; undefined if there are none. All of them must hold. */
export function historyMatches(filter: HistoryFilter): Condition<HistoryEntry> | undefined {
  const given = [
    when(filter.types, (types) => oneOf<HistoryEntry>(types, ({ type }) => type)),
    when(filter.kinds, (kinds) => oneOf<HistoryEntry>(kinds, ({ kind }) => kind)),
    when(filter.sources, (sources) => oneOf<HistoryEntry>(sources, ({ source }) => source)),
    when(filter.callers, (callers) => oneOf<HistoryEntry>(callers, ({ caller }) => caller)),
    when(filter.text, hasText),
  ];
  return given.every((condition) => condition === undefined) ? undefined : all(given);
}
