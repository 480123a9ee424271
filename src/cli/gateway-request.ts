import { CommandError } from './run.ts';

/** How a gateway is reached. */
export interface GatewayAccess {
  /** URL of the graph. */
  readonly url: string;
  /** What messages call it. Default: the URL. */
  readonly label?: string;
  /** API key or JSON Web Token. */
  readonly token?: string | undefined;
}

export interface GatewayOptions extends GatewayAccess {
  /** Name of the principal. Default: the gateway's first. */
  readonly principal?: string;
}

export interface Reply<Data = Readonly<Record<string, unknown>>> {
  readonly status: number;
  readonly data?: Data | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: Readonly<Record<string, unknown>> }[];
}

const TIMEOUT_MS = 300_000;

export const authorizationOf = ({ token }: GatewayAccess): Readonly<Record<string, string>> =>
  token === undefined ? {} : { authorization: `Bearer ${token}` };

/**
 * Sends a request to a gateway. The reply of a server that is no gateway has neither data nor errors.
 *
 * @throws {CommandError} if the gateway does not respond
 */
export async function send<Data = Readonly<Record<string, unknown>>>(
  gateway: GatewayAccess,
  request: object,
  signal: AbortSignal,
  headers: Readonly<Record<string, string>> = {},
): Promise<Reply<Data>> {
  const { url, label = url } = gateway;
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      ...authorizationOf(gateway),
      ...headers,
    },
    body: JSON.stringify(request),
    signal,
  }).catch((error: unknown) => {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw new CommandError(`${label} does not respond: ${cause instanceof Error ? cause.message : String(cause)}`);
  });
  const body: unknown = await response.json().catch(() => undefined);
  return { ...(typeof body === 'object' ? body : undefined), status: response.status };
}

/**
 * Sends an operation to a gateway, and returns its data.
 *
 * @throws {CommandError} if the gateway does not respond, or responds with errors
 */
export async function post<Data>(gateway: GatewayOptions, query: string, variables: object): Promise<Data> {
  const { url, label = url, principal } = gateway;
  const request = { query, variables, ...(principal !== undefined && { extensions: { principal } }) };
  const { status, data, errors = [] } = await send<Data>(gateway, request, AbortSignal.timeout(TIMEOUT_MS));
  const [first] = errors;
  if (first) throw new CommandError(`${label}: ${first.message}`);
  if (!data) throw new CommandError(`${label} responds with status ${status}, and no data`);
  return data;
}
