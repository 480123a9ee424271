import fc from 'fast-check';
import type { JsonObject } from '../../../src/control-policies/json.ts';
import type { PolicyDocument } from '../../../src/simulator/policy-documents/index.ts';

/** Few keys, some of which differ by case only, so that policies share keys. `__proto__` must be an ordinary key. */
const key = fc.constantFrom('alpha', 'Alpha', 'beta', 'BETA', 'gamma', '__proto__');
const value = fc.constantFrom('1', '2', '3', '4');
const values = fc.array(value, { maxLength: 4 });
const control = fc.subarray(['@@assign', '@@append', '@@remove', '@@all', '@@none']).filter((list) => list.length > 0);

const setting: fc.Arbitrary<JsonObject> = fc.record(
  { '@@assign': values, '@@append': values, '@@remove': values, '@@operators_allowed_for_child_policies': control },
  { requiredKeys: [] },
);

/** Lists below two levels of maps. Equal keys have values of the same kind. */
const group = fc
  .record({ members: fc.dictionary(key, setting, { maxKeys: 3 }), control: fc.option(control, { nil: undefined }) })
  .map(withControl);
const body = fc
  .record({ members: fc.dictionary(key, group, { maxKeys: 3 }), control: fc.option(control, { nil: undefined }) })
  .map(withControl);

function withControl(parts: {
  readonly members: Record<string, JsonObject>;
  readonly control: string[] | undefined;
}): JsonObject {
  const own = parts.control === undefined ? [] : [['@@operators_allowed_for_child_policies', parts.control] as const];
  return Object.fromEntries([...own, ...Object.entries(parts.members)]);
}

/** A document of a type that merges without exceptions. */
export const tagDocument: fc.Arbitrary<JsonObject> = body.map((tags) => ({ tags }));

/** Policies on the path from the root to an account. */
export const levels: fc.Arbitrary<PolicyDocument[][]> = fc
  .array(fc.array(tagDocument, { maxLength: 3 }), { minLength: 1, maxLength: 4 })
  .map((all) =>
    all.map((level, depth) => level.map((document, index) => ({ policyId: `p-${depth}${index}`, document }))),
  );
