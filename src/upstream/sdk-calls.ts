import { randomUUID } from 'node:crypto';
import * as sdk from '@aws-sdk/client-organizations';
import { HttpRequest, HttpResponse } from '@smithy/core/protocols';
import type { Connections } from './connections.ts';
import type { OperationName } from './operation-types.ts';
import { patternOf, type RequestPattern, schemaOf } from './request-pattern.ts';
import type { StopSignal } from './stop.ts';

type Config = sdk.OrganizationsClientResolvedConfig;
type AnyInput = sdk.ServiceInputTypes;
type AnyOutput = sdk.ServiceOutputTypes;
type AnyCommand = sdk.$Command<AnyInput, AnyOutput, Config, AnyInput, AnyOutput>;

/**
 * Calls through the AWS SDK's client without walking its chain of middleware each time, which is most of what a call costs in CPU.
 *
 * The chain runs once, up to the signature: it says where this client's requests go, what headers they have, and who signs them. That is the same for every
 * request of a client. What differs is done by the parts of the SDK that the chain uses itself: its protocol writes the request and reads the answer by the
 * operation's schema, its signer signs and corrects the clock. A client whose chain makes requests of another kind calls through the chain.
 */
export class SdkCalls {
  readonly #client: sdk.OrganizationsClient;
  readonly #connections: Connections;
  #learning: Promise<RequestPattern | undefined> | undefined;
  #pattern: RequestPattern | undefined;

  /** `client` has to call once (`maxAttempts: 1`), over those connections. */
  constructor(client: sdk.OrganizationsClient, connections: Connections) {
    this.#client = client;
    this.#connections = connections;
    client.config.signer = once(client.config.signer);
  }

  /** Rejects with whatever the SDK raises. */
  async send(operation: OperationName, input: AnyInput, abortSignal: StopSignal): Promise<AnyOutput> {
    const pattern = this.#pattern ?? (await this.#learned(operation, input));
    const schema = schemaOf(operation);
    if (pattern === undefined || schema === undefined) {
      return this.#throughChain(commandOf(operation, input), abortSignal);
    }
    const { protocol, context, headers, signer, identity, signing } = pattern;
    const request = await protocol.serializeRequest(schema, input, context);
    // Without a prototype, because the signer adds to a copy made with `{ ...headers }`: V8 makes a hidden class for each
    // copy that is added to.
    request.headers = Object.assign(Object.create(null), request.headers, headers, {
      'content-length': String(Buffer.byteLength(request.body)),
      'amz-sdk-invocation-id': randomUUID(),
      'amz-sdk-request': 'attempt=1; max=1',
    });
    // The signer keeps in it when the request was sent.
    const properties = Object.assign({}, signing);
    const signed = await signer.sign(request, identity, properties);
    let answer: HttpResponse | undefined;
    try {
      const { response } = await this.#connections.handle(signed, { abortSignal });
      answer = response;
      const output = await protocol.deserializeResponse<AnyOutput>(schema, context, response);
      signer.successHandler?.(response, properties);
      return output;
    } catch (error) {
      if (error instanceof Error) {
        tellAnswer(error, answer);
        // Throws it, once it has looked at the answer's date.
        signer.errorHandler?.(properties)(error);
      }
      throw error;
    }
  }

  async #learned(operation: OperationName, input: AnyInput): Promise<RequestPattern | undefined> {
    this.#learning ??= this.#learn(operation, input);
    this.#pattern = await this.#learning;
    return this.#pattern;
  }

  async #throughChain(command: AnyCommand, signal: StopSignal): Promise<AnyOutput> {
    const controller = new AbortController();
    const abort = (): void => controller.abort(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    try {
      return await this.#client.send(command, { abortSignal: controller.signal });
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  async #learn(operation: OperationName, input: AnyInput): Promise<RequestPattern | undefined> {
    const { config, middlewareStack } = this.#client;
    let pattern: RequestPattern | undefined;
    const stack = middlewareStack.clone();
    stack.add(
      (_next, context) =>
        async ({ request }) => {
          if (HttpRequest.isInstance(request)) pattern = patternOf(operation, request, context, config);
          return { response: undefined, output: { $metadata: {} } };
        },
      { step: 'build', priority: 'low', name: 'orgqlLearn' },
    );
    try {
      const command = commandOf(operation, input);
      await command.resolveMiddleware(stack, config, {})(command);
      return pattern;
    } catch (error) {
      this.#learning = undefined;
      throw error;
    }
  }
}

/** Adds to an error what the SDK's chain tells of its answer: all of it where printing does not show it, its status and id where it does. */
function tellAnswer(error: Error & { $response?: unknown }, response: HttpResponse | undefined): void {
  if (response !== undefined) Object.defineProperty(error, '$response', { value: response, enumerable: false });
  const { $response: answer } = error;
  if (!HttpResponse.isInstance(answer) || '$metadata' in error) return;
  const { statusCode: httpStatusCode, headers } = answer;
  Object.assign(error, { $metadata: { httpStatusCode, requestId: headers['x-amzn-requestid'] } });
}

function commandOf(operation: OperationName, input: AnyInput): AnyCommand {
  return Reflect.construct(Reflect.get(sdk, `${operation}Command`), [input]);
}

/** The SDK makes a signer for each request, all of them alike. */
function once(create: Config['signer']): Config['signer'] {
  let signer: ReturnType<Config['signer']> | undefined;
  return (authScheme) => {
    signer ??= create(authScheme).catch((error: unknown) => {
      signer = undefined;
      throw error;
    });
    return signer;
  };
}
