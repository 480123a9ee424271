import fc from 'fast-check';
import { type DocumentNode, parse, type StringValueNode, visit } from 'graphql';
import { expect, it } from 'vitest';
import { toRequestDocument } from '../../src/client/documents.ts';
import { EventStreamParser } from '../../src/client/event-stream.ts';
import { schema } from '../../src/schema/index.ts';
import { randomQuery } from '../support/random-query.ts';
import { runs } from '../support/runs.ts';

const EVERYTHING = `
query First($after: String = "a\\"b\\n\\u00e9", $ids: [ID!]! = ["x", "y"], $limit: Int = -3, $share: Float = 1.5e3 @once) @live {
  ...Part @include(if: true)
  ... on Query @skip(if: false) { renamed: node(id: $ids, filter: { types: [A, B], none: null, open: true }) { id } }
  ... @defer { viewer { caller } }
  text(value: """
    a block
      of "text"
  """)
}
fragment Part on Query { changes(after: $after, limit: $limit, share: $share) { cursor } }
`;

/** The tree without what a printed text may write in another way. */
const withoutPlaces = (document: DocumentNode): unknown =>
  JSON.parse(
    JSON.stringify(
      visit(document, { StringValue: ({ kind, value }): StringValueNode => ({ kind, value }) as StringValueNode }),
    ),
  );

const printed = (document: DocumentNode) => parse(toRequestDocument(document).query, { noLocation: true });

it('prints every kind of node of an executable document', () => {
  const document = parse(EVERYTHING, { noLocation: true });
  expect(withoutPlaces(printed(document))).toEqual(withoutPlaces(document));
});

it('prints any query of the schema', () => {
  const property = fc.property(fc.gen(), (g) => {
    const text = randomQuery(g, schema, { depth: 3, breadth: 4, maxFirst: 10, ids: { '': ['111111111111'] } });
    const document = parse(text.replace(/^query\b/, 'query ($after: String)'), { noLocation: true });
    expect(withoutPlaces(printed(document))).toEqual(withoutPlaces(document));
  });
  fc.assert(property, { numRuns: runs(500, 50) });
});

it('sends the text of a parsed document, unless it has fragments of other texts', () => {
  const text = 'subscription ($after: String) { changes(after: $after) { ...Event } } fragment Event on E { cursor }';
  expect(toRequestDocument(parse(text))).toEqual({ query: text });
  const [own] = parse('subscription ($after: String) { changes(after: $after) { ...Event } }').definitions;
  const [other] = parse('fragment Event on E { cursor }').definitions;
  if (own === undefined || other === undefined) throw new Error('no definitions');
  const { query } = toRequestDocument({ ...parse('{ a }'), definitions: [own, other] });
  expect(withoutPlaces(parse(query, { noLocation: true }))).toEqual(withoutPlaces(parse(text, { noLocation: true })));
});

it('accepts the text of graphql-codegen, and the id of a trusted document', () => {
  class TypedDocumentString extends String {}
  const text = 'subscription ($after: String) { changes(after: $after) { cursor } }';
  expect(toRequestDocument(new TypedDocumentString(text))).toEqual({ query: text });
  expect(toRequestDocument({ documentId: 'sha256:1' })).toEqual({ query: '', documentId: 'sha256:1' });
});

it('rejects a document with type definitions', () => {
  expect(() => toRequestDocument(parse('type A { b: C }', { noLocation: true }))).toThrow('ObjectTypeDefinition');
});

it('reads the same events of a stream, wherever it is cut and whichever line ends it has', () => {
  const text = ':\n\nevent: next\ndata: {"a":1}\ndata: {"b":2}\n\nevent:complete\nid: 7\n\ndata\n\n';
  const events = [
    { type: 'next', data: '{"a":1}\n{"b":2}' },
    { type: 'complete', data: '' },
    { type: '', data: '' },
  ];
  const property = fc.property(
    fc.constantFrom('\n', '\r\n', '\r'),
    fc.array(fc.nat(text.length * 2), { maxLength: 20 }),
    (end, cuts) => {
      const stream = `${text.replaceAll('\n', end)}${end === '\r' ? ':' : ''}`;
      const parser = new EventStreamParser();
      const places = [0, ...cuts.filter((cut) => cut < stream.length).sort((a, b) => a - b), stream.length];
      const received = places.flatMap((place, index) => parser.parse(stream.slice(places[index - 1] ?? 0, place)));
      expect(received).toEqual(events);
    },
  );
  fc.assert(property, { numRuns: runs(1_000, 100) });
});

it('rejects an endless event of a stream', () => {
  const parser = new EventStreamParser();
  const chunk = `data: ${'x'.repeat(1024 * 1024)}\n`;
  expect(() => {
    for (let index = 0; index < 20; index += 1) parser.parse(chunk);
  }).toThrow('longer than 16777216 characters');
});
