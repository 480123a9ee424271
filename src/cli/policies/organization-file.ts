import { dirname, join } from 'node:path';
import type { z } from 'zod';
import type { ControlPolicyInput, JsonObject, OrganizationInput } from '../../control-policies/index.ts';
import { isJsonArray, isJsonObject, type JsonValue } from '../../control-policies/json.ts';
import { formatIssues } from '../../simulator/worlds/format-issues.ts';
import { FileError, isYaml, parseDocumentText, readText } from './read-document.ts';
import { type OrganizationParts, organizationFileSchema, type PolicyEntry } from './vector-schema.ts';

/** @throws {FileError} if the file is no organization */
export async function readOrganizationFile(file: string): Promise<OrganizationInput> {
  const parts = validate(file, organizationFileSchema, parseDocumentText(file, await readText(file)));
  return loadOrganization(file, parts, new Map());
}

/** @throws {FileError} with all problems of the value */
export function validate<Schema extends z.ZodType>(file: string, schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new FileError(`${file}: ${formatIssues(result.error).replaceAll('\n', `\n${file}: `)}`);
}

/** Policies of files that have been read, by path. */
export type PolicyFiles = Map<string, Promise<ControlPolicyInput>>;

/**
 * Reads the policies that the organization names by file.
 *
 * @param file the file with the organization; names of files are relative to its folder
 * @throws {FileError}
 */
export async function loadOrganization(
  file: string,
  { tree, enabledPolicyTypes, awsManaged = {}, policies = {}, attachments }: OrganizationParts,
  read: PolicyFiles,
): Promise<OrganizationInput> {
  const missing = [tree === undefined && 'tree', attachments === undefined && 'attachments'].filter(
    (name) => name !== false,
  );
  if (tree === undefined || attachments === undefined)
    throw new FileError(`${file}: ${missing.join(' and ')} are missing`);
  const loaded = await Promise.all(
    Object.entries({ ...awsManaged, ...policies }).map(
      async ([name, entry]) => [name, await loadPolicy(file, name, entry, read)] as const,
    ),
  );
  return {
    tree,
    policies: Object.fromEntries(loaded),
    attachments,
    ...(enabledPolicyTypes && { enabledPolicyTypes }),
  };
}

/** A document as text is JSON if it begins with a brace, otherwise the name of a file. */
async function loadPolicy(
  file: string,
  name: string,
  entry: PolicyEntry,
  read: PolicyFiles,
): Promise<ControlPolicyInput> {
  const { type, document, file: fileName } = typeof entry === 'string' ? { file: entry } : entry;
  const where = `${file}: policies[${JSON.stringify(name)}]`;
  if ((document === undefined) === (fileName === undefined)) {
    throw new FileError(`${where}: expected either document or file`);
  }
  const isText = typeof document === 'string' && /^\s*\{/.test(document);
  if (document !== undefined && (typeof document !== 'string' || isText)) {
    return { type: type ?? typeOfPolicy(parsedOrUndefined(document)), document };
  }
  const path = join(dirname(file), fileName ?? String(document));
  const known = read.get(path) ?? readPolicy(path);
  read.set(path, known);
  const policy = await known;
  return type === undefined ? policy : { ...policy, type };
}

/** Reads a policy. JSON stays text, so that the evaluator finds keys that occur twice. */
async function readPolicy(path: string): Promise<ControlPolicyInput> {
  const text = await readText(path);
  const value = parseDocumentText(path, text) as JsonValue;
  if (!isJsonObject(value)) throw new FileError(`${path}: expected a policy, which is an object`);
  return { type: typeOfPolicy(value), document: isYaml(path) ? value : text };
}

function parsedOrUndefined(document: JsonObject | string): JsonValue | undefined {
  if (typeof document !== 'string') return document;
  try {
    return JSON.parse(document);
  } catch {
    return undefined;
  }
}

/** Only the statements of RCPs have a principal. */
export function typeOfPolicy(document: JsonValue | undefined): ControlPolicyInput['type'] {
  const statements = isJsonObject(document) ? document['Statement'] : undefined;
  const list = isJsonArray(statements) ? statements : [statements];
  const isRcp = list.some((statement) => isJsonObject(statement) && statement['Principal'] !== undefined);
  return isRcp ? 'RESOURCE_CONTROL_POLICY' : 'SERVICE_CONTROL_POLICY';
}
