import * as sdk from '@aws-sdk/client-organizations';
import { NormalizedSchema } from '@smithy/core/schema';
import type { StaticOperationSchema } from '@smithy/types';
import { operations } from './operations.ts';
import type { OperationName } from './types.ts';

/**
 * Members that every object must have, beside `Id`, by structure. AWS always returns them, though its API model
 * requires those of `Tag` only.
 */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  DelegatedService: ['ServicePrincipal'],
  EnabledServicePrincipal: ['ServicePrincipal'],
  Policy: ['PolicySummary'],
  PolicyTargetSummary: ['TargetId'],
  ResourcePolicy: ['ResourcePolicySummary'],
  Tag: ['Key', 'Value'],
};

/** The range of an RFC 3339 timestamp: the years 1 to 9999, in seconds since the epoch. */
const MIN_SECONDS = -62_135_596_800;
const MAX_SECONDS = 253_402_300_799;
const MAX_INTEGER = 2_147_483_647;

/** A reply that AWS Organizations never sends: a member is missing or has the wrong type. */
export class ReplyError extends Error {
  /**
   * `member`: such as `Handshakes[0].Id`; empty for the reply as a whole. `problem` ends a sentence that begins with
   * its name.
   */
  constructor(member: string, problem: string) {
    super(`${member === '' ? 'the reply' : member} ${problem}`);
    this.name = 'ReplyError';
  }
}

/**
 * Checks the body of a successful reply against AWS's API model, before the SDK reads it: the SDK reads an empty body,
 * `null` and `[]` as `{}`, passes null items on, and names no member in its errors. Unknown members are ignored, and
 * enums may have any value.
 * @throws ReplyError
 */
export function checkReply(operation: OperationName, body: string): void {
  const shape = shapeOf(operation);
  if (body.trim() === '') {
    if (shape.required.length > 0) throw new ReplyError('', 'is empty');
    return;
  }
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    // The SDK's own error describes the body.
    return;
  }
  shape.check(value, '');
}

interface Shape {
  readonly required: readonly string[];
  readonly check: (value: unknown, path: string) => void;
}

const shapes = new Map<OperationName, Shape>();

function shapeOf(operation: OperationName): Shape {
  let shape = shapes.get(operation);
  if (shape === undefined) {
    // [kind, namespace, name, traits, input, output]
    const described: StaticOperationSchema = Reflect.get(sdk, `${operation}$`);
    const schema = NormalizedSchema.of(described[5]);
    const required = alwaysReturned(operation, schema);
    shape = { required, check: structureCheck(schema, required) };
    shapes.set(operation, shape);
  }
  return shape;
}

/** The list of a list operation, or the object that another operation returns, if any. */
function alwaysReturned(operation: OperationName, schema: NormalizedSchema): readonly string[] {
  const row = operations[operation];
  if ('items' in row) return [row.items];
  return [...schema.structIterator()].map(([name]) => name);
}

type Check = (value: unknown, path: string) => void;

function checkOf(schema: NormalizedSchema): Check {
  if (schema.isListSchema()) return listCheck(schema);
  if (schema.isStructSchema()) return lazily(() => structureCheck(schema, requiredMembers(schema)));
  if (schema.isTimestampSchema()) return timestampCheck;
  if (schema.isBooleanSchema()) return typeCheck('boolean', 'true or false');
  if (schema.isNumericSchema()) return integerCheck;
  if (schema.isStringSchema()) return typeCheck('string', 'a string');
  return () => undefined;
}

function requiredMembers(schema: NormalizedSchema): readonly string[] {
  const names = [...schema.structIterator()].map(([name]) => name);
  const listed = REQUIRED[schema.getName() ?? ''] ?? [];
  return names.filter((name) => name === 'Id' || listed.includes(name));
}

/** Structures contain themselves: a handshake's resources have resources. */
function lazily(make: () => Check): Check {
  let check: Check | undefined;
  return (value, path) => {
    check ??= make();
    check(value, path);
  };
}

function structureCheck(schema: NormalizedSchema, required: readonly string[]): Check {
  const members = [...schema.structIterator()].map(([name, member]) => ({
    name,
    check: checkOf(member),
    required: required.includes(name),
  }));
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new ReplyError(path, `is ${nameOf(value)}, expected an object`);
    for (const { name, check, required } of members) {
      const member: unknown = Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
      const at = path === '' ? name : `${path}.${name}`;
      // In AWS's JSON protocol a member that is null is absent. Only the value of a tag may be an empty string.
      if (member == null || (required && member === '' && name !== 'Value')) {
        if (required) throw new ReplyError(at, `is ${member === '' ? 'empty' : member === null ? 'null' : 'missing'}`);
        continue;
      }
      check(member, at);
    }
  };
}

function listCheck(schema: NormalizedSchema): Check {
  const check = checkOf(schema.getValueSchema());
  return (value, path) => {
    if (!Array.isArray(value)) throw new ReplyError(path, `is ${nameOf(value)}, expected a list`);
    value.forEach((item: unknown, index) => {
      if (item == null) throw new ReplyError(`${path}[${index}]`, 'is null');
      check(item, `${path}[${index}]`);
    });
  };
}

const typeCheck =
  (type: 'string' | 'boolean', expected: string): Check =>
  (value, path) => {
    if (typeof value !== type) throw new ReplyError(path, `is ${nameOf(value)}, expected ${expected}`);
  };

const timestampCheck: Check = (value, path) => {
  if (typeof value !== 'number')
    throw new ReplyError(path, `is ${nameOf(value)}, expected a timestamp as seconds since the epoch`);
  if (!(value >= MIN_SECONDS && value <= MAX_SECONDS)) throw new ReplyError(path, 'is a timestamp out of range');
};

const integerCheck: Check = (value, path) => {
  if (!Number.isInteger(value) || Math.abs(Number(value)) > MAX_INTEGER)
    throw new ReplyError(path, `is ${nameOf(value)}, expected an integer of 32 bits`);
};

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
