import { BREAK, type DocumentNode, visit } from 'graphql';

/** Whether a document has one of these directives anywhere. */
export function usesDirective(document: DocumentNode, ...names: readonly string[]): boolean {
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
