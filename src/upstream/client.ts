import { readFileSync } from 'node:fs';
import { OrganizationsClient } from '@aws-sdk/client-organizations';
import type { AwsCredentialIdentityProvider } from '@smithy/types';
import type { Principal } from '../principal/principal.ts';
import { clientLocation } from '../principal/shared-config.ts';
import { Connections } from './connections.ts';
import type { Input, OperationName, Output } from './operation-types.ts';
import { SdkCalls } from './sdk-calls.ts';
import type { StopSignal } from './stop.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  readonly version: string;
};

/** Sessions that are kept at a time; they are cheap to begin again. */
const mostCallerSessions = 100;

export interface Reply<O extends OperationName> {
  readonly output: Output<O>;
  /** AWS's id of the request, for AWS Support and CloudTrail. */
  readonly requestId: string | undefined;
}

/** The AWS SDK's client of one principal, made when it is first needed. It calls once: retries are not its business. */
export class Client {
  readonly #principal: Principal;
  readonly #connections = new Connections();
  #calls: Promise<SdkCalls> | undefined;
  /** Those of callers' sessions, the most recently used last. They have the connections in common. */
  readonly #ofCallers = new Map<string, Promise<SdkCalls>>();

  constructor(principal: Principal) {
    this.#principal = principal;
  }

  /** Where the last call went, as host and port; unknown before the first, unless it is configured. */
  get host(): string | undefined {
    const { endpoint } = this.#principal;
    return this.#connections.host ?? (endpoint === undefined ? undefined : new URL(endpoint).host);
  }

  /** `callerName`: in whose session, for a principal that has them. Rejects with whatever the SDK raises. */
  async send<O extends OperationName>(
    operation: O,
    input: Input<O>,
    signal: StopSignal,
    callerName?: string,
  ): Promise<Reply<O>> {
    const calls = await this.#callsFor(callerName);
    const { $metadata, ...output } = await calls.send(operation, input, signal);
    return { output: output as Output<O>, requestId: $metadata.requestId };
  }

  async close(): Promise<void> {
    this.#connections.destroy();
  }

  #callsFor(callerName: string | undefined): Promise<SdkCalls> {
    const credentials = callerName === undefined ? undefined : this.#principal.credentialsFor;
    if (callerName === undefined || credentials === undefined) {
      this.#calls ??= this.#create(this.#principal.credentials);
      return this.#calls;
    }
    const calls = this.#ofCallers.get(callerName) ?? this.#create(credentials(callerName));
    this.#ofCallers.delete(callerName);
    this.#ofCallers.set(callerName, calls);
    const [oldest] = this.#ofCallers.keys();
    if (this.#ofCallers.size > mostCallerSessions && oldest !== undefined) this.#ofCallers.delete(oldest);
    return calls;
  }

  async #create(credentials: AwsCredentialIdentityProvider): Promise<SdkCalls> {
    const client = new OrganizationsClient({
      ...(await clientLocation('Organizations', this.#principal)),
      credentials,
      maxAttempts: 1,
      customUserAgent: [['orgql', version]],
      requestHandler: this.#connections,
    });
    return new SdkCalls(client, this.#connections);
  }
}
