import { CommandError } from './run.ts';

export interface GatewayOptions {
  /** URL of the graph. */
  readonly url: string;
  /** What messages call it. Default: the URL. */
  readonly label?: string;
  /** Name of the principal. Default: the gateway's first. */
  readonly principal?: string;
  /** API key or JSON Web Token. */
  readonly token?: string;
}

const TIMEOUT_MS = 300_000;

/**
 * Sends an operation to a gateway.
 *
 * @throws {CommandError} if the gateway does not respond, or responds with errors
 */
export async function post<Data>(
  { url, label = url, principal, token }: GatewayOptions,
  query: string,
  variables: object,
): Promise<Data> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(principal !== undefined && { 'x-orgql-principal': principal }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((error: unknown) => {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw new CommandError(`${label} does not respond: ${cause instanceof Error ? cause.message : String(cause)}`);
  });
  const body: unknown = await response.json().catch(() => undefined);
  const { data, errors } = (typeof body === 'object' && body !== null ? body : {}) as {
    data?: Data | null;
    errors?: readonly { readonly message: string }[];
  };
  const [first] = errors ?? [];
  if (first) throw new CommandError(`${label}: ${first.message}`);
  if (!data) throw new CommandError(`${label} responds with status ${response.status}, and no data`);
  return data;
}
