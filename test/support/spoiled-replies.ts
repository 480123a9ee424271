import * as sdk from '@aws-sdk/client-organizations';
import { NormalizedSchema } from '@smithy/core/schema';
import type { StaticOperationSchema } from '@smithy/types';
import type { OperationName } from '../../src/upstream/index.ts';

/** A reply with one member spoiled. */
export interface SpoiledReply {
  /** The member, as errors name it: `Handshakes[0].Id`. */
  readonly member: string;
  readonly how: string;
  readonly body: string;
  /** Whether a client can do with the reply: an optional member is missing or null. */
  readonly acceptable: boolean;
}

const outputOf = (operation: OperationName): NormalizedSchema => {
  const described: StaticOperationSchema = Reflect.get(sdk, `${operation}$`);
  return NormalizedSchema.of(described[5]);
};

/** Handshakes' resources have resources; AWS nests them twice. */
const MAX_DEPTH = 6;

/** A reply with every member that the API model has, lists with one item. */
export function fullReply(operation: OperationName): unknown {
  const schema = outputOf(operation);
  return schema.isStructSchema() ? sample(schema, '', 0) : {};
}

function sample(schema: NormalizedSchema, name: string, depth: number): unknown {
  if (schema.isListSchema()) return depth > MAX_DEPTH ? [] : [sample(schema.getValueSchema(), name, depth + 1)];
  if (schema.isStructSchema())
    return Object.fromEntries(
      [...schema.structIterator()].map(([member, inner]) => [member, sample(inner, member, depth + 1)]),
    );
  if (schema.isTimestampSchema()) return 1_760_000_000;
  if (schema.isBooleanSchema()) return true;
  if (schema.isNumericSchema()) return 1;
  return `some ${name}`;
}

/** Members that are always there, by the model or by what they are for. */
const needed = new Set([
  'Id',
  'Key',
  'Value',
  'ServicePrincipal',
  'PolicyTargetSummary.TargetId',
  'PolicySummary',
  'ResourcePolicySummary',
]);
const optionalAlthough = new Set(['HandshakeResource.Value']);

/** Every member of a full reply, at every depth, missing, null, of another type, out of range and huge; and replies that are spoiled as a whole. */
export function* spoiledReplies(operation: OperationName): Generator<SpoiledReply> {
  const full = fullReply(operation);
  const schema = outputOf(operation);
  const hasOutput = Object.keys(full as object).length > 0;
  for (const [how, body] of [
    ['null', 'null'],
    ['a list', '[]'],
    ['a string', '"text"'],
    ['a number', '7'],
  ] as const)
    yield { member: 'the reply', how, body, acceptable: false };
  yield { member: 'the reply', how: 'empty', body: '', acceptable: !hasOutput };
  if (!hasOutput) return;
  const [first = ''] = [...schema.structIterator()]
    .filter(([, inner]) => inner.isListSchema() || inner.isStructSchema())
    .map(([name]) => name);
  yield { member: first, how: 'no member at all', body: '{}', acceptable: false };
  yield* spoiledMembers(full, schema, [], first);
}

type Step = string | number;

function* spoiledMembers(
  full: unknown,
  schema: NormalizedSchema,
  path: readonly Step[],
  first: string,
): Generator<SpoiledReply> {
  for (const [name, inner] of schema.structIterator()) {
    const at = [...path, name];
    const required =
      (path.length === 0 ? name === first : needed.has(name) || needed.has(`${schema.getName()}.${name}`)) &&
      !optionalAlthough.has(`${schema.getName()}.${name}`);
    yield* spoiledAt(full, at, inner, required);
    const value = valueAt(full, at);
    if (inner.isStructSchema()) yield* spoiledMembers(full, inner, at, first);
    else if (inner.isListSchema() && Array.isArray(value) && value.length > 0) {
      const item = inner.getValueSchema();
      yield* spoiledAt(full, [...at, 0], item, true);
      if (item.isStructSchema()) yield* spoiledMembers(full, item, [...at, 0], first);
    }
  }
}

function* spoiledAt(
  full: unknown,
  path: readonly Step[],
  schema: NormalizedSchema,
  required: boolean,
): Generator<SpoiledReply> {
  const member = path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`),
    '',
  );
  const spoiled = (how: string, value: unknown, acceptable: boolean): SpoiledReply => ({
    member,
    how,
    body: JSON.stringify(withValue(full, path, value)),
    acceptable,
  });
  if (typeof path.at(-1) === 'string') yield spoiled('missing', undefined, !required);
  yield spoiled('null', null, !required);
  const text = schema.isStringSchema();
  yield text ? spoiled('a number', 7, false) : spoiled('a string', 'text', false);
  yield schema.isListSchema() ? spoiled('an object', {}, false) : spoiled('a list', [], false);
  if (schema.isTimestampSchema()) {
    yield spoiled('out of range', 1e15, false);
    yield spoiled('far in the past', -1e15, false);
    yield spoiled('a text of a time', '2026-11-30T00:00:00Z', false);
  }
  if (text && typeof path.at(-1) === 'string' && path.at(-1) === 'Name')
    yield spoiled('huge', 'x'.repeat(100_000), true);
}

function valueAt(value: unknown, path: readonly Step[]): unknown {
  return path.reduce<unknown>((inner, step) => Reflect.get(inner as object, step), value);
}

/** A copy with another value at a place; without it, for undefined. */
function withValue(value: unknown, [step, ...rest]: readonly Step[], changed: unknown): unknown {
  if (step === undefined) return changed;
  if (Array.isArray(value)) return value.map((item, index) => (index === step ? withValue(item, rest, changed) : item));
  const object = value as Record<string, unknown>;
  return { ...object, [step]: withValue(object[step], rest, changed) };
}
