import type { z } from 'zod';
import { formatPath, isRecord, type Path, valueAt } from './paths.ts';
import {
  allPaths,
  describeValue,
  exampleOf,
  knownNames,
  type SettingSchema,
  schemaAt,
  settingSchema,
} from './setting-schema.ts';
import { suggest } from './suggest.ts';

export interface Explanation {
  readonly path: Path;
  /** Names the setting and what is wrong with it. */
  readonly text: string;
}

/** Converts an issue of the schema to messages, one for each invalid setting. */
export function explain(issue: z.core.$ZodIssue, values: unknown): Explanation[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((name) => unknown(issue.path, name, values));
  }
  const { path } = issue;
  const schema = schemaAt(path, values) ?? {};
  return [{ path, text: `${formatPath(path) || 'the settings'}: ${expectation(schema, valueAt(values, path), path)}` }];
}

function expectation(schema: SettingSchema, value: unknown, path: Path): string {
  const example = exampleOf(schema);
  const described = `expected ${describeValue(schema)}`;
  // Some descriptions contain "such as" already.
  const expected =
    example === undefined || described.includes(example)
      ? described
      : `${described}, ${exampleWord(described)} ${example}`;
  if (value === undefined) return `this setting is missing; ${expected}`;
  return `${expected}, got ${shown(schema, value, path)}`;
}

const exampleWord = (described: string) => (described.includes('such as') ? 'for example' : 'such as');

function unknown(section: Path, name: string, values: unknown): Explanation {
  const path = [...section, name];
  const known = knownNames(section, values);
  const text = `unknown setting ${formatPath(path)}; known here: ${known.join(', ')}`;
  return { path, text: `${text}${suggestSetting(section, name, known)}` };
}

/** Suggests a similar name in the section, otherwise the same name in another section. */
function suggestSetting(section: Path, name: string, known: readonly string[]): string {
  const here = suggest(name, known);
  if (here !== undefined) return `; did you mean ${formatPath([...section, here])}?`;
  const elsewhere = allPaths(settingSchema()).find((each) => each.at(-1)?.toLowerCase() === name.toLowerCase());
  return elsewhere === undefined ? '' : `; did you mean ${formatPath(elsewhere)}?`;
}

/** Shows the invalid value, unless it may hold a secret. */
function shown(schema: SettingSchema, value: unknown, path: Path): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (isRecord(value)) return 'a section';
  const isSecret =
    schema.secret === true || /secret|token|key|hash|password/i.test(path.slice(-2).map(String).join('.'));
  // A string instead of a section may be one of the section's secrets.
  const isScalar =
    schema.expected !== undefined ||
    schema.enum !== undefined ||
    /^(string|integer|number|boolean)$/.test(schema.type ?? '');
  const hasPassword = typeof value === 'string' && /\/\/[^/]*@/.test(value);
  if (isSecret || !isScalar || hasPassword)
    return typeof value === 'string' ? 'a string that is not shown' : `a ${typeof value}`;
  return JSON.stringify(value);
}
