import { GraphQLError } from 'graphql';
import { documentIdOf, documentOf, type TrustedDocuments } from '../documents/trusted-documents.ts';
import { DOCUMENT_ID } from '../operation.ts';
import { persistedQueryNotFound } from './persisted-queries.ts';
import type { Step } from './step.ts';

/**
 * Runs a document that is named by its id as if it had been sent. With `only`, no other runs, whatever carries it; one that is sent in full
 * must be one of them to the letter. `persisted`: a hash that is not among them may be one of a persisted query.
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
      // Clients of automatic persisted queries then send the document, which may run.
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
