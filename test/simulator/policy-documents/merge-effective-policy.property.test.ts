import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isJsonObject, type JsonValue } from '../../../src/control-policies/json.ts';
import { contributingPolicies, mergeEffectivePolicy } from '../../../src/simulator/policy-documents/index.ts';
import { levels, tagDocument } from './arbitraries.ts';

function visit(
  value: JsonValue,
  see: (value: JsonValue, path: readonly string[]) => void,
  path: readonly string[] = [],
): void {
  see(value, path);
  if (isJsonObject(value)) for (const [key, child] of Object.entries(value)) visit(child, see, [...path, key]);
}

test('an effective policy has no operators', () => {
  fc.assert(
    fc.property(levels, (all) => {
      expect(JSON.stringify(mergeEffectivePolicy('TAG_POLICY', all)?.document ?? {})).not.toContain('@@');
    }),
  );
});

test('levels without policies and empty policies have no effect', () => {
  fc.assert(
    fc.property(levels, (all) => {
      const merged = mergeEffectivePolicy('TAG_POLICY', all);
      const silent = { policyId: 'p-silent', document: { tags: {} } };
      expect(mergeEffectivePolicy('TAG_POLICY', [[], ...all, []])).toEqual(merged);
      expect(mergeEffectivePolicy('TAG_POLICY', [...all, [silent]])?.document).toEqual(
        merged?.document ?? { tags: {} },
      );
    }),
  );
});

test('merging the same policies gives the same text', () => {
  fc.assert(
    fc.property(levels, (all) => {
      const again = structuredClone(all);
      expect(JSON.stringify(mergeEffectivePolicy('TAG_POLICY', again)?.document)).toBe(
        JSON.stringify(mergeEffectivePolicy('TAG_POLICY', all)?.document),
      );
      expect(again).toEqual(all);
    }),
  );
});

test('a setting that the root locks with @@none keeps its value', () => {
  const root = {
    policyId: 'p-root',
    document: {
      tags: { alpha: { beta: { '@@assign': ['locked'], '@@operators_allowed_for_child_policies': ['@@none'] } } },
    },
  };
  fc.assert(
    fc.property(levels, (below) => {
      const merged = mergeEffectivePolicy('TAG_POLICY', [[root], ...below]);
      expect(merged?.document).toMatchObject({ tags: { alpha: { beta: ['locked'] } } });
      expect(merged && contributingPolicies(merged, ['tags', 'ALPHA', 'Beta'])).toEqual(['p-root']);
    }),
  );
});

test('a root that locks every path with @@none is the effective policy', () => {
  const none = { '@@operators_allowed_for_child_policies': ['@@none'] };
  const document = { tags: { ...none, alpha: { ...none, beta: { ...none, '@@assign': ['1', '2'] } } } };
  fc.assert(
    fc.property(levels, (below) => {
      const merged = mergeEffectivePolicy('TAG_POLICY', [[{ policyId: 'p-root', document }], ...below]);
      expect(merged?.document).toEqual({ tags: { alpha: { beta: ['1', '2'] } } });
    }),
  );
});

test('a list to which child policies may only append keeps its values in place', () => {
  const beta = { '@@assign': ['x', 'y'], '@@operators_allowed_for_child_policies': ['@@append'] };
  const root = { policyId: 'p-root', document: { tags: { alpha: { beta } } } };
  fc.assert(
    fc.property(levels, (below) => {
      const document = mergeEffectivePolicy('TAG_POLICY', [[root], ...below])?.document;
      expect(JSON.stringify(document)).toMatch(/"beta":\["x","y"[\],]/);
    }),
  );
});

test('lists have no duplicates, and maps no keys that differ by case only', () => {
  fc.assert(
    fc.property(levels, (all) => {
      visit(mergeEffectivePolicy('TAG_POLICY', all)?.document ?? {}, (value) => {
        const items = isJsonObject(value)
          ? Object.keys(value).map((key) => key.toLowerCase())
          : Array.isArray(value)
            ? value
            : [];
        expect(new Set(items).size).toBe(items.length);
      });
    }),
  );
});

test('each part of an effective policy has a contributing policy', () => {
  fc.assert(
    fc.property(levels, (all) => {
      const merged = mergeEffectivePolicy('TAG_POLICY', all);
      if (merged === undefined) {
        expect(all.flat()).toEqual([]);
        return;
      }
      const ids = all.flat().map(({ policyId }) => policyId);
      visit(merged.document, (value, path) => {
        if (!Array.isArray(value)) return;
        const contributors = contributingPolicies(merged, path);
        expect(contributors).not.toEqual([]);
        expect(ids).toEqual(expect.arrayContaining([...contributors]));
      });
    }),
  );
});

test('a policy that contributes nothing can be omitted', () => {
  // Child control has an effect without contributing, so it is removed here.
  const plain = levels.map((all): typeof all =>
    JSON.parse(
      JSON.stringify(all, (key, value) => (key === '@@operators_allowed_for_child_policies' ? undefined : value)),
    ),
  );
  fc.assert(
    fc.property(plain, (all) => {
      const merged = mergeEffectivePolicy('TAG_POLICY', all);
      if (merged === undefined) return;
      const contributors = new Set(contributingPolicies(merged, ['tags']));
      const needed = all.map((level) => level.filter(({ policyId }) => contributors.has(policyId)));
      const values = (document: JsonValue | undefined): string[] => {
        const found: string[] = [];
        visit(
          document ?? {},
          (value, path) => Array.isArray(value) && found.push(`${path.join('/')}=${value}`.toLowerCase()),
        );
        return found.sort();
      };
      expect(values(mergeEffectivePolicy('TAG_POLICY', needed)?.document)).toEqual(values(merged.document));
    }),
  );
});

test('a single policy without its operators is the effective policy', () => {
  fc.assert(
    fc.property(tagDocument, (document) => {
      const merged = mergeEffectivePolicy('TAG_POLICY', [[{ policyId: 'p-one', document }]]);
      visit(merged?.document ?? {}, (value, path) => {
        if (Array.isArray(value)) expect(contributingPolicies(merged ?? expect.fail(), path)).toEqual(['p-one']);
      });
    }),
  );
});
