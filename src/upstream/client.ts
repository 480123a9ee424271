import { Agent as HttpAgent, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import * as sdk from '@aws-sdk/client-organizations';
import { type HttpRequest, HttpResponse } from '@smithy/core/protocols';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type {
  AwsCredentialIdentityProvider,
  HttpHandlerOptions,
  RequestHandler,
  RequestHandlerOutput,
} from '@smithy/types';
import { LRUCache } from 'lru-cache';
import { version } from '../config/version.ts';
import type { Principal } from '../principal/principal.ts';
import { clientLocation } from '../principal/shared-config.ts';
import { observeDate } from './aws-time.ts';
import { checkReply, ReplyError } from './check-reply.ts';
import { isOperationName } from './operations.ts';
import type { Input, OperationName, Output } from './types.ts';

/** Connecting fails after this time, in ms. */
const CONNECTION_TIMEOUT_MS = 5_000;
const AGENT = {
  keepAlive: true,
  /** The rate budget keeps calls far below this; it bounds a gateway without one. */
  maxSockets: 256,
  /**
   * Idle connections are closed after this time, in ms: a call that reuses one which AWS is closing breaks, and a
   * broken write cannot be repeated.
   */
  timeout: 10_000,
};

/**
 * A page of AWS Organizations has 20 items, and a policy at most 10,240 characters; a longer reply comes from something
 * else. In bytes.
 */
const MAX_REPLY_BYTES = 8_388_608;

/** Sessions of callers that are kept at a time. */
const MAX_CALLER_SESSIONS = 100;

export interface Reply<O extends OperationName> {
  readonly output: Output<O>;
  /** AWS's id of the request, for AWS Support and CloudTrail. */
  readonly requestId: string | undefined;
}

/** The AWS SDK's client of one principal, without retries. */
export class Client {
  readonly #principal: Principal;
  readonly #handler: ReplyHandler;
  #own: Promise<sdk.OrganizationsClient> | undefined;
  /** Clients of callers' sessions. All share the connections. */
  readonly #ofCallers = new LRUCache<string, Promise<sdk.OrganizationsClient>>({
    max: MAX_CALLER_SESSIONS,
    dispose: (_client, callerName, reason) => {
      if (reason === 'evict') this.#renewals.delete(callerName);
    },
  });
  /** By caller; '' is the principal's own session. */
  readonly #renewing = new Map<string, Promise<boolean>>();
  readonly #renewals = new Map<string, number>();

  constructor(principal: Principal) {
    this.#principal = principal;
    this.#handler = new ReplyHandler((date) => observeDate(principal, date));
  }

  /** The host and port of the last call, or the configured one; otherwise undefined. */
  get host(): string | undefined {
    const { endpoint } = this.#principal;
    return this.#handler.host ?? (endpoint === undefined ? undefined : new URL(endpoint).host);
  }

  /**
   * `callerName`: for a principal that has sessions for its callers. Rejects with the SDK's errors, or with a
   * `ReplyError`.
   */
  async send<O extends OperationName>(
    operation: O,
    input: Input<O>,
    abortSignal: AbortSignal,
    callerName?: string,
  ): Promise<Reply<O>> {
    const client = await this.#clientOf(callerName);
    const { $metadata, ...output } = await client.send(commandOf(operation, input), { abortSignal });
    return { output: output as Output<O>, requestId: $metadata.requestId };
  }

  /** How often the credentials of a session have been renewed. */
  renewals(callerName: string | undefined): number {
    return this.#renewals.get(callerName ?? '') ?? 0;
  }

  /**
   * Loads new credentials for an expired session, once for all calls that used the old ones. `since`: `renewals` before
   * the call. Returns false when the credentials have not changed, so that a repeat would fail, too. Rejects with a
   * `CredentialsError`.
   */
  async renewCredentials(callerName: string | undefined, since: number): Promise<boolean> {
    if (this.renewals(callerName) !== since) return true;
    const key = callerName ?? '';
    const renewing = this.#renewing.get(key) ?? this.#renew(callerName).finally(() => this.#renewing.delete(key));
    this.#renewing.set(key, renewing);
    return renewing;
  }

  async close(): Promise<void> {
    this.#handler.destroy();
  }

  async #renew(callerName: string | undefined): Promise<boolean> {
    const client = await this.#clientOf(callerName);
    const before = await client.config.credentials();
    const after = await client.config.credentials({ forceRefresh: true });
    const isNew = before.accessKeyId !== after.accessKeyId || before.sessionToken !== after.sessionToken;
    if (isNew) this.#renewals.set(callerName ?? '', this.renewals(callerName) + 1);
    return isNew;
  }

  #clientOf(callerName: string | undefined): Promise<sdk.OrganizationsClient> {
    const credentials = callerName === undefined ? undefined : this.#principal.credentialsFor;
    if (callerName === undefined || credentials === undefined) {
      this.#own ??= this.#create(this.#principal.credentials);
      return this.#own;
    }
    const client = this.#ofCallers.get(callerName) ?? this.#create(credentials(callerName));
    this.#ofCallers.set(callerName, client);
    return client;
  }

  async #create(credentials: AwsCredentialIdentityProvider): Promise<sdk.OrganizationsClient> {
    return new sdk.OrganizationsClient({
      ...(await clientLocation('Organizations', this.#principal)),
      credentials,
      maxAttempts: 1,
      cacheMiddleware: true,
      customUserAgent: [['orgql', version]],
      requestHandler: this.#handler,
    });
  }
}

