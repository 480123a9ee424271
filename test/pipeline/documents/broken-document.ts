import { type DocumentNode, visit } from 'graphql';

/** What people mistype, and worse: names and values that are moved to where they do not belong. */
export function broken(document: DocumentNode, every: number): DocumentNode {
  let seen = 0;
  const names = ['cat', 'dog', 'name', 'at', 'n', 'F0', 'Cat', 'nothing', 'lives', 'skip', 'Any'];
  return visit(document, {
    Name(node) {
      seen += 1;
      return seen % every === 0 ? { ...node, value: names[seen % names.length] as string } : undefined;
    },
    IntValue(node) {
      seen += 1;
      return seen % every === 0 ? { ...node, value: String(seen) } : undefined;
    },
    Directive(node) {
      seen += 1;
      return seen % every === 0 ? null : node.arguments?.length === 0 ? null : undefined;
    },
  });
}
