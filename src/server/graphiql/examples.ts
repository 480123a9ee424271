/** An operation that GraphiQL opens with, ready to run. */
export interface Example {
  /** As whom it runs, when not as the first principal. */
  readonly principal?: string;
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

export const examples: readonly Example[] = [];

/** The examples as GraphiQL's tabs, which take variables and headers as text. */
export function exampleTabs() {
  return examples.map(({ principal, query, variables }) => ({
    query,
    variables: variables ? JSON.stringify(variables, undefined, 2) : null,
    headers: principal ? JSON.stringify({ 'x-orgql-principal': principal }, undefined, 2) : null,
  }));
}
