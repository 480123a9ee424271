import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Namer, Seal } from '../../src/redis/seal.ts';

const secret = 'a secret that is long enough for it';
const text = fc.string({ unit: 'grapheme', maxLength: 300 });

describe('what is sealed', () => {
  it('is opened with the same secret, by the same owner, under the same label: also by another process', () => {
    fc.assert(
      fc.property(text, text, text, (plain, owner, label) => {
        expect(new Seal(secret, owner).open(new Seal(secret, owner).close(plain, label), label)).toBe(plain);
      }),
    );
  });

  it('is opened by nobody else', () => {
    fc.assert(
      fc.property(text, text, text, text, (plain, owner, label, other) => {
        fc.pre(other !== owner && other !== label);
        const sealed = new Seal(secret, owner).close(plain, label);
        expect(new Seal(secret, owner).open(sealed, other)).toBeUndefined();
        expect(new Seal(secret, other).open(sealed, label)).toBeUndefined();
        expect(new Seal(`${secret}.`, owner).open(sealed, label)).toBeUndefined();
      }),
    );
  });

  it('is not opened when a single bit of it is another', () => {
    const seal = new Seal(secret, 'owner');
    fc.assert(
      fc.property(text, fc.nat(), (plain, at) => {
        const bytes = Buffer.from(seal.close(plain, 'label'), 'base64');
        const bit = at % (bytes.length * 8);
        bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(seal.open(bytes.toString('base64'), 'label')).toBeUndefined();
      }),
    );
  });

  it('is not opened when it is cut short, or is something else', () => {
    const seal = new Seal(secret, 'owner');
    fc.assert(
      fc.property(fc.string(), (junk) => {
        expect(seal.open(junk, 'label')).toBeUndefined();
      }),
    );
    const sealed = Buffer.from(seal.close('text', 'label'), 'base64');
    for (let length = 0; length < sealed.length; length += 1) {
      expect(seal.open(sealed.subarray(0, length).toString('base64'), 'label')).toBeUndefined();
    }
  });

  it('never looks the same twice', () => {
    const seal = new Seal(secret, 'owner');
    expect(new Set(Array.from({ length: 100 }, () => seal.close('text', 'label'))).size).toBe(100);
  });
});

it('names are the same for the same parts and secret, and different for all others', () => {
  const named = new Namer(secret);
  expect(new Namer(secret).name('a', 'b')).toBe(named.name('a', 'b'));
  const names = [
    named.name('a', 'b'),
    named.name('ab'),
    named.name('a', 'b', ''),
    new Namer(`${secret}.`).name('a', 'b'),
  ];
  expect(new Set(names).size).toBe(names.length);
});
