import { type DocumentNode, GraphQLError, parse, Source } from 'graphql';
import type { Config } from '../../config/index.ts';
import { limitError } from '../errors.ts';
import { documentSize, fieldPairs, tokensOf } from './document-size.ts';

/** Brackets in brackets, of selections and values alike. Parsers and validation call themselves for each, and a stack has its end. */
const MOST_NESTING = 200;

/** Each error's line is looked for from the first one on. A formatted document has fewer lines than tokens. */
const MAX_LINES = 10_000;

/** In characters. Names of the response stand before each of its values, and in the path of each error. */
const MAX_NAME = 200;

/** Validation compares so many pairs of fields in some 10 ms: 200 times the same field, or 20 components that each select the same 100. */
const MAX_FIELD_PAIRS = 20_000;

/**
 * Parses a document unless it is too large to be validated and run: refused before it is parsed when it has too many tokens, and before it is validated
 * otherwise, as validation itself takes long for some. `fields`: how many it has, those of fragments wherever they are spread. Throws a GraphQLError.
 */
export function parseWithin(
  limits: Config['limits'],
  text: string,
): { readonly document: DocumentNode; readonly fields: number } {
  const source = new Source(text, 'GraphQL request');
  refuseTokens(source, limits.tokens);
  const document = parse(source);
  return { document, fields: refuseSize(document, limits) };
}

/** The document in a text, however many fields it has; undefined where it has too many tokens or is none. */
export function parseAnySize(limits: Config['limits'], text: string): DocumentNode | undefined {
  try {
    const source = new Source(text);
    refuseTokens(source, limits.tokens);
    return parse(source);
  } catch (error) {
    if (error instanceof GraphQLError) return undefined;
    throw error;
  }
}

function refuseTokens(source: Source, maximum: number): void {
  // A token has a character at least, and what is nested is opened: most documents are not worth a look at each token.
  if (source.body.length <= maximum && openings(source.body) <= MOST_NESTING) return;
  const { tokens, nesting, lines, longestName } = tokensOf(source, maximum);
  if (tokens > maximum)
    throw limitError(
      'TOKEN_LIMIT_EXCEEDED',
      `The document has more than ${maximum} tokens (limits.tokens). Split it into several operations.`,
      { maximum },
    );
  if (nesting > MOST_NESTING)
    throw limitError('NESTING_LIMIT_EXCEEDED', `The document nests brackets more than ${MOST_NESTING} deep.`, {
      maximum: MOST_NESTING,
      actual: nesting,
    });
  if (lines > MAX_LINES)
    throw limitError('LINE_LIMIT_EXCEEDED', `The document has more than ${MAX_LINES} lines. Leave out empty ones.`, {
      maximum: MAX_LINES,
    });
  if (longestName > MAX_NAME)
    throw limitError(
      'NAME_LIMIT_EXCEEDED',
      `The document has a name of ${longestName} characters, and this gateway allows ${MAX_NAME}. Use shorter aliases.`,
      { maximum: MAX_NAME, actual: longestName },
    );
}

function openings(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === CURLY || code === SQUARE || code === ROUND) count += 1;
  }
  return count;
}

const [CURLY, SQUARE, ROUND] = ['{', '[', '('].map((bracket) => bracket.charCodeAt(0));

const remedies = {
  depth: 'Ask for less at a time: read inner objects by their ids, in operations of their own.',
  fields: 'Split it into several operations.',
  aliases: 'Read many objects with nodes(ids:) or a list, not with a field for each.',
  directives: 'Leave out those that say nothing.',
} as const;

const codes = {
  depth: 'DEPTH_LIMIT_EXCEEDED',
  fields: 'FIELD_LIMIT_EXCEEDED',
  aliases: 'ALIAS_LIMIT_EXCEEDED',
  directives: 'DIRECTIVE_LIMIT_EXCEEDED',
} as const;

/** The number of its fields. */
function refuseSize(document: DocumentNode, limits: Config['limits']): number {
  const size = documentSize(document);
  for (const what of ['depth', 'fields', 'aliases', 'directives'] as const) {
    const [actual, maximum] = [size[what], limits[what]];
    if (actual <= maximum) continue;
    const message = `The document has ${actual} ${what === 'depth' ? 'levels of fields' : what}, and this gateway allows ${maximum} (limits.${what}). ${remedies[what]}`;
    throw limitError(codes[what], message, { maximum, actual });
  }
  if (fieldPairs(document, MAX_FIELD_PAIRS, limits.fields) > MAX_FIELD_PAIRS)
    throw limitError(
      'FIELD_REPETITION_LIMIT_EXCEEDED',
      `The document selects the same fields too often at the same place: more than ${MAX_FIELD_PAIRS} pairs of them. Select each once, or in a fragment.`,
      { maximum: MAX_FIELD_PAIRS },
    );
  return size.fields;
}
