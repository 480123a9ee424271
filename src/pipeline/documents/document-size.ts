import {
  type ASTNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  Lexer,
  type SelectionNode,
  type SelectionSetNode,
  type Source,
  TokenKind,
} from 'graphql';

/** How large a document is, with what is in a fragment counted wherever the fragment is spread: as large as what validation and execution see. */
export interface DocumentSize {
  readonly depth: number;
  readonly fields: number;
  readonly aliases: number;
  readonly directives: number;
}

const NOTHING: DocumentSize = { depth: 0, fields: 0, aliases: 0, directives: 0 };

/** In one walk over the document, however often its fragments are spread. Spreads that go round in circles count once. */
export function documentSize({ definitions }: DocumentNode): DocumentSize {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const each of definitions) if (each.kind === Kind.FRAGMENT_DEFINITION) fragments.set(each.name.value, each);
  const known = new Map<string, DocumentSize>();

  function ofFragment(name: string): DocumentSize {
    const size = known.get(name);
    if (size !== undefined) return size;
    known.set(name, NOTHING);
    const fragment = fragments.get(name);
    const found = fragment === undefined ? NOTHING : plus(ofDirectives(fragment), ofSelections(fragment.selectionSet));
    known.set(name, found);
    return found;
  }

  const ofSelections = (set: SelectionSetNode | undefined): DocumentSize =>
    (set?.selections ?? []).reduce((size, each) => plus(size, plus(ofDirectives(each), ofSelection(each))), NOTHING);

  function ofSelection(selection: SelectionNode): DocumentSize {
    switch (selection.kind) {
      case Kind.FRAGMENT_SPREAD:
        return ofFragment(selection.name.value);
      case Kind.INLINE_FRAGMENT:
        return ofSelections(selection.selectionSet);
      case Kind.FIELD: {
        const inner = ofSelections(selection.selectionSet);
        const aliases = inner.aliases + (selection.alias ? 1 : 0);
        return { ...inner, depth: inner.depth + 1, fields: inner.fields + 1, aliases };
      }
    }
  }

  const operations = definitions.map((each) =>
    each.kind === Kind.OPERATION_DEFINITION ? plus(ofDirectives(each), ofSelections(each.selectionSet)) : NOTHING,
  );
  // Validation looks at fragments that nobody spreads, too.
  const unused = [...fragments.keys()].filter((name) => !known.has(name)).map(ofFragment);
  return [...operations, ...unused].reduce(plus, NOTHING);
}

function ofDirectives(node: ASTNode): DocumentSize {
  const own = 'directives' in node ? (node.directives?.length ?? 0) : 0;
  const ofVariables =
    'variableDefinitions' in node
      ? (node.variableDefinitions ?? []).reduce((sum, { directives = [] }) => sum + directives.length, 0)
      : 0;
  return { ...NOTHING, directives: own + ofVariables };
}

/** Side by side: the deeper one's depth, and the sum of all else. */
function plus(a: DocumentSize, b: DocumentSize): DocumentSize {
  return {
    depth: Math.max(a.depth, b.depth),
    fields: a.fields + b.fields,
    aliases: a.aliases + b.aliases,
    directives: a.directives + b.directives,
  };
}

/** What a text's tokens are like. */
export interface TokenCounts {
  readonly tokens: number;
  /** Brackets in brackets, which a parser's stack has to hold. */
  readonly nesting: number;
  readonly lines: number;
  /** In characters. */
  readonly longestName: number;
}

/** Looks at no more tokens than `most`. */
export function tokensOf(source: Source, most: number): TokenCounts {
  const lexer = new Lexer(source);
  let tokens = 0;
  let open = 0;
  let nesting = 0;
  let longestName = 0;
  for (let token = lexer.advance(); token.kind !== TokenKind.EOF && tokens <= most; token = lexer.advance()) {
    const { kind } = token;
    tokens += 1;
    if (kind === TokenKind.NAME) longestName = Math.max(longestName, token.end - token.start);
    if (OPENING.has(kind)) nesting = Math.max(nesting, ++open);
    else if (CLOSING.has(kind)) open -= 1;
  }
  return { tokens, nesting, lines: lexer.line, longestName };
}

const OPENING = new Set<TokenKind>([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const CLOSING = new Set<TokenKind>([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);
