import { printDocument } from './print-document.ts';

/**
 * A parsed document with the types of its result and variables, as graphql-codegen generates it (`TypedDocumentNode`,
 * or `TypedDocumentString`). graphql's own `DocumentNode` is one, too.
 */
export type TypedDocument<Data = unknown, Variables = never> = (
  | { readonly kind: 'Document'; readonly definitions: readonly unknown[] }
  // biome-ignore lint/complexity/noBannedTypes: codegen's TypedDocumentString extends String.
  | (String & { readonly kind?: never })
) & { readonly __apiType?: (variables: Variables) => Data };

/** A document that the gateway knows by its id, see `trustedDocuments`. */
export interface TrustedDocument {
  readonly documentId: string;
}

/** The members of a request that name its document. A trusted document has no text. */
export interface RequestDocument {
  readonly query: string;
  readonly documentId?: string;
}

/**
 * Returns how a request names the subscription.
 * @throws TypeError for a document that cannot be resumed, as it has no variable `$after`.
 */
export function toRequestDocument(subscription: string | TypedDocument | TrustedDocument): RequestDocument {
  if (typeof subscription === 'object' && 'documentId' in subscription) {
    return { query: '', documentId: subscription.documentId };
  }
  const query = isParsed(subscription) ? printDocument(subscription) : String(subscription);
  if (!/\$after\b/.test(query)) {
    throw new TypeError(
      'The subscription has no variable `$after`, so it could not resume. ' +
        'Declare it and pass it on: `subscription ($after: String) { organizationHandshakeChanges(after: $after) { … } }`.',
    );
  }
  return { query };
}

const isParsed = (
  subscription: string | TypedDocument,
): subscription is TypedDocument & { readonly kind: 'Document' } =>
  typeof subscription === 'object' && 'kind' in subscription && subscription.kind === 'Document';
