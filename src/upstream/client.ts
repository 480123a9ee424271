import { readFileSync } from 'node:fs';
import * as sdk from '@aws-sdk/client-organizations';
import type { AwsCredentialIdentityProvider } from '@smithy/types';
import type { Principal } from '../principal/principal.ts';
import { clientLocation } from '../principal/shared-config.ts';
import type { Input, OperationName, Output } from './operation-types.ts';
import { ReplyHandler } from './reply-handler.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  readonly version: string;
};

/** Sessions that are kept at a time; they are cheap to begin again. */
const MAX_CALLER_SESSIONS = 100;

export interface Reply<O extends OperationName> {
  readonly output: Output<O>;
  /** AWS's id of the request, for AWS Support and CloudTrail. */
  readonly requestId: string | undefined;
}

/** The AWS SDK's client of one principal, made when it is first needed. It calls once: retries are not its business. */
export class Client {
  readonly #principal: Principal;
  readonly #handler = new ReplyHandler();
  #own: Promise<sdk.OrganizationsClient> | undefined;
  /** Those of callers' sessions, the most recently used last. They have the connections in common. */
  readonly #ofCallers = new Map<string, Promise<sdk.OrganizationsClient>>();

  /** By caller; '' is the principal's own session. */
  readonly #renewing = new Map<string, Promise<boolean>>();
  readonly #renewals = new Map<string, number>();

  constructor(principal: Principal) {
    this.#principal = principal;
  }

  /** Where the last call went, as host and port; unknown before the first, unless it is configured. */
  get host(): string | undefined {
    const { endpoint } = this.#principal;
    return this.#handler.host ?? (endpoint === undefined ? undefined : new URL(endpoint).host);
  }

  /** `callerName`: in whose session, for a principal that has them. Rejects with whatever the SDK raises, or with a `ReplyError`. */
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

  /** How often the credentials of a session have been renewed: to compare with `renewCredentials`. */
  renewals(callerName: string | undefined): number {
    return this.#renewals.get(callerName ?? '') ?? 0;
  }

  /**
   * Loads new credentials for a session that AWS says has expired, once for all calls that were made with the old ones. `since`: what `renewals` was before the call.
   * Returns false when the new ones are the same, so that it makes no sense to call again. Rejects with a `CredentialsError`.
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
    this.#ofCallers.delete(callerName);
    this.#ofCallers.set(callerName, client);
    const [oldest] = this.#ofCallers.keys();
    if (this.#ofCallers.size > MAX_CALLER_SESSIONS && oldest !== undefined) {
      this.#ofCallers.delete(oldest);
      this.#renewals.delete(oldest);
    }
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
