import type { PageOptions, VariableSource } from '../examples.ts';
import type { GraphiQLParams, GraphQLResult } from './graphiql-types.ts';

/** The id of the newest object in a result that a source describes; undefined when there is none. */
export function findId(result: unknown, { where, newestBy }: VariableSource): string | undefined {
  const found = objectsIn(result).filter(
    (each) =>
      typeof each['id'] === 'string' &&
      Object.entries(where).every(([field, values]) => field in each && values.includes(each[field])),
  );
  const [newest] = found.sort((a, b) => String(b[newestBy]).localeCompare(String(a[newestBy])));
  return newest && String(newest['id']);
}

export interface FoundVariables {
  readonly found: Readonly<Record<string, string>>;
  /** What to show instead of running the operation. */
  readonly failure?: GraphQLResult;
}

/** Runs the queries that find the variables which an example leaves out. */
export async function findVariables(
  sources: PageOptions['variables'][string] | undefined,
  { query, variables }: GraphiQLParams,
  run: (params: GraphiQLParams) => Promise<GraphQLResult>,
): Promise<FoundVariables> {
  const found: Record<string, string> = {};
  for (const [name, source] of Object.entries(sources ?? {})) {
    const given = variables?.[name];
    if (given !== undefined && given !== null && given !== '') continue;
    const result = await run({ query, operationName: source.query });
    if (result.errors !== undefined) return { found, failure: result };
    const id = findId(result.data, source);
    if (id === undefined) {
      const advice = `Run ${source.after} first, or set the variable.`;
      const message = `${source.query} finds no value for the variable ${name}. ${advice}`;
      return { found, failure: { errors: [{ message }] } };
    }
    found[name] = id;
  }
  return { found };
}

function objectsIn(value: unknown): Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.values(value).flatMap(objectsIn);
  return Array.isArray(value) ? inner : [value as Record<string, unknown>, ...inner];
}
