import { type DocumentNode, type FieldNode, GraphQLError, Kind, parse, visit } from 'graphql';
import { placeAt } from './error-at.ts';

/** Gives an error its place in the document as it was sent. */
export type Relocate = (error: GraphQLError) => GraphQLError;

/**
 * A document's copy without places, for an executor that works out lines and columns of every error, in time that grows with the document, before only the first errors
 * are sent; and what gives those their places.
 */
export function withoutPlaces(document: DocumentNode): {
  readonly document: DocumentNode;
  readonly relocate: Relocate;
} {
  const text = document.loc?.source.body;
  if (text === undefined) return { document, relocate: (error) => error };
  const copy = parse(text, { noLocation: true });
  let originals: Map<FieldNode, FieldNode> | undefined;
  const places = new Map<FieldNode, GraphQLError>();

  const placeOf = (node: FieldNode): GraphQLError | undefined => {
    originals ??= originalsOf(copy, document);
    const original = originals.get(node);
    let place = places.get(node);
    if (place === undefined && original !== undefined) {
      place = new GraphQLError('', { nodes: original });
      places.set(node, place);
    }
    return place;
  };

  return {
    document: copy,
    relocate(error) {
      const found = (error.nodes ?? []).flatMap((node) => (node.kind === Kind.FIELD ? (placeOf(node) ?? []) : []));
      if (found.length > 0)
        placeAt(error, {
          nodes: found.flatMap(({ nodes }) => nodes ?? []),
          source: found[0]?.source,
          positions: found.flatMap(({ positions }) => positions ?? []),
          locations: found.flatMap(({ locations }) => locations ?? []),
        });
      return error;
    },
  };
}

/** Both are of the same text, and have the same fields in the same order. */
function originalsOf(copy: DocumentNode, document: DocumentNode): Map<FieldNode, FieldNode> {
  const originals = fieldsOf(document);
  return new Map(
    fieldsOf(copy).flatMap((node, index): [FieldNode, FieldNode][] => {
      const original = originals[index];
      return original === undefined ? [] : [[node, original]];
    }),
  );
}

function fieldsOf(document: DocumentNode): readonly FieldNode[] {
  const fields: FieldNode[] = [];
  visit(document, { Field: (node) => void fields.push(node) });
  return fields;
}
