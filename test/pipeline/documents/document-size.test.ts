import fc from 'fast-check';
import { type FragmentDefinitionNode, Kind, parse, type SelectionSetNode, Source } from 'graphql';
import { expect, test } from 'vitest';
import { documentSize, tokensOf } from '../../../src/pipeline/documents/document-size.ts';
import { RatePerKey } from '../../../src/token-bucket.ts';

/** Fragments f0 to f4, each of which may spread those before it, and an operation that spreads any. */
const documents = fc.gen().map((g) => {
  const selection = (depth: number, fragments: number): string => {
    const parts = Array.from({ length: g(fc.integer, { min: 1, max: 3 }) }, () => {
      const directive = g(fc.boolean) ? ' @include(if: true)' : '';
      const kind = g(fc.nat, { max: 3 });
      if (kind === 0 && fragments > 0) return `...f${g(fc.nat, { max: fragments - 1 })}${directive}`;
      if (kind === 1 && depth > 0) return `... on T${directive} ${selection(depth - 1, fragments)}`;
      const name = g(fc.boolean) ? 'a: x' : 'x';
      return depth > 0 && g(fc.boolean)
        ? `${name}${directive} ${selection(depth - 1, fragments)}`
        : `${name}${directive}`;
    });
    return `{ ${parts.join(' ')} }`;
  };
  const fragments = Array.from({ length: 5 }, (_, n) => `fragment f${n} on T ${selection(2, n)}`);
  // All are spread, so that none counts for itself.
  const operation = `{ ${Array.from({ length: 5 }, (_, n) => `...f${n}`).join(' ')} y ${selection(3, 5)} }`;
  return `query @q ${operation} ${fragments.join(' ')}`;
});

test('a document is as large as with its fragments inlined', () => {
  fc.assert(
    fc.property(documents, (text) => {
      const document = parse(text);
      const fragments = new Map<string, FragmentDefinitionNode>();
      for (const each of document.definitions)
        if (each.kind === Kind.FRAGMENT_DEFINITION) fragments.set(each.name.value, each);
      const naive = { depth: 0, fields: 0, aliases: 0, directives: 1 };
      const walk = ({ selections }: SelectionSetNode, depth: number): void => {
        for (const each of selections) {
          naive.directives += each.directives?.length ?? 0;
          if (each.kind === Kind.FIELD) {
            naive.fields += 1;
            naive.aliases += each.alias ? 1 : 0;
            naive.depth = Math.max(naive.depth, depth + 1);
            if (each.selectionSet) walk(each.selectionSet, depth + 1);
          } else if (each.kind === Kind.INLINE_FRAGMENT) walk(each.selectionSet, depth);
          else
            walk(fragments.get(each.name.value)?.selectionSet ?? { kind: Kind.SELECTION_SET, selections: [] }, depth);
        }
      };
      for (const each of document.definitions) if (each.kind === Kind.OPERATION_DEFINITION) walk(each.selectionSet, 0);
      expect(documentSize(document)).toEqual(naive);
    }),
    { numRuns: 300 },
  );
});

test('fragments in a circle and undefined fragments have a size, too', () => {
  expect(documentSize(parse('{ ...a } fragment a on T { x ...b } fragment b on T { y ...a ...none }')).fields).toBe(2);
  expect(documentSize(parse('fragment a on T { x }')).fields).toBe(1);
});

test('measures sixty fragments that each double the next without expanding them', () => {
  const doubling = Array.from({ length: 60 }, (_, n) => `fragment f${n + 1} on T { ...f${n} ...f${n} }`).join(' ');
  expect(documentSize(parse(`{ ...f60 } fragment f0 on T { x } ${doubling}`)).fields).toBe(2 ** 60);
});

test('counts tokens up to one more than the limit, and the depth of nested brackets', () => {
  expect(tokensOf(new Source('{ a(x: [[1]]) { b } } # c'), 100)).toEqual({
    tokens: 15,
    nesting: 4,
    lines: 1,
    longestName: 1,
  });
  expect(tokensOf(new Source('{'.repeat(1_000_000)), 10)).toEqual({
    tokens: 11,
    nesting: 11,
    lines: 1,
    longestName: 0,
  });
});

test('a caller never starts more than its burst and rate allow, and never waits longer than the error says', () => {
  fc.assert(
    fc.property(
      fc.record({ perSecond: fc.double({ min: 0.1, max: 100, noNaN: true }), burst: fc.integer({ min: 1, max: 20 }) }),
      fc.array(fc.record({ key: fc.constantFrom('a' as const, 'b' as const), after: fc.nat(500) }), { maxLength: 200 }),
      (limit, requests) => {
        const rate = new RatePerKey(limit);
        const begun = { a: 0, b: 0 };
        let now = 0;
        for (const { key, after } of requests) {
          now += after;
          const waitMs = rate.take(key, now);
          if (waitMs === 0) begun[key] += 1;
          else {
            now += waitMs + 0.001;
            expect(rate.take(key, now)).toBe(0);
            begun[key] += 1;
          }
          expect(begun[key]).toBeLessThanOrEqual(limit.burst + (now / 1000) * limit.perSecond + 1e-6);
        }
      },
    ),
    { numRuns: 200 },
  );
});
