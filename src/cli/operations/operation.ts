import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { type DocumentNode, GraphQLError, Kind, type OperationDefinitionNode, OperationTypeNode, parse } from 'graphql';
import { ConfigError } from '../../config/config-error.ts';
import { printable } from '../../config/printable.ts';
import { parseVariables, type VariableTexts } from './variables.ts';

export interface OperationOptions {
  readonly operation?: string;
  readonly var?: VariableTexts;
  readonly principal?: string;
  readonly maxAge?: number;
  readonly all?: boolean;
  readonly after?: string;
  readonly json?: boolean;
  readonly table?: boolean;
  readonly csv?: boolean;
}

export type Format = 'json' | 'table' | 'csv';

/** An operation of a document, and how it is sent. */
export interface Operation {
  readonly document: DocumentNode;
  readonly definition: OperationDefinitionNode;
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly extensions: Readonly<Record<string, unknown>>;
  readonly format: Format;
}

/**
 * Reads the operation in a file.
 *
 * @throws {ConfigError} that names all mistakes of the file and of the variables.
 */
export async function readOperation(
  file: string,
  command: 'query' | 'watch',
  options: OperationOptions,
): Promise<Operation> {
  const query = await readDocument(file);
  const document = parseDocument(file, query);
  const definition = selectOperation(file, document, options.operation);
  const isSubscription = definition.operation === OperationTypeNode.SUBSCRIPTION;
  const mistakes: string[] = [];
  if (isSubscription && command === 'query') mistakes.push(`${file} has a subscription; run it with orgql watch`);
  if (!isSubscription && command === 'watch')
    mistakes.push(`${file} has a ${definition.operation}; run it with orgql query`);
  const formats = (['json', 'table', 'csv'] as const).filter((format) => options[format]);
  if (formats.length > 1)
    mistakes.push(`${formats.map((format) => `--${format}`).join(' and ')} are given; expected one of them`);
  const pagesBy = options.all ? '--all' : options.after !== undefined && '--after';
  if (pagesBy) {
    if (!definition.variableDefinitions?.some(({ variable }) => variable.name.value === 'after'))
      mistakes.push(`${pagesBy} needs the variable $after: String in ${file}`);
    if (options.all && definition.operation === OperationTypeNode.MUTATION)
      mistakes.push('--all is for queries; a mutation would run again for each page');
    if (options.after !== undefined && options.var?.['after'] !== undefined)
      mistakes.push('--after and --var after are given; expected one of them');
  }
  const variables = parseVariables(definition, options.var ?? {}, (text) => mistakes.push(text));
  if (mistakes.length > 0) throw new ConfigError(mistakes.map(printable));
  return {
    document,
    definition,
    query,
    operationName: definition.name?.value,
    variables: options.after === undefined ? variables : { ...variables, after: options.after },
    extensions: {
      ...(options.principal !== undefined && { principal: options.principal }),
      ...(options.maxAge !== undefined && { orgql: { maxAge: options.maxAge } }),
    },
    format: formats[0] ?? 'json',
  };
}

/** What is sent for an operation, with other variables where given. */
export const requestOf = (
  { query, operationName, variables, extensions }: Operation,
  more: Readonly<Record<string, unknown>> = {},
) => ({
  query,
  ...(operationName !== undefined && { operationName }),
  variables: { ...variables, ...more },
  extensions,
});

async function readDocument(file: string): Promise<string> {
  if (file === '-') return text(process.stdin);
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const reason = code === 'ENOENT' ? 'the file does not exist' : String(code ?? error);
    throw new ConfigError([`cannot read ${file}: ${reason}`]);
  }
}

function parseDocument(file: string, query: string): DocumentNode {
  try {
    return parse(query);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    throw new ConfigError([`${file}:${error.locations?.[0]?.line ?? 1}: ${printable(error.message)}`]);
  }
}

function selectOperation(file: string, document: DocumentNode, name: string | undefined): OperationDefinitionNode {
  const operations = document.definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION);
  const names = operations.map((each) => each.name?.value ?? '(no name)').join(', ');
  const selected = name === undefined ? operations : operations.filter((each) => each.name?.value === name);
  const [first, second] = selected;
  if (first && !second) return first;
  if (operations.length === 0) throw new ConfigError([`${file} has no operation`]);
  throw new ConfigError([
    name === undefined
      ? `${file} has several operations; choose one with --operation: ${names}`
      : `--operation ${name}: ${file} has no such operation; expected ${names}`,
  ]);
}
