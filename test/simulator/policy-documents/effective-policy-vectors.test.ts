import { describe, expect, test } from 'vitest';
import { isJsonObject, type JsonValue } from '../../../src/control-policies/json.ts';
import {
  checkPolicyDocument,
  isEffectivePolicyType,
  mergeEffectivePolicy,
} from '../../../src/simulator/policy-documents/index.ts';
import fixture from './effective-policy-vectors.json' with { type: 'json' };

/** AWS's printed results are inconsistent in the case and the order of keys, so both are ignored. */
function normalized(value: JsonValue): JsonValue {
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).map(([key, child]): [string, JsonValue] => [
    key.toLowerCase(),
    normalized(child),
  ]);
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}

const vectors = fixture.vectors.map(({ id, policy_type: type, levels, expected, source }) => {
  if (!isEffectivePolicyType(type)) throw new Error(`${id}: ${type} is not a type of effective policy`);
  const policies = levels.map((level) => level.policies.map((document) => JSON.parse(JSON.stringify(document))));
  return { id, type, policies, expected: JSON.parse(JSON.stringify(expected)), source };
});

describe("AWS's worked examples of inheritance", () => {
  test('are complete', () => {
    expect(vectors.length).toBe(11);
  });

  test.each(vectors)("$id: merges to the result on AWS's page ($source)", ({ type, policies, expected }) => {
    const merged = mergeEffectivePolicy(
      type,
      policies.map((level, depth) => level.map((document, index) => ({ policyId: `p-${depth}${index}`, document }))),
    );
    expect(merged && normalized(merged.document)).toEqual(normalized(expected));
  });

  test.each(vectors)('$id: its policies are valid documents', ({ type, policies }) => {
    for (const document of policies.flat()) expect(checkPolicyDocument(type, JSON.stringify(document))).toEqual([]);
  });
});
