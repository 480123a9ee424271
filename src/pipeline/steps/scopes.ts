import { GraphQLError } from 'graphql';
import type { Missing } from '../../schema/scopes.ts';
import type { Step } from './step.ts';

/** Refuses an operation that selects anything which its caller may not have, as a whole and before any of it is begun. */
export const scopes: Step = {
  begin({ prepared, caller, variables }) {
    const missing = prepared?.missingScopes(caller.scopes, variables) ?? [];
    if (missing.length > 0) return { errors: [forbidden(missing, caller.name)] };
    return undefined;
  },
};

function forbidden(missing: readonly Missing[], caller: string) {
  const needed = [...new Set(missing.flatMap(({ scope }) => scope ?? []))];
  const fields = [...new Set(missing.map(({ path }) => path))].slice(0, 5);
  const selected = fields.map((field) => `"${field}"`).join(', ');
  const needs =
    needed.length > 0
      ? `the scope${needed.length > 1 ? 's' : ''} ${needed.join(' and ')}`
      : 'a rule that nobody has made';
  return new GraphQLError(`${selected} needs ${needs}, which the caller "${caller}" does not have. Nothing was done.`, {
    extensions: { code: 'FORBIDDEN', missingScopes: needed, fields, retryable: false, http: { status: 403 } },
  });
}
