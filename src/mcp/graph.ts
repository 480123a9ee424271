/** A request of GraphQL over HTTP. */
export interface GraphRequest {
  readonly query: string;
  readonly operationName?: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

export interface GraphError {
  readonly message: string;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** The response of a gateway. That of a server that is no gateway has neither data nor errors. */
export interface GraphReply {
  readonly status: number;
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly GraphError[];
  readonly extensions?: { readonly upstream?: UpstreamExtension };
}

/** See docs/cost.md. */
export interface UpstreamExtension {
  readonly calls: number;
  readonly cached: number;
  readonly coalesced: number;
  readonly waitedMs: number;
  readonly ageMs: number;
  readonly estimate?: Estimate;
}

export interface Estimate {
  readonly calls: number;
  readonly maxCalls: number;
}

/** Sends requests to the gateway. Rejects if it does not respond. */
export type SendToGraph = (
  request: GraphRequest,
  signal: AbortSignal,
  headers: Readonly<Record<string, string>>,
) => Promise<GraphReply>;
