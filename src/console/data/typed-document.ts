/** A GraphQL document as text, with the types of its result and of its variables. */
export class TypedDocument<Data, Variables> extends String {
  declare readonly __apiType?: (variables: Variables) => Data;
}

/** The name of a document's operation, such as `InboundTransfers`. */
export const operationNameOf = (document: string): string =>
  /\b(?:query|mutation|subscription)\s+(\w+)/.exec(document)?.[1] ?? '';

export const isMutation = (document: string): boolean => /^\s*mutation\b/m.test(document);
