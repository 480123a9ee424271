import { GraphQLError } from 'graphql';
import { documentIdOf, documentOf, type TrustedDocuments } from '../documents/trusted-documents.ts';
import { DOCUMENT_ID } from '../operation.ts';
import { persistedQueryNotFound } from './persisted-queries.ts';
import type { Step } from './step.ts';

/**
 * Replaces the id of a trusted document by its text. With `only`, all other documents are rejected, and a full text
 * must equal a trusted one. `persisted`: an unknown hash may be that of a persisted query.
 */
export function trustedDocuments(documents: TrustedDocuments, only: boolean, persisted: boolean): Step {
  const texts = new Set(documents.values());
  return {
    onRequest(operation) {
      const { params } = operation;
      const { query } = params;
      if (documentIdOf(params) == null) {
        if (only && !(typeof query === 'string' && texts.has(query))) throw onlyTrusted();
        return;
      }
      const document = documentOf(documents, params);
      if (document !== undefined) {
        const { [DOCUMENT_ID]: _, ...others } = params;
        operation.params = { ...others, query: document };
        return;
      }
      if (only) throw query ? onlyTrusted() : notFound();
      if (query) return;
      // Clients of automatic persisted queries then send the document, which may be trusted.
      if (params[DOCUMENT_ID] != null) throw notFound();
      if (!persisted) throw persistedQueryNotFound();
    },
  };
}

const notFound = () =>
  new GraphQLError('There is no trusted document with this id (trustedDocuments.file).', {
    extensions: { code: 'PERSISTED_QUERY_NOT_FOUND', retryable: false, http: { status: 400 } },
  });

const onlyTrusted = () =>
  new GraphQLError(
    'This gateway runs trusted documents only (trustedDocuments.only). Name one with documentId or extensions.persistedQuery.sha256Hash.',
    { extensions: { code: 'TRUSTED_DOCUMENTS_ONLY', retryable: false, http: { status: 403 } } },
  );
