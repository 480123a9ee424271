import { readFileSync } from 'node:fs';
import * as sdk from '@aws-sdk/client-organizations';
import type { AwsCredentialIdentityProvider } from '@smithy/types';
import type { Principal } from '../principal/principal.ts';
import { clientLocation } from '../principal/shared-config.ts';
import type { Input, OperationName, Output } from './operation-types.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  readonly version: string;
};

/** A connection that is not there after this many ms will not come, in ms. */
const connectionTimeoutMs = 5_000;
/**
 * A connection that has rested this long is closed by us, in ms: reusing one that AWS is closing at that moment breaks the call,
 * and a broken write cannot be repeated.
 */
const idleConnectionMs = 10_000;
/** The rate budget keeps calls far below this; it bounds a gateway without one. */
const maxSockets = 256;

/** Sessions that are kept at a time; they are cheap to begin again. */
const mostCallerSessions = 100;

const agent = { keepAlive: true, maxSockets, timeout: idleConnectionMs };

type AnyCommand = sdk.$Command<
  sdk.ServiceInputTypes,
  sdk.ServiceOutputTypes,
  sdk.OrganizationsClientResolvedConfig,
  sdk.ServiceInputTypes,
  sdk.ServiceOutputTypes
>;

export interface Reply<O extends OperationName> {
  readonly output: Output<O>;
  /** AWS's id of the request, for AWS Support and CloudTrail. */
  readonly requestId: string | undefined;
}

/** The AWS SDK's client of one principal, made when it is first needed. It calls once: retries are not its business. */
export class Client {
  readonly #principal: Principal;
  #client: Promise<sdk.OrganizationsClient> | undefined;
  #host: string | undefined;
  /** Those of callers' sessions, the most recently used last. */
  readonly #ofCallers = new Map<string, Promise<sdk.OrganizationsClient>>();

  constructor(principal: Principal) {
    this.#principal = principal;
    this.#host = principal.endpoint === undefined ? undefined : new URL(principal.endpoint).host;
  }

  /** Where the last call went, as host and port; unknown before the first. */
  get host(): string | undefined {
    return this.#host;
  }

  /** `callerName`: in whose session, for a principal that has them. Rejects with whatever the SDK raises. */
  async send<O extends OperationName>(
    operation: O,
    input: Input<O>,
    signal: AbortSignal,
    callerName?: string,
  ): Promise<Reply<O>> {
    const client = await this.#clientFor(callerName);
    const command: AnyCommand = Reflect.construct(Reflect.get(sdk, `${operation}Command`), [input]);
    const { $metadata, ...output } = await client.send(command, { abortSignal: signal });
    return { output: output as Output<O>, requestId: $metadata.requestId };
  }

  async close(): Promise<void> {
    const client = await this.#client?.catch(() => undefined);
    client?.destroy();
  }

  #clientFor(callerName: string | undefined): Promise<sdk.OrganizationsClient> {
    this.#client ??= this.#create(this.#principal.credentials);
    const credentials = callerName === undefined ? undefined : this.#principal.credentialsFor;
    if (callerName === undefined || credentials === undefined) return this.#client;
    const client = this.#ofCallers.get(callerName) ?? this.#share(this.#client, credentials(callerName));
    this.#ofCallers.delete(callerName);
    this.#ofCallers.set(callerName, client);
    const [oldest] = this.#ofCallers.keys();
    if (this.#ofCallers.size > mostCallerSessions && oldest !== undefined) this.#ofCallers.delete(oldest);
    return client;
  }

  /** One that has its connections in common with `client`, and so nothing to be closed. */
  async #share(client: Promise<sdk.OrganizationsClient>, credentials: AwsCredentialIdentityProvider) {
    return this.#create(credentials, (await client).config.requestHandler);
  }

  async #create(
    credentials: AwsCredentialIdentityProvider,
    connections?: sdk.OrganizationsClientResolvedConfig['requestHandler'],
  ): Promise<sdk.OrganizationsClient> {
    const client = new sdk.OrganizationsClient({
      ...(await clientLocation('Organizations', this.#principal)),
      credentials,
      maxAttempts: 1,
      customUserAgent: [['orgql', version]],
      requestHandler: connections ?? {
        httpAgent: agent,
        httpsAgent: agent,
        connectionTimeout: connectionTimeoutMs,
        // Each call has its own timer.
        socketTimeout: 0,
      },
    });
    client.middlewareStack.add(
      (next) => (args) => {
        const { request } = args;
        if (typeof request === 'object' && request !== null && 'hostname' in request) {
          const port = 'port' in request && request.port !== undefined ? `:${String(request.port)}` : '';
          this.#host = `${String(request.hostname)}${port}`;
        }
        return next(args);
      },
      { step: 'finalizeRequest', name: 'orgqlRememberHost' },
    );
    return client;
  }
}
