import { createGraphQLError } from 'graphql-yoga';
import type { TrustedDocuments } from '../trusted-documents.ts';
import type { ServerPlugin } from './plugin.ts';

/** The parameter of GraphQL over HTTP's appendix on persisted documents, and the extension that Apollo's clients send. */
export const DOCUMENT_ID = 'documentId';

/**
 * Runs a document that is named by its id as if it had been sent. With `only`, no other runs, whatever carries it; one that is sent in full
 * must be one of them to the letter.
 */
export function useTrustedDocuments(documents: TrustedDocuments, only: boolean): ServerPlugin {
  const texts = new Set(documents.values());
  return {
    onParams({ params, request, setParams }) {
      // The parameters are not checked yet: `params` may be anything that JSON can say.
      const id = idOf(params, request);
      const query: unknown = params?.query;
      if (id === undefined) {
        if (only && !(typeof query === 'string' && texts.has(query))) throw onlyTrusted();
        return;
      }
      const document = documents.get(id);
      if (document !== undefined) {
        const { [DOCUMENT_ID]: _, ...others }: typeof params & { [DOCUMENT_ID]?: unknown } = params;
        return setParams({ ...others, query: document });
      }
      if (only) throw query ? onlyTrusted() : notFound();
      if (!query) throw notFound();
    },
  };
}

function idOf(params: unknown, { method, url }: Request): string | undefined {
  const inUrl = method === 'GET' ? new URL(url).searchParams.get(DOCUMENT_ID) : null;
  const id =
    inUrl ??
    member(params, DOCUMENT_ID) ??
    member(member(member(params, 'extensions'), 'persistedQuery'), 'sha256Hash');
  return id == null ? undefined : String(id);
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}

const notFound = () =>
  createGraphQLError('There is no trusted document with this id (trustedDocuments.file).', {
    extensions: { code: 'PERSISTED_QUERY_NOT_FOUND', retryable: false, http: { status: 400 } },
  });

const onlyTrusted = () =>
  createGraphQLError(
    'This gateway runs trusted documents only (trustedDocuments.only). Name one with documentId or extensions.persistedQuery.sha256Hash.',
    { extensions: { code: 'TRUSTED_DOCUMENTS_ONLY', retryable: false, http: { status: 403 } } },
  );
