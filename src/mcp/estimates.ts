import {
  type GraphQLInputType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  typeFromAST,
} from 'graphql';
import type { Estimate, GraphError, GraphReply, GraphRequest } from './graph.ts';
import { requestOf, type ToolDocument } from './read-documents.ts';
import { errorText } from './results.ts';
import { ToolError } from './tool-error.ts';

type Variables = Readonly<Record<string, unknown>>;

export interface EstimatesOptions {
  readonly schema: GraphQLSchema;
  /** Requests the estimate of an operation, which the gateway then does not execute. */
  readonly request: (request: GraphRequest, signal: AbortSignal) => Promise<GraphReply>;
  readonly log: (text: string) => void;
}

const NO_ESTIMATES =
  'The server gives no estimates, so mutations cannot be previewed. Set --url to orgql itself, not to a router.';

/**
 * The estimated costs of operations. A server that does not know estimates executes the operation instead, such as a
 * router, which does not pass `extensions` on. So they are requested only of a server that has given one.
 */
export class Estimates {
  readonly #options: EstimatesOptions;
  /** With the default arguments. Undefined: the gateway rejects the operation. */
  readonly #known = new Map<string, Estimate | undefined>();
  #isSupported = false;

  constructor(options: EstimatesOptions) {
    this.#options = options;
  }

  /** The estimates with the default arguments; undefined where the gateway gives none. */
  async list(documents: readonly ToolDocument[], signal: AbortSignal): Promise<readonly (Estimate | undefined)[]> {
    try {
      await this.requireSupport(signal);
    } catch (error) {
      this.#logMissing('', error);
      return documents.map(({ name }) => this.#known.get(name));
    }
    return Promise.all(documents.map((document) => this.#ofDefaults(document, signal)));
  }

  /** @throws {ToolError} if the server gives no estimates, or rejects the operation */
  async of(document: ToolDocument, variables: Variables, signal: AbortSignal): Promise<Estimate> {
    await this.requireSupport(signal);
    const reply = await this.#options.request(requestOf(document, variables), signal);
    return estimateOf(reply) ?? refused(reply, `status ${reply.status}, and no estimate`);
  }

  /** @throws {ToolError} if the server does not show that it gives estimates */
  async requireSupport(signal: AbortSignal): Promise<void> {
    if (this.#isSupported) return;
    const reply = await this.#options.request({ query: '{ __typename }' }, signal);
    // A router answers this operation itself, so that the error is that of orgql.
    const isTrusting = reply.errors?.some(({ extensions }) => extensions?.['code'] === 'TRUSTED_DOCUMENTS_ONLY');
    if (!isTrusting && estimateOf(reply) === undefined) refused(reply, NO_ESTIMATES);
    this.#isSupported = true;
  }

  async #ofDefaults(document: ToolDocument, signal: AbortSignal): Promise<Estimate | undefined> {
    const { name } = document;
    if (this.#known.has(name)) return this.#known.get(name);
    try {
      const estimate = await this.of(document, sampleVariables(this.#options.schema, document), signal);
      this.#known.set(name, estimate);
      return estimate;
    } catch (error) {
      if (error instanceof RejectedError && error.isFinal) this.#known.set(name, undefined);
      this.#logMissing(`${name}: `, error);
      return undefined;
    }
  }

  #logMissing(prefix: string, error: unknown): void {
    this.#options.log(`${prefix}no estimate: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const estimateOf = ({ extensions }: GraphReply): Estimate | undefined => extensions?.upstream?.estimate;

/** The gateway rejects an operation. Each rejection of a mutation has a line in its audit log. */
class RejectedError extends ToolError {
  readonly isFinal: boolean;

  constructor(status: number, errors: readonly GraphError[]) {
    super(errors.map(errorText).join('\n'));
    this.isFinal = status < 500 && !errors.some(({ extensions }) => extensions?.['retryable'] === true);
  }
}

function refused({ status, errors = [] }: GraphReply, otherwise: string): never {
  throw errors.length > 0 ? new RejectedError(status, errors) : new ToolError(otherwise);
}

/** Values for the variables of an operation that has to have some, to estimate its cost without a call of a client. */
function sampleVariables(schema: GraphQLSchema, { definition }: ToolDocument): Variables {
  const variables: Record<string, unknown> = {};
  for (const { variable, type: node, defaultValue } of definition.variableDefinitions ?? []) {
    const type = typeFromAST(schema, node);
    if (isInputType(type) && isNonNullType(type) && defaultValue === undefined)
      variables[variable.name.value] = sampleOf(type.ofType);
  }
  return variables;
}

const SAMPLES: Readonly<Record<string, unknown>> = {
  // The default size of a page.
  Int: 20,
  Float: 1,
  Boolean: true,
  // AWS's ids of accounts.
  ID: '123456789012',
  DateTime: '2027-01-01T00:00:00Z',
};

function sampleOf(type: GraphQLInputType): unknown {
  if (isNonNullType(type)) return sampleOf(type.ofType);
  if (isListType(type)) return [sampleOf(type.ofType)];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (!isInputObjectType(type)) return SAMPLES[type.name] ?? 'x';
  const required = Object.values(type.getFields()).filter(
    (field) => isNonNullType(field.type) && field.defaultValue === undefined,
  );
  return Object.fromEntries(required.map((field) => [field.name, sampleOf(field.type)]));
}
