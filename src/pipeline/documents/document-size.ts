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
import { fragmentsOf } from '../../schema/cost/collect-fields.ts';

/** The size of a document as validation and execution see it: the contents of a fragment count at each spread. */
export interface DocumentSize {
  readonly depth: number;
  readonly fields: number;
  readonly aliases: number;
  readonly directives: number;
}

const NOTHING: DocumentSize = { depth: 0, fields: 0, aliases: 0, directives: 0 };

/** Walks over the document once, however often its fragments are spread. Circular spreads count once. */
export function documentSize(document: DocumentNode): DocumentSize {
  const fragments = fragmentsOf(document);
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

  const operations = document.definitions.map((each) =>
    each.kind === Kind.OPERATION_DEFINITION ? plus(ofDirectives(each), ofSelections(each.selectionSet)) : NOTHING,
  );
  // Validation visits fragments that are not spread, too.
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

/** Fields that stand for one field of the response. */
interface Merged {
  count: number;
  readonly inside: SelectionSetNode[];
}

/**
 * How many pairs validation has to compare, to know whether fields of the same name can be merged: of fields and of
 * fragment spreads at one place of the response. Counting stops above `max`, and in time that grows with the document's
 * fields alone, which `maxFields` bounds.
 */
export function fieldPairs(document: DocumentNode, max: number, maxFields: number): number {
  const fragments = fragmentsOf(document);
  const spreadAnywhere = new Set<FragmentDefinitionNode>();
  let pairs = 0;
  let fields = 0;

  function countAt(selectionSets: readonly SelectionSetNode[]): void {
    const merged = new Map<string, Merged>();
    const spreads = new Set<FragmentDefinitionNode>();
    const collect = ({ selections }: SelectionSetNode): void => {
      for (const selection of selections) {
        if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet);
        else if (selection.kind === Kind.FRAGMENT_SPREAD) {
          const fragment = fragments.get(selection.name.value);
          if (fragment === undefined || spreads.has(fragment)) continue;
          pairs += spreads.size;
          spreads.add(fragment);
          spreadAnywhere.add(fragment);
          collect(fragment.selectionSet);
        } else {
          fields += 1;
          const key = (selection.alias ?? selection.name).value;
          let same = merged.get(key);
          if (same === undefined) {
            same = { count: 0, inside: [] };
            merged.set(key, same);
          }
          pairs += same.count;
          same.count += 1;
          if (selection.selectionSet !== undefined) same.inside.push(selection.selectionSet);
        }
        if (isOver()) return;
      }
    };
    for (const each of selectionSets) collect(each);
    for (const { inside } of merged.values()) {
      if (isOver()) return;
      if (inside.length > 0) countAt(inside);
    }
  }

  // Fragments that spread themselves would go on forever; validation refuses them.
  const isOver = () => pairs > max || fields > maxFields;
  for (const each of document.definitions) {
    if (each.kind === Kind.OPERATION_DEFINITION && !isOver()) countAt([each.selectionSet]);
  }
  // Validation visits fragments that no operation spreads, too.
  for (const fragment of fragments.values()) {
    if (!spreadAnywhere.has(fragment) && !isOver()) countAt([fragment.selectionSet]);
  }
  return fields > maxFields ? Number.POSITIVE_INFINITY : pairs;
}

/** Counts of a text's tokens. */
export interface TokenCounts {
  readonly tokens: number;
  /** Brackets in brackets, which a parser's stack has to hold. */
  readonly nesting: number;
  readonly lines: number;
  /** In characters. */
  readonly longestName: number;
}

/** Reads at most `most` tokens. */
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
