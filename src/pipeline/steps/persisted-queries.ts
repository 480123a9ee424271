import { createHash } from 'node:crypto';
import { GraphQLError } from 'graphql';
import type { PersistedQueryStore } from '../documents/persisted-queries.ts';
import { documentOf, type TrustedDocuments } from '../documents/trusted-documents.ts';
import { memberOf, type Operation } from '../operation.ts';
import type { Step } from './step.ts';

export interface PersistedQueriesOptions {
  /** Absent where the configuration has none. */
  readonly store: PersistedQueryStore | undefined;
  /** Their ids may be any text, and they need no store. */
  readonly trusted: TrustedDocuments | undefined;
  /** Longer documents are not stored, in bytes of UTF-8. */
  readonly maxDocumentBytes: number;
}

/**
 * Automatic persisted queries, in the protocol of Apollo's clients, which urql's and others speak too
 * (https://github.com/apollographql/apollo-link-persisted-queries#protocol): `extensions.persistedQuery` has `version`
 * 1 and `sha256Hash`. A document is kept when it is about to run: one that is invalid, too expensive or not allowed
 * takes no room.
 */
export function persistedQueries({ store, trusted, maxDocumentBytes }: PersistedQueriesOptions): Step {
  return {
    onRequest(operation) {
      const { params } = operation;
      const persisted = memberOf(params.extensions, 'persistedQuery');
      const hash = memberOf(persisted, 'sha256Hash');
      if (hash == null || (trusted && documentOf(trusted, params) !== undefined)) return undefined;
      const isAlone = params.query == null || params.query === '';
      if (store === undefined) {
        if (isAlone) throw notSupported();
        return undefined;
      }
      const version = memberOf(persisted, 'version');
      if (version != null && version !== 1) throw wrong('extensions.persistedQuery.version must be 1.', 'BAD_REQUEST');
      if (isAlone) return useKept(operation, store, hash);
      checkHash(operation, hash);
      return undefined;
    },
    onExecute({ limitKey, persistedHash, params: { query } }) {
      if (store === undefined || persistedHash === undefined || typeof query !== 'string') return undefined;
      if (Buffer.byteLength(query) <= maxDocumentBytes) store.add(limitKey, persistedHash, query);
      return undefined;
    },
  };
}

/** SHA-256 in hexadecimal. */
const HASH = /^[0-9a-f]{64}$/;

function useKept(operation: Operation, store: PersistedQueryStore, hash: unknown): void | Promise<void> {
  const use = (query: string | undefined): void => {
    if (query === undefined) throw persistedQueryNotFound();
    operation.params = { ...operation.params, query };
  };
  if (typeof hash !== 'string' || !HASH.test(hash)) throw persistedQueryNotFound();
  const found = store.find(hash);
  return found instanceof Promise ? found.then(use) : use(found);
}

function checkHash(operation: Operation, hash: unknown): void {
  const { query } = operation.params;
  // Values of other types are rejected when the parameters are validated.
  if (typeof query !== 'string') return;
  if (createHash('sha256').update(query).digest('hex') !== hash)
    throw wrong(
      'extensions.persistedQuery.sha256Hash is not the SHA-256 hash of the query. Hash the text exactly as it is sent, ' +
        'and write the hash in lower-case hexadecimal.',
      'PERSISTED_QUERY_MISMATCH',
    );
  operation.persistedHash = hash;
}

/**
 * The response must not be cached. The status is 200, as Apollo Client 3 takes others for a server without persisted
 * queries.
 */
const http = { status: 200, headers: { 'cache-control': 'private, no-cache, must-revalidate' } };

/** Clients recognize it by its message or its code, and send the document. */
export const persistedQueryNotFound = () =>
  new GraphQLError('PersistedQueryNotFound', {
    extensions: { code: 'PERSISTED_QUERY_NOT_FOUND', retryable: false, http },
  });

/** Apollo Client sends no hash without a document after this error. */
const notSupported = () =>
  new GraphQLError('PersistedQueryNotSupported', {
    extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED', retryable: false, http },
  });

const wrong = (message: string, code: string) =>
  new GraphQLError(message, { extensions: { code, retryable: false, http: { status: 400 } } });
