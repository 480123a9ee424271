import { GraphQLError, type GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Config } from '../../config/index.ts';
import { createExecutor, type Executor, PreparedDocument } from '../../executor/index.ts';
import { requestError } from '../errors.ts';
import { responseTooLarge } from '../execution/results.ts';
import { parseWithin } from './document-limits.ts';
import { reportVariables } from './report-variables.ts';
import { createValidation } from './validation-rules.ts';

/** Documents that are kept prepared, and their bytes altogether. */
const MAX_DOCUMENTS = 1_024;
const MAX_BYTES = 33_554_432;

/** A document that can run, or what is wrong with it. */
export type PrepareResult = PreparedDocument | readonly GraphQLError[];

/**
 * Parses, measures and validates documents, each once as long as it is kept. A document is kept when it comes for the
 * second time: one that never comes again, as those of clients that write values into their text, does not evict one
 * that does, and its tree is gone with its result, before it is old enough to cost the collector anything.
 */
export class DocumentCache {
  readonly #limits: Config['limits'];
  readonly #validation: ReturnType<typeof createValidation>;
  readonly #executor: Executor;
  readonly #seen = new RecentlySeen();
  readonly #known = new LRUCache<string, PrepareResult>({
    max: MAX_DOCUMENTS,
    maxSize: MAX_BYTES,
    sizeCalculation: (result, text) => 2 * text.length + bytesOf(result),
  });

  constructor(schema: GraphQLSchema, { limits, introspection }: Pick<Config, 'limits' | 'introspection'>) {
    this.#limits = limits;
    this.#validation = createValidation(schema, introspection);
    this.#executor = createExecutor(this.#validation.schema, {
      maxLength: limits.responseBytes,
      tooLong: responseTooLarge,
      reportVariables,
    });
  }

  /** The schema that documents are validated against. */
  get schema(): GraphQLSchema {
    return this.#validation.schema;
  }

  /** At once, unless rules have to be loaded first; rejects when they cannot be. */
  prepare(text: string): PrepareResult | Promise<PrepareResult> {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const result = this.#prepare(text);
    return result instanceof Promise ? result.then((settled) => this.#keep(text, settled)) : this.#keep(text, result);
  }

  #keep(text: string, result: PrepareResult): PrepareResult {
    // Subscribers of the same operation share each event's result, from the first subscriber on.
    const lasts = result instanceof PreparedDocument && result.subscribes;
    if (this.#seen.has(text) || lasts) this.#known.set(text, result);
    return result;
  }

  #prepare(text: string): PrepareResult | Promise<PrepareResult> {
    try {
      const { document, fields } = parseWithin(this.#limits, text);
      const result = (errors: readonly GraphQLError[]): PrepareResult =>
        errors.length > 0
          ? errors.map((error) => requestError(error, 'GRAPHQL_VALIDATION_FAILED'))
          : this.#executor.prepare(document, fields);
      const errors = this.#validation.validate(document);
      return errors instanceof Promise ? errors.then(result) : result(errors);
    } catch (error) {
      if (error instanceof GraphQLError) return [requestError(error, 'GRAPHQL_PARSE_FAILED')];
      throw error;
    }
  }
}

/** Of an error beside its message. */
const BYTES_PER_ERROR = 1_024;

function bytesOf(result: PrepareResult): number {
  if (result instanceof PreparedDocument) return result.bytes;
  return result.reduce((bytes, { message }) => bytes + BYTES_PER_ERROR + 2 * message.length, 0);
}

/** A power of two. Each place takes four bytes. */
const PLACES = 16_384;

/** Remembers texts by a 32-bit hash, in 64 KiB; lru-cache would keep the texts. Two texts are rarely confused. */
export class RecentlySeen {
  readonly #hashes = new Uint32Array(PLACES);

  /** Whether the text has been seen before. Marks it as seen. */
  has(text: string): boolean {
    const hash = hashOf(text);
    const place = hash & (PLACES - 1);
    const seen = this.#hashes[place] === hash;
    this.#hashes[place] = hash;
    return seen;
  }
}

/** FNV-1a over UTF-16, never 0, which is an empty place. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  // The lower bits choose the place, and have seen less than the higher ones.
  return (hash ^ (hash >>> 15)) >>> 0 || 1;
}
