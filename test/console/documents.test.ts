import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { buildSchema, parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { consoleFiles, generateDocuments, generatedDocuments } from '../../scripts/console-documents.mjs';

const root = join(import.meta.dirname, '..', '..');
const schema = buildSchema(readFileSync(join(root, 'schema.graphql'), 'utf8'));
const documents = generatedDocuments(root);

test('the console has a document of each operation in its .graphql files', () => {
  const sources = consoleFiles(root, '.graphql').map((file) => readFileSync(file, 'utf8'));
  const operations = sources.flatMap((text) => [...text.matchAll(/^(?:query|mutation|subscription) (\w+)/gm)]);
  expect(documents.length).toBeGreaterThan(0);
  expect(documents).toHaveLength(operations.length);
});

test.each(documents)('the document is valid against schema.graphql: %s', (document) => {
  expect(validate(schema, parse(document))).toEqual([]);
});

test('the types of the documents are those of the schema (npm run console:documents)', async () => {
  for (const [file, code] of await generateDocuments(root)) {
    expect(readFileSync(file, 'utf8'), relative(root, file)).toBe(code);
  }
});
