import { isJsonArray, type JsonValue } from '../../control-policies/json.ts';
import type { OperatorSet, ValueOperator } from './inheritance-operators.ts';

/** One operator that an entity's policy applies to a setting. */
export interface SettingOperation {
  readonly policyId: string;
  readonly operator: ValueOperator;
  readonly value: JsonValue;
}

export interface Setting {
  readonly value: JsonValue | undefined;
  readonly contributors: ReadonlySet<string>;
}

/**
 * Applies the operators of one entity's policies, in attachment order, to an inherited setting.
 *
 * - An operator that is not allowed is ignored without an error (inheritance-examples, example 4).
 * - The first `@@assign` on an entity wins (example 6 shows it for a single value; we do the same for lists).
 * - `@@remove` removes inherited values only, not values that another policy of the same entity adds.
 * - `@@append` adds missing values after the inherited ones (example 2); on a single value it has no effect.
 *
 * https://docs.aws.amazon.com/organizations/latest/userguide/inheritance-examples.html
 */
export function mergeSetting(
  inherited: Setting,
  operations: readonly SettingOperation[],
  allowed: OperatorSet,
  keepEmptied: boolean,
): Setting {
  const permitted = operations.filter(({ operator }) => allowed.has(operator));
  if (permitted.length === 0) return inherited;
  const assigned = permitted.find(({ operator }) => operator === '@@assign');
  const base =
    assigned === undefined
      ? removeFrom(inherited, permitted, keepEmptied)
      : { value: withoutDuplicates(assigned.value), contributors: new Set([assigned.policyId]) };
  return appendTo(base, permitted);
}

function removeFrom(inherited: Setting, operations: readonly SettingOperation[], keepEmptied: boolean): Setting {
  if (!isJsonArray(inherited.value)) return inherited;
  let values = inherited.value;
  const contributors = new Set(inherited.contributors);
  for (const { policyId, operator, value } of operations) {
    if (operator !== '@@remove' || !isJsonArray(value)) continue;
    const unwanted = new Set(value.map(toJsonKey));
    // If two policies of one entity remove the same value, both contribute.
    if (inherited.value.some((item) => unwanted.has(toJsonKey(item)))) contributors.add(policyId);
    values = values.filter((item) => !unwanted.has(toJsonKey(item)));
  }
  const emptied = values.length === 0 && inherited.value.length > 0;
  return { value: emptied && !keepEmptied ? undefined : values, contributors };
}

function appendTo(base: Setting, operations: readonly SettingOperation[]): Setting {
  let { value } = base;
  const contributors = new Set(base.contributors);
  for (const operation of operations) {
    if (operation.operator !== '@@append' || !isJsonArray(operation.value)) continue;
    if (value !== undefined && !isJsonArray(value)) continue;
    const before = value ?? [];
    const after = withoutDuplicates([...before, ...operation.value]);
    if (value === undefined || after.length > before.length) contributors.add(operation.policyId);
    value = after;
  }
  return { value, contributors };
}

function withoutDuplicates(values: readonly JsonValue[]): readonly JsonValue[];
function withoutDuplicates(value: JsonValue): JsonValue;
function withoutDuplicates(value: JsonValue): JsonValue {
  if (!isJsonArray(value)) return value;
  return [...new Map(value.map((item) => [toJsonKey(item), item])).values()];
}

function toJsonKey(value: JsonValue): string {
  return JSON.stringify(value);
}
