import { type DocumentNode, GraphQLError, parse, Source } from 'graphql';
import type { Config } from '../../config/index.ts';
import { limitError } from '../errors.ts';
import { documentSize, fieldPairs, tokensOf } from './document-size.ts';

/** Levels of brackets. Parsers and validation recurse into each, and the stack is limited. */
const MAX_NESTING = 200;

/** graphql-js searches each error's line from the first one on. A formatted document has fewer lines than tokens. */
const MAX_LINES = 10_000;

/** In characters. Names of the response stand before each of its values, and in the path of each error. */
const MAX_NAME = 200;

/**
 * Validation compares so many pairs of fields in some 10 ms: 200 times the same field, or 20 components that each
 * select the same 100.
 */
const MAX_FIELD_PAIRS = 20_000;

/**
 * Parses a document that is not too large. Tokens are counted before it is parsed, and the rest before it is validated,
 * as validation itself takes long for some documents. `fields`: how many it has, those of fragments counted at each
 * spread.
 * @throws GraphQLError
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

/** Parses a document, however many fields it has; undefined if it has too many tokens or is no document. */
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
  // Each token has a character, and each level of nesting an opening bracket: most documents are small enough without
  // counting tokens.
  if (source.body.length <= maximum && openings(source.body) <= MAX_NESTING) return;
  const { tokens, nesting, lines, longestName } = tokensOf(source, maximum);
  if (tokens > maximum)
    throw limitError(
      'TOKEN_LIMIT_EXCEEDED',
      `The document has more than ${maximum} tokens (limits.tokens). Split it into several operations.`,
      { maximum },
    );
  if (nesting > MAX_NESTING)
    throw limitError('NESTING_LIMIT_EXCEEDED', `The document nests brackets more than ${MAX_NESTING} deep.`, {
      maximum: MAX_NESTING,
      actual: nesting,
    });
  if (lines > MAX_LINES)
    throw limitError('LINE_LIMIT_EXCEEDED', `The document has more than ${MAX_LINES} lines. Remove empty ones.`, {
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

const SIZES = [
  ['depth', 'DEPTH', 'Ask for less at a time: read inner objects by their ids, in operations of their own.'],
  ['fields', 'FIELD', 'Split it into several operations.'],
  ['aliases', 'ALIAS', 'Read many objects with nodes(ids:) or a list, not with a field for each.'],
  ['directives', 'DIRECTIVE', 'Leave out those that say nothing.'],
] as const;

/** The number of its fields. */
function refuseSize(document: DocumentNode, limits: Config['limits']): number {
  const size = documentSize(document);
  for (const [what, code, remedy] of SIZES) {
    const [actual, maximum] = [size[what], limits[what]];
    if (actual <= maximum) continue;
    const message = `The document has ${actual} ${what === 'depth' ? 'levels of fields' : what}, and this gateway allows ${maximum} (limits.${what}). ${remedy}`;
    throw limitError(`${code}_LIMIT_EXCEEDED`, message, { maximum, actual });
  }
  if (fieldPairs(document, MAX_FIELD_PAIRS, limits.fields) > MAX_FIELD_PAIRS)
    throw limitError(
      'FIELD_REPETITION_LIMIT_EXCEEDED',
      `The document selects the same fields too often at the same place: more than ${MAX_FIELD_PAIRS} pairs of them. Select each once, or in a fragment.`,
      { maximum: MAX_FIELD_PAIRS },
    );
  return size.fields;
}
