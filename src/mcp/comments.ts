import { type ASTNode, TokenKind } from 'graphql';

/** The comment in the lines directly above a node, as one text. GraphQL 16 has no descriptions in operations. */
export function commentAbove({ loc }: ASTNode): string {
  const lines: string[] = [];
  let line = loc?.startToken.line ?? 0;
  for (let token = loc?.startToken.prev; token?.kind === TokenKind.COMMENT; token = token.prev) {
    // A comment behind something else, or above an empty line, is about something else.
    if (token.line !== line - 1 || token.prev?.line === token.line) break;
    lines.unshift(token.value.trim());
    line = token.line;
  }
  return lines.join(' ').trim();
}
