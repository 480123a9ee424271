import { createHmac, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeCursor, encodeCursor, listFingerprint } from '../../src/schema/cursor.ts';

const key = randomBytes(32);
const here = listFingerprint('partner', 'ListAccountsForParent', { ParentId: 'r-ab12' });
const positions = fc.record({
  token: fc.option(fc.string(), { nil: undefined }),
  index: fc.nat(20),
  key: fc.option(fc.string(), { nil: undefined }),
});
const fault = (reason: string) =>
  expect.objectContaining({ extensions: expect.objectContaining({ code: 'INVALID_CURSOR', reason }) });

describe('a connection cursor', () => {
  it('decodes to its position', () => {
    fc.assert(
      fc.property(positions, (position) => {
        expect(decodeCursor(key, here, encodeCursor(key, here, position))).toEqual(position);
      }),
    );
  });

  it('is rejected if any character was changed', () => {
    fc.assert(
      fc.property(positions, fc.nat(), fc.constantFrom(...'ABab01-_'), (position, where, character) => {
        const cursor = encodeCursor(key, here, position);
        const at = where % cursor.length;
        fc.pre(cursor[at] !== character);
        expect(() => decodeCursor(key, here, cursor.slice(0, at) + character + cursor.slice(at + 1))).toThrow(/after:/);
      }),
    );
  });

  it('is rejected if it is not a cursor, without an internal error', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => decodeCursor(key, here, text)).toThrow(/^after: this/);
      }),
    );
  });

  it('is rejected by a gateway with another key', () => {
    const cursor = encodeCursor(key, here, { token: 't', index: 3 });
    expect(() => decodeCursor(randomBytes(32), here, cursor)).toThrow(fault('TAMPERED'));
  });

  it.each([
    ['another principal', 'customer', 'ListAccountsForParent', { ParentId: 'r-ab12' }],
    ['another list', 'partner', 'ListOrganizationalUnitsForParent', { ParentId: 'r-ab12' }],
    ['other arguments', 'partner', 'ListAccountsForParent', { ParentId: 'r-cd34' }],
  ] as const)('is refused with %s', (_case, principal, operation, input) => {
    const cursor = encodeCursor(key, here, { token: 't', index: 3 });
    expect(() => decodeCursor(key, listFingerprint(principal, operation, input), cursor)).toThrow(fault('OTHER_LIST'));
  });

  it('is signed with the key of its gateway, also when cached', () => {
    fc.assert(
      fc.property(positions, (position) => {
        const keys = [key, randomBytes(32), key];
        for (const each of keys) {
          const bytes = Buffer.from(encodeCursor(each, here, position), 'base64url');
          const signature = createHmac('sha256', each).update(bytes.subarray(16)).digest().subarray(0, 16);
          expect(bytes.subarray(0, 16)).toEqual(signature);
        }
      }),
    );
  });

  it('does not depend on the order of the arguments', () => {
    expect(listFingerprint('p', 'ListChildren', { ParentId: 'r-ab12', ChildType: 'ACCOUNT' })).toBe(
      listFingerprint('p', 'ListChildren', { ChildType: 'ACCOUNT', ParentId: 'r-ab12' }),
    );
  });
});
