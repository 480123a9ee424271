import { isMonth } from '../../inventory/filters.ts';
import type { TagCondition } from '../../inventory/types.ts';
import { badInput, expectId, type NodeName, typeOfId } from '../ids.ts';
import { quoted, shortened } from '../quoted.ts';

/** Maximum number of values of one list in a filter. */
export const MAX_VALUES = 1_000;
/** Maximum number of conditions on tags in one filter. AWS allows 50 tags on a resource. */
const MAX_TAGS = 50;
/** In characters. AWS's longest searchable text is the name of an organizational unit. */
const MAX_TEXT = 128;
/** AWS's limits of a tag, in characters (API model, shapes TagKey and TagValue). */
const MAX_TAG_KEY = 128;
const MAX_TAG_VALUE = 256;

// Each function accepts a missing condition, and throws BAD_USER_INPUT with the condition's path for an invalid one.
type Optional<T> = T | null | undefined;

/** At least one value: an empty list would match nothing, which is rarely meant. */
export function expectValues(argument: string, values: Optional<readonly unknown[]>, max = MAX_VALUES): void {
  if (values == null) return;
  if (values.length === 0) throw badInput(argument, 'the list is empty. Give at least one value, or leave it out.');
  if (values.length > max)
    throw badInput(
      argument,
      `${values.length} values are above the maximum of ${max}. Ask for the rest in further operations.`,
    );
}

export function expectIds(argument: string, type: NodeName, ids: Optional<readonly string[]>): void {
  expectValues(argument, ids);
  for (const [index, id] of (ids ?? []).entries()) expectId(`${argument}[${index}]`, type, id);
}

/** The id of a root or an organizational unit. */
export function expectParentId(argument: string, id: Optional<string>): void {
  if (id == null) return;
  const type = typeOfId(id);
  if (type === 'Root' || type === 'OrganizationalUnit') return;
  throw badInput(argument, `"${shortened(id, 80)}" is not the id of a root (r-…) or of an organizational unit (ou-…).`);
}

export function expectSearchText(argument: string, text: Optional<string>, max = MAX_TEXT): void {
  if (text == null) return;
  if (text.trim() === '')
    throw badInput(argument, `${quoted(text)} is blank. Give a text to search for, or leave it out.`);
  if (text.length > max) throw badInput(argument, `the text has ${text.length} characters; the maximum is ${max}.`);
}

export function expectMonth(argument: string, month: Optional<string>): void {
  if (month == null || isMonth(month)) return;
  throw badInput(argument, `${quoted(month)} is not a month. Expected is YYYY-MM, such as "2026-12".`);
}

/** Both moments are part of the range. */
export function expectRange(since: readonly [string, Optional<Date>], until: readonly [string, Optional<Date>]): void {
  const [name, from] = since;
  const [untilName, to] = until;
  if (from == null || to == null || from <= to) return;
  throw badInput(name, `${from.toISOString()} is after ${untilName}, ${to.toISOString()}, so nothing matches.`);
}

export function expectTags(argument: string, tags: Optional<readonly TagCondition[]>): void {
  expectValues(argument, tags, MAX_TAGS);
  for (const [index, { key, values, exists }] of (tags ?? []).entries()) {
    const place = `${argument}[${index}]`;
    if (key === '') throw badInput(`${place}.key`, 'the key is empty. Give the key of a tag.');
    if (key.length > MAX_TAG_KEY)
      throw badInput(`${place}.key`, `the key has ${key.length} characters; AWS allows ${MAX_TAG_KEY}.`);
    expectValues(`${place}.values`, values);
    for (const [at, value] of (values ?? []).entries())
      if (value.length > MAX_TAG_VALUE)
        throw badInput(
          `${place}.values[${at}]`,
          `the value has ${value.length} characters; AWS allows ${MAX_TAG_VALUE}.`,
        );
    if (values != null && exists === false)
      throw badInput(`${place}.exists`, 'false contradicts `values`, which need the tag. Leave one of them out.');
  }
}

/** A filter as text, the same for the same conditions in any order. Missing conditions are left out. */
export function conditionsKey(conditions: object): string {
  return JSON.stringify(conditions, (_name, value: unknown) => {
    if (value === null) return undefined;
    if (typeof value !== 'object' || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value as object).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
