import type { GraphQLSchema } from 'graphql';
import { typeOfId } from '../schema/ids.ts';
import { readArguments } from './arguments.ts';
import { BoundTokens } from './bound-tokens.ts';
import { describeMutations, idsIn, NAMES, type NamedObject, planMutations } from './describe-mutation.ts';
import { Estimates } from './estimates.ts';
import type { Estimate, GraphReply, GraphRequest, SendToGraph, UpstreamExtension } from './graph.ts';
import { createInputSchema, type JsonSchema, type ObjectSchema } from './input-schema.ts';
import { requestOf, type ToolDocument } from './read-documents.ts';
import { CONFIRMATION, PAGE } from './reserved-arguments.ts';
import { divideResult, type ResultPage } from './result-pages.ts';
import { type ToolResult, writePage, writePreview } from './results.ts';
import { ToolError } from './tool-error.ts';

export interface ToolsOptions {
  readonly schema: GraphQLSchema;
  readonly documents: readonly ToolDocument[];
  readonly send: SendToGraph;
  /** The extensions of each operation: the principal, the accepted age. */
  readonly extensions: Readonly<Record<string, unknown>>;
  /** Creates the id of a request, which names the client. */
  readonly requestId: () => string;
  readonly log: (text: string) => void;
}

export interface ToolDescription {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: ObjectSchema;
  readonly annotations: { readonly readOnlyHint: boolean; readonly destructiveHint: boolean };
  readonly _meta?: Readonly<Record<string, unknown>>;
}

/** Largest part of a result in one response, in bytes of JSON. */
const MAX_PAGE_BYTES = 32_768;
const PREVIEW_TTL_MS = 300_000;
const PAGE_TTL_MS = 600_000;
const MAX_PREVIEWS = 100;
const MAX_PAGED_RESULTS = 16;
/** Of the results whose pages are kept, in bytes of JSON. */
const MAX_PAGED_BYTES = 32 * 1_048_576;

const pageArgument: JsonSchema = {
  type: 'string',
  description: 'The next page of a long result: its `page.next`. All other arguments must be as before.',
};
const confirmationArgument: JsonSchema = {
  type: 'string',
  description:
    'Without it, the call changes nothing and returns a preview with a token. With the token and the same arguments, ' +
    'it carries out the preview, once.',
};

interface PagedResult {
  readonly pages: readonly ResultPage[];
  readonly upstream: UpstreamExtension | undefined;
}

