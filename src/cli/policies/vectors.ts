import type { z } from 'zod';
import type { AccessRequest, Decision, DenialReason, OrganizationInput } from '../../control-policies/index.ts';
import { findFiles } from './find-files.ts';
import { loadOrganization, type PolicyFiles, validate } from './organization-file.ts';
import { FileError, parseDocumentText, readText } from './read-document.ts';
import { type OrganizationParts, type VectorEntry, vectorFileSchema } from './vector-schema.ts';

/** A request, and the decision that is expected. */
export interface Vector {
  readonly name: string;
  readonly topic: string | undefined;
  readonly organization: OrganizationInput;
  readonly request: AccessRequest;
  readonly expected: ExpectedDecision;
}

export interface ExpectedDecision {
  readonly decision: Decision;
  /** The members that it has are compared. */
  readonly because?: { readonly [Name in keyof DenialReason]?: DenialReason[Name] | string | null };
  readonly missingContextKeys?: readonly string[];
}

export interface VectorFile {
  readonly file: string;
  readonly vectors: readonly Vector[];
}

/**
 * Reads the vectors of files and folders. Files in folders that have no `vectors`, such as policies, are skipped.
 *
 * @param readOrganization reads a tree, policies and attachments that replace those of the vectors. Called with the
 *   accounts of all requests, after all files were found valid.
 * @throws {FileError} if there are none, or a file is not valid
 */
export async function readVectors(
  paths: readonly string[],
  readOrganization?: (accounts: readonly string[]) => Promise<OrganizationInput>,
): Promise<VectorFile[]> {
  const files = await findFiles(paths, ['.json', '.yaml', '.yml']);
  const found: { readonly file: string; readonly content: z.output<typeof vectorFileSchema> }[] = [];
  for (const { file, isNamed } of files) {
    const text = await readText(file);
    // A folder may have files that are no vectors, even malformed ones.
    if (!isNamed && !/\bvectors\b/.test(text)) continue;
    const value = parseDocumentText(file, text);
    const hasVectors = typeof value === 'object' && value !== null && 'vectors' in value;
    if (!isNamed && !hasVectors) continue;
    found.push({ file, content: validate(file, vectorFileSchema, value) });
  }
  const all = found.flatMap(({ content }) => content.vectors);
  if (all.length === 0) {
    throw new FileError(`${paths.join(', ')}: no vectors found; expected files with the member vectors`);
  }
  const organization = await readOrganization?.(accountsOf(all));
  const policyFiles: PolicyFiles = new Map();
  const read: VectorFile[] = [];
  for (const { file, content } of found) {
    const { vectors, ...shared } = content;
    let ofFile: Promise<OrganizationInput> | undefined;
    const loadFor = (own: OrganizationParts): Promise<OrganizationInput> => {
      if (Object.keys(own).length > 0) return loadOrganization(file, { ...shared, ...own }, policyFiles);
      ofFile ??= loadOrganization(file, shared, policyFiles);
      return ofFile;
    };
    const load = async ({ name, topic, request, decision, because, missingContextKeys, ...own }: VectorEntry) => ({
      name,
      topic,
      request,
      expected: { decision, ...(because && { because }), ...(missingContextKeys && { missingContextKeys }) },
      organization: organization ?? (await loadFor(withoutNotes(own))),
    });
    read.push({ file, vectors: await Promise.all(vectors.map(load)) });
  }
  return read;
}

/** The accounts of requests and of their principals. Malformed ids are reported with their vector. */
function accountsOf(vectors: readonly VectorEntry[]): readonly string[] {
  const named = vectors.flatMap(({ request: { account, principal } }) => [account, principal?.account ?? account]);
  return [...new Set(named)].filter((id) => /^\d{12}$/.test(id));
}

function withoutNotes<Own extends object>({ source: _, note: __, ...own }: Own & { source?: string; note?: string }) {
  return own;
}
