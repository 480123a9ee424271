export interface EmbeddedOptions {
  /**
   * Where the application serves the gateway: with `/organizations`, the graph is at `/organizations/graphql`. Default:
   * none.
   */
  readonly basePath?: string | undefined;
}

/** What the application knows of a request of the Fetch standard. */
export interface FetchInfo {
  /**
   * The IP address of the connection, for limits per address and for the log. Without it, all clients count as one
   * address.
   */
  readonly remoteAddress?: string | undefined;
}