/** The tools of one session. */
export class Tools {
  readonly #options: ToolsOptions;
  readonly #byName: ReadonlyMap<string, ToolDocument>;
  readonly #estimates: Estimates;
  readonly #previews = new BoundTokens<true>({
    label: CONFIRMATION,
    remedy: `Call the tool without ${CONFIRMATION} for a new preview.`,
    ttlMs: PREVIEW_TTL_MS,
    maxTokens: MAX_PREVIEWS,
    maxBytes: Number.POSITIVE_INFINITY,
  });
  readonly #pages = new BoundTokens<PagedResult>({
    label: PAGE,
    remedy: `Call the tool without ${PAGE} to read the result again.`,
    ttlMs: PAGE_TTL_MS,
    maxTokens: MAX_PAGED_RESULTS,
    maxBytes: MAX_PAGED_BYTES,
  });

  constructor(options: ToolsOptions) {
    this.#options = options;
    this.#byName = new Map(options.documents.map((document) => [document.name, document]));
    this.#estimates = new Estimates({
      schema: options.schema,
      request: (request, signal) => this.#send(request, signal, { isEstimate: true }),
      log: options.log,
    });
  }

  get names(): readonly string[] {
    return [...this.#byName.keys()];
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  async list(signal: AbortSignal): Promise<readonly ToolDescription[]> {
    const documents = [...this.#byName.values()];
    const estimates = await this.#estimates.list(documents, signal);
    return documents.map((document, index) => this.#describe(document, estimates[index]));
  }

  /** @throws {ToolError} that the client can act on */
  async call(name: string, given: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<ToolResult> {
    const document = this.#byName.get(name);
    if (document === undefined) throw new ToolError(`There is no tool ${name}.`);
    const { variables, page, confirmationToken } = readArguments(this.#options.schema, document, given);
    const binding = { tool: name, variables };
    if (page !== undefined) return this.#readPage(page, binding);
    if (document.definition.operation !== 'mutation') return this.#run(document, variables, signal);
    if (confirmationToken === undefined) return this.#preview(document, variables, signal);
    await this.#estimates.requireSupport(signal);
    this.#previews.take(confirmationToken, binding);
    return this.#carryOut(document, variables);
  }

  #describe(document: ToolDocument, estimate: Estimate | undefined): ToolDescription {
    const { schema } = this.#options;
    const { name, definition, description } = document;
    const isMutation = definition.operation === 'mutation';
    const calls = estimate?.calls;
    const cost =
      calls === undefined ? 'unknown at the moment' : `at most ${calls} AWS calls with the default arguments`;
    return {
      name,
      description: [description || `Runs the operation ${name}.`, `Estimated cost: ${cost}.`].join('\n'),
      inputSchema: createInputSchema(schema, document, {
        [PAGE]: pageArgument,
        ...(isMutation && { [CONFIRMATION]: confirmationArgument }),
      }),
      annotations: { readOnlyHint: !isMutation, destructiveHint: isMutation },
      ...(calls !== undefined && { _meta: { 'dev.orgql/estimatedCalls': calls } }),
    };
  }

  async #run(document: ToolDocument, variables: Variables, signal: AbortSignal): Promise<ToolResult> {
    const { data = null, errors = [], extensions } = await this.#send(requestOf(document, variables), signal);
    const pages = divideResult(data, MAX_PAGE_BYTES);
    const result = { pages, upstream: extensions?.upstream };
    const binding = { tool: document.name, variables };
    const bytes = pages.length > 1 ? Buffer.byteLength(JSON.stringify(data)) : 0;
    const token = pages.length > 1 ? this.#pages.issue(binding, result, bytes) : undefined;
    return writePage(result, 0, token, errors);
  }

  /** A client that leaves does not interrupt what it has confirmed. */
  async #carryOut(document: ToolDocument, variables: Variables): Promise<ToolResult> {
    try {
      return await this.#run(document, variables, new AbortController().signal);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new ToolError(`${reason} ${document.name} may have been carried out: read what it changes, then decide.`);
    }
  }

  #readPage(page: string, binding: { readonly tool: string; readonly variables: Variables }): ToolResult {
    const [, token = '', digits = ''] = /^([^.]*)\.(\d{1,6})$/.exec(page) ?? [];
    const result = this.#pages.read(token, binding);
    const index = Number(digits);
    if (index >= result.pages.length)
      throw new ToolError(
        `${PAGE}: the result has ${result.pages.length} pages; use the page.next of the last response.`,
      );
    return writePage(result, index, token, []);
  }

  async #preview(document: ToolDocument, variables: Variables, signal: AbortSignal): Promise<ToolResult> {
    const planned = planMutations(this.#options.schema, document, variables);
    // The gateway rejects the estimate of what it would not carry out for this caller.
    const { calls: estimatedCalls } = await this.#estimates.of(document, variables, signal);
    const { objects, upstream } = await this.#readNames(idsIn(planned), signal);
    return writePreview({
      tool: document.name,
      words: describeMutations(planned, objects),
      objects,
      estimatedCalls,
      token: this.#previews.issue({ tool: document.name, variables }, true),
      expiresAt: new Date(Date.now() + PREVIEW_TTL_MS).toISOString(),
      upstream,
    });
  }

  /** The names of objects. Without the right to read them, a preview has their ids only. */
  async #readNames(ids: readonly string[], signal: AbortSignal) {
    const reply: Partial<GraphReply> =
      ids.length === 0 ? {} : await this.#send({ query: NAMES, variables: { ids } }, signal).catch(() => ({}));
    const nodes = reply.data?.['nodes'];
    const objects = ids.flatMap((id, index): NamedObject[] => {
      const type = typeOfId(id);
      const name: unknown = Array.isArray(nodes) ? nodes[index]?.name : undefined;
      return type === undefined ? [] : [{ id, type, ...(typeof name === 'string' && { name: name.slice(0, 100) }) }];
    });
    return { objects, upstream: reply.extensions?.upstream };
  }

  async #send(request: GraphRequest, signal: AbortSignal, { isEstimate = false } = {}): Promise<GraphReply> {
    const { extensions, send, requestId } = this.#options;
    const accepted = extensions['orgql'] as object | undefined;
    const merged = { ...extensions, ...(isEstimate && { orgql: { ...accepted, estimate: true } }) };
    const headers = { 'x-request-id': requestId(), ...(isEstimate && { 'x-orgql-estimate': 'only' }) };
    const reply = await send({ ...request, extensions: merged }, signal, headers);
    if ('data' in reply || 'errors' in reply) return reply;
    throw new ToolError(`The gateway responds with status ${reply.status}, and no GraphQL result.`);
  }
}

type Variables = Readonly<Record<string, unknown>>;
