import { describe, expect, test } from 'vitest';
import { evaluateControlPolicies } from '../../src/control-policies/index.ts';
import { vectors } from '../support/vector-organizations.ts';

const inLowerCase = (keys: readonly string[] | undefined) => keys?.map((key) => key.toLowerCase()).sort();

describe("scenarios of AWS's documentation", () => {
  test('are complete', () => {
    expect(vectors.length).toBe(160);
  });

  test.each(vectors)('$topic, $name: $decision ($source)', ({ request, ...vector }) => {
    const { tree, policies, attachments, enabledPolicyTypes } = vector;
    const organization = { tree, policies, attachments, ...(enabledPolicyTypes && { enabledPolicyTypes }) };
    const result = evaluateControlPolicies({ ...organization, request });
    expect(result.decision).toBe(vector.decision);
    // A vector names the reason if exactly one statement or level denies.
    expect(result.because).toEqual(vector.because);
    expect(inLowerCase(result.missingContextKeys)).toEqual(inLowerCase(vector.missingContextKeys));
    expect(result.unresolved).toBeUndefined();
  });
});
