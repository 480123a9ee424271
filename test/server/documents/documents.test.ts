import { buildSchema } from 'graphql';
import { expect, test } from 'vitest';
import { configSchema } from '../../../src/config.ts';
import { Documents } from '../../../src/server/documents/documents.ts';

const documents = new Documents(buildSchema('type Query { a: Query }'), configSchema.parse({}));

/** Whether the first of these is still known when the last has been looked at. */
function keepsFirst(texts: readonly string[]): boolean {
  const [first] = texts.map((text) => documents.look(text));
  return documents.look(texts[0] ?? '') === first;
}

const doubling = Array.from({ length: 9 }, (_, n) => `fragment f${n + 1} on Query { ...f${n} ...f${n} }`).join(' ');
const wide = (n: number) =>
  `query q${n} { ...f9 } fragment f0 on Query { ${'a { __typename } '.repeat(9)}} ${doubling}`;

test('a document is prepared once, and so is the refusal of one that is wrong', () => {
  for (const text of ['{ a { a { __typename } } }', '{ nothing }', '{']) expect(keepsFirst([text, text])).toBe(true);
});

test('documents are kept by what they take up: a short one whose fragments make it large counts for what it is', () => {
  expect(keepsFirst(Array.from({ length: 50 }, (_, n) => `query small${n} { a { a { __typename } } }`))).toBe(true);
  expect(wide(1).length).toBeLessThan(800);
  expect(keepsFirst(Array.from({ length: 50 }, (_, n) => wide(n)))).toBe(false);
});
