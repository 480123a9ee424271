import { GraphQLError, type GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Config } from '../../config/index.ts';
import type { EstimateSettings } from '../../schema/cost/estimate.ts';
import { parseWithin } from './document-limits.ts';
import { PreparedDocument } from './prepared-document.ts';
import { requestError } from './request-error.ts';
import { SeenTexts } from './seen-texts.ts';
import { createValidation } from './validation-rules.ts';

/** Documents that are kept prepared, and how many bytes they may take altogether. */
const MOST_DOCUMENTS = 1_024;
const MAX_BYTES = 33_554_432;

/** What has been found out of a document: that it can run, or what is wrong with it. */
export type Looked = PreparedDocument | readonly GraphQLError[];

/**
 * Parses, measures and validates documents, each once as long as it is kept. One is kept when it comes for the second time: a document that never comes again, as those of
 * clients that write values into their text, takes the place of none that does, and its tree is gone with its answer, before it is old enough to cost the collector anything.
 */
export class Documents {
  readonly #limits: Config['limits'];
  readonly #settings: EstimateSettings;
  readonly #validation: ReturnType<typeof createValidation>;
  readonly #seen = new SeenTexts();
  readonly #known = new LRUCache<string, Looked>({
    max: MOST_DOCUMENTS,
    maxSize: MAX_BYTES,
    sizeCalculation: (looked, text) => 2 * text.length + bytesOf(looked),
  });

  constructor(
    schema: GraphQLSchema,
    { limits, graph, introspection }: Pick<Config, 'limits' | 'graph' | 'introspection'>,
  ) {
    this.#limits = limits;
    this.#settings = { maxFirst: graph.maxFirst, accounts: graph.assumedAccounts, maxValues: limits.values };
    this.#validation = createValidation(schema, introspection);
  }

  /** The schema that documents are validated against. */
  get schema(): GraphQLSchema {
    return this.#validation.schema;
  }

  /** At once, unless rules have to be loaded first; rejects when they cannot be. */
  look(text: string): Looked | Promise<Looked> {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const looked = this.#lookInto(text);
    return looked instanceof Promise ? looked.then((found) => this.#keep(text, found)) : this.#keep(text, looked);
  }

  #keep(text: string, looked: Looked): Looked {
    // Who subscribes to the same shares each event's answer, from the first of them on: what they share it by is the operation.
    const lasts = looked instanceof PreparedDocument && looked.subscribes;
    if (this.#seen.before(text) || lasts) this.#known.set(text, looked);
    return looked;
  }

  #lookInto(text: string): Looked | Promise<Looked> {
    const { schema } = this.#validation;
    const plain = !text.includes('@');
    try {
      const { document, fields } = parseWithin(this.#limits, text);
      const judge = (errors: readonly GraphQLError[]): Looked =>
        errors.length > 0
          ? errors.map((error) => requestError(error, 'GRAPHQL_VALIDATION_FAILED'))
          : new PreparedDocument(schema, document, plain, fields, this.#settings);
      const errors = this.#validation.validate(document, plain);
      return errors instanceof Promise ? errors.then(judge) : judge(errors);
    } catch (error) {
      if (error instanceof GraphQLError) return [requestError(error, 'GRAPHQL_PARSE_FAILED')];
      throw error;
    }
  }
}

/** Of an error beside its message. */
const BYTES_PER_ERROR = 1_024;

function bytesOf(looked: Looked): number {
  if (looked instanceof PreparedDocument) return looked.bytes;
  return looked.reduce((bytes, { message }) => bytes + BYTES_PER_ERROR + 2 * message.length, 0);
}
