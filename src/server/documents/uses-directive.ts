import { BREAK, type DocumentNode, visit } from 'graphql';

/** Whether a document has one of these directives anywhere. Each document is looked through once. */
export function createUsesDirective(...names: readonly string[]): (document: DocumentNode) => boolean {
  const known = new WeakMap<DocumentNode, boolean>();
  return (document) => {
    let found = known.get(document);
    if (found === undefined) {
      found = hasDirective(document, names);
      known.set(document, found);
    }
    return found;
  };
}

function hasDirective(document: DocumentNode, names: readonly string[]): boolean {
  let found = false;
  visit(document, {
    Directive({ name }) {
      if (!names.includes(name.value)) return undefined;
      found = true;
      return BREAK;
    },
  });
  return found;
}
