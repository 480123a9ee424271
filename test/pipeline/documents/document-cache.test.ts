import { buildSchema } from 'graphql';
import { expect, test } from 'vitest';
import { configSchema } from '../../../src/config/index.ts';
import { DocumentCache } from '../../../src/pipeline/documents/document-cache.ts';

const schema = buildSchema('type Query { a: Query } type Subscription { a: Query }');
const documents = new DocumentCache(schema, configSchema.parse({}));

/** Whether the first of these, once it is kept, is still known when the last has come twice. */
function keepsFirst(texts: readonly string[]): boolean {
  const [first] = texts.map((text) => {
    documents.prepare(text);
    return documents.prepare(text);
  });
  return documents.prepare(texts[0] ?? '') === first;
}

const doubling = Array.from({ length: 9 }, (_, n) => `fragment f${n + 1} on Query { ...f${n} ...f${n} }`).join(' ');
const wide = (n: number) =>
  `query q${n} { ...f9 } fragment f0 on Query { ${'a { __typename } '.repeat(9)}} ${doubling}`;

test('caches a document on its second use, or its validation errors', () => {
  for (const text of ['{ a { a { __typename } } }', '{ nothing }', '{']) {
    const [first, second, third] = [documents.prepare(text), documents.prepare(text), documents.prepare(text)];
    expect(second).not.toBe(first);
    expect(third).toBe(second);
  }
});

test('a document used once does not evict one that is used again', () => {
  const text = '{ a { b: __typename } }';
  documents.prepare(text);
  const kept = documents.prepare(text);
  for (let n = 0; n < 1_500; n += 1) documents.prepare(`{ once${n}: __typename }`);
  expect(documents.prepare(text)).toBe(kept);
});

test('equal subscriptions share one prepared operation from the first on', () => {
  const text = 'query q { a { __typename } } subscription s { a { __typename } }';
  const first = documents.prepare(text);
  expect(documents.prepare(text)).toBe(first);
});

test('documents are evicted by size, in which fragments count at each spread', () => {
  expect(keepsFirst(Array.from({ length: 50 }, (_, n) => `query small${n} { a { a { __typename } } }`))).toBe(true);
  expect(wide(1).length).toBeLessThan(800);
  expect(keepsFirst(Array.from({ length: 50 }, (_, n) => wide(n)))).toBe(false);
});
