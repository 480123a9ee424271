import { GraphQLError } from 'graphql';
import type { TrustedDocuments } from '../documents/trusted-documents.ts';
import { memberOf } from '../member-of.ts';
import type { Params } from '../operation.ts';
import { persistedQueryNotFound } from './persisted-queries.ts';
import type { Step } from './step.ts';

/** The parameter of GraphQL over HTTP's appendix on persisted documents, beside the extension that Apollo's clients send. */
export const DOCUMENT_ID = 'documentId';

/**
 * Runs a document that is named by its id as if it had been sent. With `only`, no other runs, whatever carries it; one that is sent in full
 * must be one of them to the letter. `persisted`: a hash that is not among them may be one of a persisted query.
 */
export function trustedDocuments(documents: TrustedDocuments, only: boolean, persisted: boolean): Step {
  const texts = new Set(documents.values());
  return {
    admit(operation) {
      const { params } = operation;
      const { query } = params;
      const id = idOf(params);
      if (id === undefined) {
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

/** The trusted document that the parameters name, if they name one and it is there. */
export function documentOf(documents: TrustedDocuments, params: Params): string | undefined {
  const id = idOf(params);
  return id === undefined || id === NO_ID ? undefined : documents.get(id);
}

/** What is no text names no document. */
const NO_ID = Symbol();

function idOf(params: Params): string | typeof NO_ID | undefined {
  const id = params[DOCUMENT_ID] ?? memberOf(memberOf(params.extensions, 'persistedQuery'), 'sha256Hash');
  if (id == null) return undefined;
  return typeof id === 'object' ? NO_ID : String(id);
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
