import type { GraphQLSchema } from 'graphql';
import { withPrintableStrings } from '../config/printable.ts';
import { typeOfId } from '../schema/ids.ts';
import { readArguments } from './arguments.ts';
import { BoundTokens } from './bound-tokens.ts';
import { describeMutations, idsIn, NAMES, type NamedObject, planMutations } from './describe-mutation.ts';
import { Estimates } from './estimates.ts';
import type { Estimate, GraphReply, GraphRequest, SendToGraph, UpstreamExtension } from './graph.ts';
import { createInputSchema, type JsonSchema, type ObjectSchema } from './input-schema.ts';
import { requestOf, type ToolDocument } from './read-documents.ts';
import { CONFIRMATION, PAGE } from './reserved-arguments.ts';
import { divideResult } from './result-pages.ts';
import { keptErrors, type PagedResult, type ToolResult, writePage, writePreview } from './results.ts';
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
  /** The list of tools waits this long for estimates. Default: 5 s. */
  readonly listTimeoutMs?: number;
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
const LIST_TIMEOUT_MS = 5_000;
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

/** The tools of one session. */
export class Tools {
  readonly #options: ToolsOptions;
  readonly #byName: ReadonlyMap<string, ToolDocument>;
  readonly #estimates: Estimates;
  readonly #previews = new BoundTokens<true>({
    label: CONFIRMATION,
    remedy: `Call the tool without ${CONFIRMATION} for a new preview.`,
    // Its response may have been lost: a new preview would lead to a second change.
    takenMeans:
      'The change was carried out, or is being carried out. Read what it changes before you ask for another preview.',
    ttlMs: PREVIEW_TTL_MS,
    maxTokens: MAX_PREVIEWS,
    maxBytes: Number.POSITIVE_INFINITY,
  });
  readonly #pages = new BoundTokens<{ readonly result: PagedResult; readonly readAt: number }>({
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
    const timeout = AbortSignal.timeout(this.#options.listTimeoutMs ?? LIST_TIMEOUT_MS);
    const estimates = await this.#estimates.list(documents, AbortSignal.any([signal, timeout]));
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
    const result = { pages: divideResult(data, MAX_PAGE_BYTES), upstream: extensions?.upstream, ...keptErrors(errors) };
    if (result.pages.length === 1) return writePage(result, 0);
    const bytes = Buffer.byteLength(JSON.stringify([data, result.errors]));
    const kept = { result, readAt: performance.now() };
    return writePage(result, 0, this.#pages.issue({ tool: document.name, variables }, kept, bytes));
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
    const { result, readAt } = this.#pages.read(token, binding);
    const index = Number(digits);
    if (index >= result.pages.length)
      throw new ToolError(
        `${PAGE}: the result has ${result.pages.length} pages; use the page.next of the last response.`,
      );
    const upstream = result.upstream && withoutCalls(result.upstream, performance.now() - readAt);
    return writePage({ ...result, upstream }, index, token);
  }

  async #preview(document: ToolDocument, variables: Variables, signal: AbortSignal): Promise<ToolResult> {
    const planned = planMutations(this.#options.schema, document, variables);
    // The gateway rejects the estimate of what it would not carry out for this caller.
    const { calls: estimatedCalls, maxCalls } = await this.#estimates.of(document, variables, signal);
    if (estimatedCalls > maxCalls)
      throw new ToolError(
        `${document.name} can cost ${estimatedCalls} AWS calls with these arguments; the maximum of the gateway is ${maxCalls} (graph.maxCalls).`,
      );
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
    // Clients show agents the text of a result, or its structured content, or both.
    if ('data' in reply || 'errors' in reply) return withPrintableStrings(reply);
    throw new ToolError(`The gateway responds with status ${reply.status}, and no GraphQL result.`);
  }
}

type Variables = Readonly<Record<string, unknown>>;

/** The cost of data that was read `agedMs` ago. */
const withoutCalls = ({ ageMs }: UpstreamExtension, agedMs: number): UpstreamExtension => ({
  calls: 0,
  cached: 0,
  coalesced: 0,
  waitedMs: 0,
  ageMs: ageMs + Math.round(agedMs),
});
