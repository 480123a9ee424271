import { readFile } from 'node:fs/promises';
import { type GraphQLSchema, parse, validate } from 'graphql';
import { ConfigError } from '../../config/config-error.ts';
import { DOCUMENT_ID, memberOf, type Params } from '../operation.ts';

/** Documents by their hashes, or whatever ids their maker gave them. */
export type TrustedDocuments = ReadonlyMap<string, string>;

/**
 * Reads a file of trusted documents: JSON, `{ "<id>": "<document>" }`. Rejects with a `ConfigError` when it cannot be
 * read, or when one of them could not run, so that the gateway does not start.
 */
export async function readTrustedDocuments(file: string, schema: GraphQLSchema): Promise<TrustedDocuments> {
  const line = (what: string) => `trustedDocuments.file: ${file} ${what}`;
  const wrong = (what: string, cause?: unknown) => new ConfigError(line(what), cause);
  let content: unknown;
  try {
    content = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw wrong(missing ? 'does not exist' : `cannot be read as JSON: ${oneLine(error)}`, error);
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    throw wrong('does not hold documents by their hashes; expected { "<hash>": "<document>" }');
  const documents = new Map<string, string>();
  const mistakes: string[] = [];
  for (const [id, text] of Object.entries(content)) {
    if (typeof text !== 'string') {
      mistakes.push(line(`has no text under ${JSON.stringify(id)}; expected a document`));
      continue;
    }
    const [error] = problemsOf(text, schema);
    if (error === undefined) documents.set(id, text);
    else mistakes.push(line(`has a document that cannot run, ${JSON.stringify(id)}: ${oneLine(error)}`));
  }
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return documents;
}

function problemsOf(text: string, schema: GraphQLSchema): readonly unknown[] {
  try {
    return validate(schema, parse(text));
  } catch (error) {
    return [error];
  }
}

const oneLine = (error: unknown) => (error instanceof Error ? error.message : String(error)).replace(/\s*\n\s*/g, ' ');

/** The trusted document that the parameters name, if they name one that exists. */
export function documentOf(documents: TrustedDocuments, params: Params): string | undefined {
  const id = documentIdOf(params);
  return id === undefined || typeof id === 'object' ? undefined : documents.get(String(id));
}

/** As the client sent it, of whatever type. */
export function documentIdOf({ [DOCUMENT_ID]: id, extensions }: Params): unknown {
  return id ?? memberOf(memberOf(extensions, 'persistedQuery'), 'sha256Hash');
}
