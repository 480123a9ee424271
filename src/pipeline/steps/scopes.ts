import { GraphQLError } from 'graphql';
import type { Scope } from '../../config/auth.ts';
import type { PreparedOperation } from '../../executor/index.ts';
import type { EstimateSettings } from '../../schema/cost/estimate.ts';
import { type Missing, missingScopes, requiredScope } from '../../schema/scopes.ts';
import { rootFields } from '../documents/root-fields.ts';
import type { Step } from './step.ts';

/** Sets of scopes that suffice for all that an operation could select, whatever its variables. */
interface Sufficient {
  readonly needed: ReadonlySet<Scope> | undefined;
  readonly known: WeakSet<ReadonlySet<Scope>>;
}

/** Refuses an operation that selects anything which its caller may not have, as a whole and before any of it is begun. */
export function scopes(settings: EstimateSettings): Step {
  const operations = new WeakMap<PreparedOperation, Sufficient>();

  const sufficientFor = (operation: PreparedOperation): Sufficient => {
    let sufficient = operations.get(operation);
    if (sufficient === undefined) {
      sufficient = { needed: scopesOfRootFields(operation), known: new WeakSet() };
      operations.set(operation, sufficient);
    }
    return sufficient;
  };
  const suffices = (operation: PreparedOperation, granted: ReadonlySet<Scope>): boolean => {
    const { needed, known } = sufficientFor(operation);
    if (known.has(granted)) return true;
    if (needed === undefined || !granted.has('read') || ![...needed].every((scope) => granted.has(scope))) return false;
    known.add(granted);
    return true;
  };

  return {
    onExecute({ prepared, caller, variables }) {
      if (prepared === undefined || suffices(prepared, caller.scopes)) return undefined;
      const { schema, document, name } = prepared;
      const missing = missingScopes(schema, { document, operationName: name, variables }, caller.scopes, settings);
      return missing.length > 0 ? { errors: [forbidden(missing, caller.name)] } : undefined;
    },
  };
}

/** All scopes that an operation's root fields require, skipped ones included; undefined when one has no rule, so that no caller may have it. */
function scopesOfRootFields({ schema, document, definition }: PreparedOperation): ReadonlySet<Scope> | undefined {
  const fields = schema.getRootType(definition.operation)?.getFields() ?? {};
  const needed = new Set<Scope>();
  // Introspection fields are not among the type's fields: every caller has them, where introspection is on.
  for (const name of rootFields(schema, document, definition)) {
    const scope = requiredScope(fields[name]?.extensions ?? {});
    if (scope === undefined) return undefined;
    if (scope !== null) needed.add(scope);
  }
  return needed;
}

function forbidden(missing: readonly Missing[], caller: string) {
  const needed = [...new Set(missing.flatMap(({ scope }) => scope ?? []))];
  const fields = [...new Set(missing.map(({ path }) => path))].slice(0, 5);
  const selected = fields.map((field) => `"${field}"`).join(', ');
  const needs =
    needed.length > 0
      ? `the scope${needed.length > 1 ? 's' : ''} ${needed.join(' and ')}`
      : 'a rule that is not defined';
  return new GraphQLError(`${selected} needs ${needs}, which the caller "${caller}" does not have. Nothing was done.`, {
    extensions: { code: 'FORBIDDEN', missingScopes: needed, fields, retryable: false, http: { status: 403 } },
  });
}
