import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readKey } from '../../src/upstream/index.ts';

const value = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.constant(undefined),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.string(), tie('value'), { maxKeys: 3 }),
  ),
})).value;
const name = fc.oneof(fc.constantFrom('AccountId', 'MaxResults', 'NextToken'), fc.string({ unit: 'binary' }));
const input = fc.dictionary(name, value, { maxKeys: 4 });

const reversed = (given: object) => Object.fromEntries(Object.entries(given).reverse());

it('is the same for members in any order, and for absent ones', () => {
  fc.assert(
    fc.property(input, (given) => {
      expect(readKey('ListRoots', reversed(given))).toBe(readKey('ListRoots', given));
      expect(readKey('ListRoots', { ...given, absent: undefined })).toBe(readKey('ListRoots', given));
    }),
  );
});

it('differs for different inputs', () => {
  fc.assert(
    fc.property(input, input, (one, other) => {
      const same = readKey('ListRoots', one) === readKey('ListRoots', other);
      // Parsing a key as JSON returns the input.
      const parse = (given: object) => JSON.parse(readKey('ListRoots', given).slice('ListRoots '.length));
      expect(parse(one)).toEqual(JSON.parse(JSON.stringify(one)));
      if (same) expect(parse(one)).toEqual(parse(other));
    }),
  );
  expect(readKey('ListRoots', {})).not.toBe(readKey('ListAccounts', {}));
});

it('is JSON with the members in order', () => {
  const flat = fc.dictionary(name, fc.oneof(fc.string({ unit: 'binary' }), fc.double(), fc.boolean()), { maxKeys: 4 });
  fc.assert(
    fc.property(flat, (given) => {
      const inOrder = Object.fromEntries(Object.entries(given).sort(([a], [b]) => (a < b ? -1 : 1)));
      expect(readKey('ListRoots', given)).toBe(`ListRoots ${JSON.stringify(inOrder)}`);
    }),
  );
});

it('does not change between versions, because clients keep cursors that are bound to it', () => {
  expect(readKey('ListPolicies', { MaxResults: 20, Filter: 'TAG_POLICY' })).toBe(
    'ListPolicies {"Filter":"TAG_POLICY","MaxResults":20}',
  );
  expect(readKey('ListHandshakesForAccount', { Filter: { ParentHandshakeId: 'h-1', ActionType: 'INVITE' } })).toBe(
    'ListHandshakesForAccount {"Filter":{"ActionType":"INVITE","ParentHandshakeId":"h-1"}}',
  );
});
