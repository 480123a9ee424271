import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  type AccessRequest,
  type DenialReason,
  evaluateControlPolicies,
  type OrganizationInput,
} from '../../src/control-policies/index.ts';

/** Scenarios after the pages of AWS's documentation that `source` names, state of autumn 2026. */
interface Vector extends OrganizationInput {
  readonly name: string;
  readonly topic: string;
  readonly source: string;
  readonly request: AccessRequest;
  readonly decision: string;
  readonly because?: DenialReason;
  readonly missingContextKeys?: readonly string[];
}

const { vectors }: { vectors: readonly Vector[] } = JSON.parse(
  readFileSync(new URL('vectors.json', import.meta.url), 'utf8'),
);
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
