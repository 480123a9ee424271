import type { ExecutionArgs } from 'graphql';
import { createGraphQLError } from 'graphql-yoga';
import type { Config } from '../../config.ts';
import { type Missing, missingScopes } from '../../schema/scopes.ts';
import type { OperationContext, ServerPlugin } from './plugin.ts';

/** Refuses an operation that selects anything which its caller may not have, as a whole and before any of it is begun. */
export function useScopes({ maxFirst, assumedAccounts }: Config['graph']): ServerPlugin {
  const settings = { maxFirst, accounts: assumedAccounts };

  function check(
    { schema, document, operationName, variableValues, contextValue }: Args,
    answer: (result: object) => void,
  ) {
    const operation = { document, operationName, variables: variableValues };
    const { caller } = contextValue;
    const missing = missingScopes(schema, operation, caller?.scopes ?? new Set(), settings);
    if (missing.length > 0) answer({ errors: [forbidden(missing, caller?.name)] });
  }

  return {
    onExecute: ({ args, setResultAndStopExecution }) => check(args, setResultAndStopExecution),
    onSubscribe: ({ args, setResultAndStopExecution }) => check(args, setResultAndStopExecution),
  };
}

interface Args extends Pick<ExecutionArgs, 'schema' | 'document' | 'operationName'> {
  readonly contextValue: OperationContext;
  readonly variableValues?: Readonly<Record<string, unknown>> | null | undefined;
}

function forbidden(missing: readonly Missing[], caller = 'nobody') {
  const scopes = [...new Set(missing.flatMap(({ scope }) => scope ?? []))];
  const fields = [...new Set(missing.map(({ path }) => path))].slice(0, 5);
  const selected = fields.map((field) => `"${field}"`).join(', ');
  const needs =
    scopes.length > 0
      ? `the scope${scopes.length > 1 ? 's' : ''} ${scopes.join(' and ')}`
      : 'a rule that nobody has made';
  return createGraphQLError(
    `${selected} needs ${needs}, which the caller "${caller}" does not have. Nothing was done.`,
    {
      extensions: { code: 'FORBIDDEN', missingScopes: scopes, fields, retryable: false, http: { status: 403 } },
    },
  );
}
