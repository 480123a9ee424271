import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Encryptor, KeyHasher } from '../../src/redis/cache-namespace.ts';

const secret = 'a secret that is long enough for it';
const text = fc.string({ unit: 'grapheme', maxLength: 300 });

describe('encrypted text', () => {
  it('is decrypted with the same secret, owner and label, also by another process', () => {
    fc.assert(
      fc.property(text, text, text, (plain, owner, label) => {
        expect(new Encryptor(secret, owner).decrypt(new Encryptor(secret, owner).encrypt(plain, label), label)).toBe(
          plain,
        );
      }),
    );
  });

  it('is not decrypted with another secret, owner or label', () => {
    fc.assert(
      fc.property(text, text, text, text, (plain, owner, label, other) => {
        fc.pre(other !== owner && other !== label);
        const encrypted = new Encryptor(secret, owner).encrypt(plain, label);
        expect(new Encryptor(secret, owner).decrypt(encrypted, other)).toBeUndefined();
        expect(new Encryptor(secret, other).decrypt(encrypted, label)).toBeUndefined();
        expect(new Encryptor(`${secret}.`, owner).decrypt(encrypted, label)).toBeUndefined();
      }),
    );
  });

  it('is not decrypted when a single bit has changed', () => {
    const encryptor = new Encryptor(secret, 'owner');
    fc.assert(
      fc.property(text, fc.nat(), (plain, at) => {
        const bytes = Buffer.from(encryptor.encrypt(plain, 'label'), 'base64');
        const bit = at % (bytes.length * 8);
        bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(encryptor.decrypt(bytes.toString('base64'), 'label')).toBeUndefined();
      }),
    );
  });

  it('is not decrypted when it is truncated, or something else', () => {
    const encryptor = new Encryptor(secret, 'owner');
    fc.assert(
      fc.property(fc.string(), (junk) => {
        expect(encryptor.decrypt(junk, 'label')).toBeUndefined();
      }),
    );
    const encrypted = Buffer.from(encryptor.encrypt('text', 'label'), 'base64');
    for (let length = 0; length < encrypted.length; length += 1) {
      expect(encryptor.decrypt(encrypted.subarray(0, length).toString('base64'), 'label')).toBeUndefined();
    }
  });

  it('is different each time', () => {
    const encryptor = new Encryptor(secret, 'owner');
    expect(new Set(Array.from({ length: 100 }, () => encryptor.encrypt('text', 'label'))).size).toBe(100);
  });
});

it('hashes are the same for the same parts and secret, and different for all others', () => {
  const hasher = new KeyHasher(secret);
  expect(new KeyHasher(secret).hash('a', 'b')).toBe(hasher.hash('a', 'b'));
  const names = [
    hasher.hash('a', 'b'),
    hasher.hash('ab'),
    hasher.hash('a', 'b', ''),
    new KeyHasher(`${secret}.`).hash('a', 'b'),
  ];
  expect(new Set(names).size).toBe(names.length);
});
