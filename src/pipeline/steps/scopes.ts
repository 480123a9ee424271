import { GraphQLError } from 'graphql';
import type { Scope } from '../../config/auth.ts';
import type { PreparedOperation } from '../../executor/index.ts';
import type { EstimateSettings } from '../../schema/cost/estimate.ts';
import { type Missing, missingScopes, requiredScope } from '../../schema/scopes.ts';
import { rootFields } from '../documents/root-fields.ts';
import type { Step } from './step.ts';

/** Rejects an operation before it runs if it selects a field for which its caller lacks the scope. */
export function scopes(settings: EstimateSettings): Step {
  const operations = new WeakMap<PreparedOperation, ReturnType<typeof sufficientScopes>>();
  const isAllowed = (operation: PreparedOperation, granted: ReadonlySet<Scope>): boolean => {
    let sufficient = operations.get(operation);
    if (sufficient === undefined) {
      sufficient = sufficientScopes(operation);
      operations.set(operation, sufficient);
    }
    for (const scope of sufficient) if (scope === undefined || !granted.has(scope)) return false;
    return true;
  };
  return {
    onExecute({ prepared, caller, variables }) {
      if (prepared === undefined || isAllowed(prepared, caller.scopes)) return undefined;
      const { schema, document, name } = prepared;
      const missing = missingScopes(schema, { document, operationName: name, variables }, caller.scopes, settings);
      return missing.length > 0 ? { errors: [forbidden(missing, caller.name)] } : undefined;
    },
  };
}

/** The scopes that suffice for any variables; contains undefined if a field has no rule. */
function sufficientScopes({ schema, document, definition }: PreparedOperation): readonly (Scope | undefined)[] {
  const fields = schema.getRootType(definition.operation)?.getFields() ?? {};
  const required = rootFields(schema, document, definition)
    .map(({ name }) => requiredScope(fields[name]?.extensions ?? {}))
    .filter((scope) => scope !== null);
  return [...new Set<Scope | undefined>(['read', ...required])];
}

function forbidden(missing: readonly Missing[], caller: string) {
  const needed = [...new Set(missing.flatMap(({ scope }) => scope ?? []))];
  const fields = [...new Set(missing.map(({ path }) => path))].slice(0, 5);
  const selected = fields.map((field) => `"${field}"`).join(', ');
  const needs =
    needed.length > 0
      ? `the scope${needed.length > 1 ? 's' : ''} ${needed.join(' and ')}`
      : 'a rule that is not defined';
  return new GraphQLError(
    `${selected} needs ${needs}, which the caller "${caller}" does not have. The operation was not executed.`,
    {
      extensions: { code: 'FORBIDDEN', missingScopes: needed, fields, retryable: false, http: { status: 403 } },
    },
  );
}
