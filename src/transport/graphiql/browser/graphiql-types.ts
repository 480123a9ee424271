/** The types that this page uses of GraphiQL, Monaco and graphql-js. GraphiQL is one built script, without types. */

export interface GraphiQLParams {
  readonly query: string;
  readonly operationName?: string | null;
  readonly variables?: Readonly<Record<string, unknown>> | null;
}

export interface FetcherOptions {
  readonly headers?: Readonly<Record<string, string>> | null;
  readonly documentAST?: DocumentNode | null;
}

export interface DocumentNode {
  readonly definitions: readonly {
    readonly kind: string;
    readonly operation?: string;
    readonly name?: { readonly value: string };
  }[];
}

export interface Observer {
  next(result: unknown): void;
  error(error: unknown): void;
  complete(): void;
}

/** GraphiQL accepts a promise of one result, or of an observable. */
export interface Observable {
  subscribe(observer: Observer): { unsubscribe(): void };
}

export type Fetcher = (params: GraphiQLParams, options?: FetcherOptions) => Promise<unknown>;

export interface Tab {
  readonly id: string;
  /** The name of the operation that was run last in it, or of its first one. */
  readonly title: string;
}

export interface TabsState {
  readonly tabs: readonly Tab[];
  readonly activeTabIndex: number;
}

export interface Editor {
  updateOptions(options: object): void;
  getModel(): { readonly uri: { readonly path: string } } | null;
  getAction(id: string): { run(): Promise<void> } | null;
}

export interface Monaco {
  readonly editor: {
    getEditors(): readonly Editor[];
    onDidCreateEditor(listener: (editor: Editor) => void): void;
  };
}

export interface GraphQLResult {
  readonly data?: unknown;
  readonly errors?: unknown;
  readonly extensions?: Readonly<Record<string, unknown>>;
}