type AnyCommand = sdk.$Command<
  sdk.ServiceInputTypes,
  sdk.ServiceOutputTypes,
  sdk.OrganizationsClientResolvedConfig,
  sdk.ServiceInputTypes,
  sdk.ServiceOutputTypes
>;

function commandOf<O extends OperationName>(operation: O, input: Input<O>): AnyCommand {
  return Reflect.construct(Reflect.get(sdk, `${operation}Command`), [input]);
}

/**
 * The SDK's request handler, which also limits the size of replies and checks them. A call's signal limits its time.
 */
class ReplyHandler implements RequestHandler<HttpRequest, HttpResponse, HttpHandlerOptions> {
  readonly metadata = { handlerProtocol: 'http/1.1' };
  readonly #handler = new NodeHttpHandler({
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    httpAgent: new HttpAgent(AGENT),
    httpsAgent: new HttpsAgent(AGENT),
  });
  readonly #onDate: (header: string | undefined) => void;
  #last: HttpRequest | undefined;

  /** `onDate`: called with the `Date` header of each reply. */
  constructor(onDate: (header: string | undefined) => void) {
    this.#onDate = onDate;
  }

  /** The host and port of the last request. */
  get host(): string | undefined {
    if (this.#last === undefined) return undefined;
    const { hostname, port } = this.#last;
    return port === undefined ? hostname : `${hostname}:${port}`;
  }

  /**
   * Rejects with the SDK's errors, or with a `ReplyError`. An error after the head of the reply has it as `$response`,
   * which is not printed.
   */
  async handle(request: HttpRequest, options?: HttpHandlerOptions): Promise<RequestHandlerOutput<HttpResponse>> {
    this.#last = request;
    const { response } = await this.#handler.handle(request, options);
    this.#onDate(response.headers['date']);
    try {
      const body = await readBody(response.body);
      const operation = request.headers['x-amz-target']?.split('.').at(-1) ?? '';
      // The SDK treats each of these as a success.
      const isSuccess = response.statusCode >= 200 && response.statusCode < 300;
      if (isSuccess && isOperationName(operation)) checkReply(operation, body.toString());
      return { response: new HttpResponse({ ...response, body }) };
    } catch (error) {
      if (error instanceof Error) {
        const { statusCode: httpStatusCode, headers } = response;
        Object.defineProperty(error, '$response', { value: response, enumerable: false });
        Object.assign(error, { $metadata: { httpStatusCode, requestId: headers['x-amzn-requestid'] } });
      }
      throw error;
    }
  }

  destroy(): void {
    this.#handler.destroy();
  }
}

async function readBody(body: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    // An error in the loop closes the connection.
    if (bytes > MAX_REPLY_BYTES) throw new ReplyError('', `has more than ${MAX_REPLY_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
