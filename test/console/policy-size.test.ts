import { expect, test } from 'vitest';
import { sizeOf } from '../../src/console/screens/policies/actions/size.ts';
import { type PolicyType, policyLimits, policySize } from '../../src/policy-limits.ts';

const types = Object.keys(policyLimits) as PolicyType[];

test.for(types)('the editor counts a %s as the gateway does', (type) => {
  const text = '{ "ä": "€𝕏" }';
  const { size, limit, unit } = sizeOf(type, text);
  expect(size).toBe(policySize(type, text));
  expect(limit).toBe(policyLimits[type].maxSize);
  expect(`${unit}s`).toBe(policyLimits[type].sizeUnit);
});
