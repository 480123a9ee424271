import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  parse,
  validate,
} from 'graphql';
import { ConfigError } from '../config/config-error.ts';
import { printable } from '../config/printable.ts';
import { commentAbove } from './comments.ts';
import type { GraphRequest } from './graph.ts';
import { RESERVED_ARGUMENTS } from './reserved-arguments.ts';

/** An operation of the folder. Its name is the tool's name. */
export interface ToolDocument {
  readonly name: string;
  readonly file: string;
  /** The comment above the operation. */
  readonly description: string;
  /** The text, as the gateway gets it. */
  readonly query: string;
  readonly document: DocumentNode;
  readonly definition: OperationDefinitionNode;
}

/** The request that runs the operation. */
export const requestOf = (
  { name, query }: ToolDocument,
  variables: Readonly<Record<string, unknown>>,
): GraphRequest => ({
  query,
  operationName: name,
  variables,
});

/** Clients reject tools with longer names. */
const MAX_NAME = 64;

/**
 * Reads the documents of a folder, one operation per file.
 *
 * @throws {ConfigError} that names every file without a valid operation.
 */
export async function readDocuments(folder: string, schema: GraphQLSchema): Promise<readonly ToolDocument[]> {
  const names = (await readdir(folder).catch((error: unknown) => unreadable(folder, error)))
    .filter((name) => name.endsWith('.graphql'))
    .sort();
  if (names.length === 0)
    throw new ConfigError(`mcp.documents: ${folder} has no file with the ending .graphql; add an operation`);
  const documents: ToolDocument[] = [];
  const mistakes: string[] = [];
  for (const name of names) {
    const file = join(folder, name);
    const text = await readFile(file, 'utf8').catch((error: unknown) => unreadable(file, error));
    const document = readDocument(file, text, schema, mistakes);
    if (document === undefined) continue;
    const other = documents.find((each) => each.name === document.name);
    if (other === undefined) documents.push(document);
    else mistakes.push(`${file}: ${other.file} has an operation ${document.name}, too; give each its own name`);
  }
  if (mistakes.length > 0) throw new ConfigError(mistakes.map(printable));
  return documents;
}

function unreadable(path: string, error: unknown): never {
  const code = error instanceof Error && 'code' in error ? error.code : error;
  const reason = code === 'ENOENT' ? 'it does not exist' : code === 'ENOTDIR' ? 'it is no folder' : String(code);
  throw new ConfigError(`mcp.documents: cannot read ${path}: ${reason}; set it to a folder with .graphql files`);
}

function readDocument(
  file: string,
  query: string,
  schema: GraphQLSchema,
  mistakes: string[],
): ToolDocument | undefined {
  const add = (text: string, line?: number) => void mistakes.push(`${file}${line ? `:${line}` : ''}: ${text}`);
  let document: DocumentNode;
  try {
    document = parse(query);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    add(error.message, error.locations?.[0]?.line);
    return undefined;
  }
  const before = mistakes.length;
  const [definition, ...others] = document.definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION);
  const name = definition?.name?.value ?? '';
  if (definition === undefined) add('it has no operation; add a query or a mutation');
  else if (others.length > 0) add('it has several operations; move each to a file of its own');
  else if (name === '') add('the operation has no name, which the tool gets; write query NAME { … }');
  else if (name.length > MAX_NAME) add(`the name ${name} has more than ${MAX_NAME} characters; use a shorter one`);
  if (definition?.operation === OperationTypeNode.SUBSCRIPTION)
    add('a subscription cannot be a tool; use a query, or orgql watch');
  for (const { variable } of definition?.variableDefinitions ?? []) {
    if (RESERVED_ARGUMENTS.has(variable.name.value))
      add(`$${variable.name.value} is an argument of every tool; give the variable another name`);
  }
  for (const { message, locations } of validate(schema, document)) add(message, locations?.[0]?.line);
  if (definition === undefined || mistakes.length > before) return undefined;
  return { name, file, description: commentAbove(definition), query, document, definition };
}
