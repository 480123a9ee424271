import { z } from 'zod';
import { settings } from './index.ts';
import { isRecord, type Path, valueAt } from './paths.ts';

/** A setting or a section as JSON Schema, with the members that `.meta()` adds. */
export interface SettingSchema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly items?: SettingSchema;
  readonly properties?: Readonly<Record<string, SettingSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: SettingSchema | boolean;
  readonly oneOf?: readonly SettingSchema[];
  readonly description?: string;
  readonly examples?: readonly unknown[];
  /** Describes a valid value if type and bounds do not, as `expected <text>` in messages. */
  readonly expected?: string;
  readonly unit?: 'ms' | 'bytes';
  /** Messages do not show the value. */
  readonly secret?: boolean;
  /** What the names of the members are, in a section whose members have no fixed names. */
  readonly keys?: string;
}

let root: SettingSchema | undefined;

/** Returns the schema of all settings. Created on first use, as only mistakes need it. */
export function settingSchema(): SettingSchema {
  root ??= z.toJSONSchema(settings, { io: 'input' }) as SettingSchema;
  return root;
}

/** Returns the schema at a path. `values` selects the variant of a section that has several, by its `type`. */
export function schemaAt(path: Path, values: unknown): SettingSchema | undefined {
  return path.reduce<SettingSchema | undefined>(
    (schema, part, index) => schema && memberOf(schema, part, valueAt(values, path.slice(0, index))),
    settingSchema(),
  );
}

function memberOf(schema: SettingSchema, part: PropertyKey, value: unknown): SettingSchema | undefined {
  if (typeof part === 'number') return schema.items;
  const name = String(part);
  const kind = kindsOf(schema).length > 0 ? kindOf(schema, value) : schema;
  if (kind === undefined && name === 'type') {
    return { enum: kindsOf(schema).map((each) => each.properties?.['type']?.const) };
  }
  const member = kind?.properties?.[name];
  if (member !== undefined) return member;
  return isRecord(kind?.additionalProperties) ? kind.additionalProperties : undefined;
}

const kindsOf = ({ oneOf = [] }: SettingSchema) => oneOf;

function kindOf(schema: SettingSchema, value: unknown): SettingSchema | undefined {
  const type = valueAt(value, ['type']);
  return kindsOf(schema).find((each) => each.properties?.['type']?.const === type);
}

/**
 * Returns the names of the settings at a path: those of the variant that `values` selects, otherwise of all variants.
 */
export function knownNames(path: Path, values: unknown): readonly string[] {
  const schema = schemaAt(path, values);
  if (schema === undefined) return [];
  const kind = kindOf(schema, valueAt(values, path));
  const kinds = kind ? [kind] : kindsOf(schema).length > 0 ? kindsOf(schema) : [schema];
  return [...new Set(kinds.flatMap((each) => Object.keys(each.properties ?? {})))];
}

/** Returns the paths of all settings outside of lists. */
export function allPaths(schema: SettingSchema = settingSchema(), path: readonly string[] = []): (readonly string[])[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, member]) => [
    [...path, name],
    ...allPaths(member, [...path, name]),
  ]);
}

/** Describes a valid value: `an integer from 0 to 65535`. */
export function describeValue(schema: SettingSchema): string {
  if (schema.expected !== undefined) return schema.expected;
  if (schema.enum) return oneOf(schema.enum);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  const unit = schema.unit === undefined ? '' : `, in ${schema.unit}`;
  switch (schema.type) {
    case 'integer':
      return `an integer${bounds(schema, 1)}${unit}`;
    case 'number':
      return `a number${bounds(schema, 0)}${unit}`;
    case 'boolean':
      return 'true or false';
    case 'string':
      return `a string${lengths(schema)}`;
    case 'array':
      return `a list${schema.minItems ? ' with at least one item' : ''}`;
    default:
      return schema.keys === undefined ? 'a section with settings' : `a section with one entry per ${schema.keys}`;
  }
}

function oneOf(values: readonly unknown[]): string {
  const texts = values.map((value) => JSON.stringify(value));
  return texts.length > 1 ? `${texts.slice(0, -1).join(', ')} or ${texts.at(-1)}` : String(texts[0]);
}

/** For a setting without bounds, zod's JSON Schema has those of safe integers. */
function bounds({ minimum, maximum, exclusiveMinimum }: SettingSchema, step: number): string {
  const above = exclusiveMinimum !== undefined && step > 0 ? exclusiveMinimum + step : undefined;
  const least = above ?? (minimum === Number.MIN_SAFE_INTEGER ? undefined : minimum);
  const most = maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum;
  if (least !== undefined && most !== undefined) return ` from ${least} to ${most}`;
  const lower =
    least !== undefined ? ` of at least ${least}` : exclusiveMinimum !== undefined ? ` above ${exclusiveMinimum}` : '';
  if (most === undefined) return lower;
  return lower === '' ? ` of at most ${most}` : `${lower} and of at most ${most}`;
}

function lengths({ minLength = 0, maxLength }: SettingSchema): string {
  if (maxLength !== undefined) return ` of ${minLength} to ${maxLength} characters`;
  if (minLength > 1) return ` of at least ${minLength} characters`;
  return minLength === 1 ? ' that is not empty' : '';
}

/** Returns a valid value as it is written in the file; undefined if the description is enough. */
export function exampleOf(schema: SettingSchema): string | undefined {
  const [example] = schema.examples ?? [];
  if (typeof example === 'string') return example;
  if (example !== undefined) return JSON.stringify(example);
  if (schema.properties) return exampleOfSection(schema.properties, schema.required);
  if (schema.default === undefined || schema.enum?.length || schema.type === 'boolean') return undefined;
  return inFile(schema.default);
}

/** Shows the required settings or, if there are none, the first one with a default. */
function exampleOfSection(
  properties: Readonly<Record<string, SettingSchema>>,
  required: readonly string[] = [],
): string | undefined {
  const all = Object.entries(properties);
  const needed = all.filter(([name, each]) => required.includes(name) && each.default === undefined);
  const usual = all.filter(([, each]) => each.default !== undefined && !each.properties).slice(0, 1);
  const shown = (needed.length > 0 ? needed : usual).map(([name, each]) => [
    name,
    each.default === undefined ? (exampleOf(each) ?? each.const) : inFile(each.default),
  ]);
  if (shown.length === 0 || shown.some(([, example]) => example === undefined)) return undefined;
  return `{ ${shown.map(([name, example]) => `${name}: ${example}`).join(', ')} }`;
}

const inFile = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
