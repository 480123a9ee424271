import { OrganizationsClient } from '@aws-sdk/client-organizations';

export type { OrganizationsClient };

/** The AWS SDK's clients of a simulator, one for each account. */
export class ClientPool {
  readonly #endpoint: string;
  readonly #secretAccessKey: string;
  readonly #clients = new Map<string, OrganizationsClient>();

  constructor(endpoint: string, secretAccessKey: string) {
    this.#endpoint = endpoint;
    this.#secretAccessKey = secretAccessKey;
  }

  /** @throws {TypeError} if the id does not have 12 digits */
  get(accountId: string): OrganizationsClient {
    // Any other access key selects the default account.
    if (typeof accountId !== 'string' || !/^\d{12}$/.test(accountId))
      throw new TypeError(`The account id ${JSON.stringify(accountId)} is not valid: expected a string of 12 digits`);
    let client = this.#clients.get(accountId);
    if (!client) {
      client = new OrganizationsClient({
        endpoint: this.#endpoint,
        region: 'us-east-1',
        credentials: { accessKeyId: accountId, secretAccessKey: this.#secretAccessKey },
      });
      this.#clients.set(accountId, client);
    }
    return client;
  }

  destroy(): void {
    for (const client of this.#clients.values()) client.destroy();
  }
}
